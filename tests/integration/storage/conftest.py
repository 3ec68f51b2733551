"""A database on a real file."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.storage.database import Database
from bot.storage.jobs import SqliteJobStore
from tests.fakes.clock import FakeClock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "imagine.db"


@pytest.fixture
async def database(path: Path) -> AsyncGenerator[Database]:
    async with Database.open(path) as opened:
        yield opened


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def jobs(database: Database, clock: FakeClock) -> SqliteJobStore:
    return SqliteJobStore(database, clock)
