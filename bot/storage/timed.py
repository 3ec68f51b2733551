"""The database with a clock beside it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import TypeVar, cast

from bot.storage.database import Database
from bot.storage.group_commit import Work

T = TypeVar("T")

WriteListener = Callable[[float], None]
"""Hears how many seconds a transaction took, its wait for others included."""


class TimedDatabase(Database):
    """A Database that tells how long each transaction took."""

    _on_write: WriteListener

    @classmethod
    @contextlib.asynccontextmanager
    async def open_timed(cls, path: Path, on_write: WriteListener) -> AsyncGenerator[Database]:
        """Open as `Database.open` does."""
        async with cls.open(path) as opened:
            cast("TimedDatabase", opened)._on_write = on_write
            yield opened

    async def write(self, work: Work[T]) -> T:
        """Run one transaction as `Database` does."""
        begun = time.monotonic()
        try:
            return await super().write(work)
        finally:
            self._on_write(time.monotonic() - begun)
