from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.crash.scene import Scene, running


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncGenerator[Scene]:
    """A running bot that has one job at the API at a time."""
    async with running(tmp_path) as opened:
        yield opened
