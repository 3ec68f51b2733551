"""A backup a day while the bot runs, of which the newest are kept."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path

import structlog

from bot.domain.clock import Clock
from bot.loops import Loop
from bot.storage.backup import backup

log = structlog.stdlib.get_logger(__name__)

LOOK_SECONDS = 600.0
"""How often it looks whether today's is there: so a failed one is tried again, too."""

_NAME = re.compile(r"imagine-\d{4}-\d\d-\d\d\.db")
_UNFINISHED = re.compile(rf"{_NAME.pattern}\.\d+\.part(-journal)?")


class DailyBackup:
    """Copies the database into a folder, once a day of UTC."""

    def __init__(self, *, database: Path, folder: Path, keep: int, clock: Clock) -> None:
        self._database = database
        self._folder = folder
        self._keep = keep
        self._clock = clock

    def loop(self) -> Loop:
        """Return what makes them for as long as the program runs."""
        return Loop("daily backup", self.make, interval_seconds=LOOK_SECONDS)

    async def make(self) -> None:
        """Make today's unless it is there, and only then forget the oldest.

        Raises:
            StorageError: it was not made; all that were there are there still.
        """
        today = datetime.fromtimestamp(self._clock.now_ms() / 1000, UTC).date()
        target = self._folder / f"imagine-{today.isoformat()}.db"
        if await asyncio.to_thread(self._is_there, target):
            return
        await asyncio.to_thread(self._forget_unfinished)
        await backup(self._database, target)
        log.info("backup made", file=str(target), size_bytes=target.stat().st_size)
        await asyncio.to_thread(self._forget_oldest)

    def _is_there(self, target: Path) -> bool:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return target.exists()

    def _forget_unfinished(self) -> None:
        """Remove what processes left behind that were killed in the middle of a copy."""
        for file in list(self._folder.iterdir()):
            if _UNFINISHED.fullmatch(file.name):
                file.unlink(missing_ok=True)

    def _forget_oldest(self) -> None:
        for old in backups_in(self._folder)[: -self._keep]:
            old.unlink()


def backups_in(folder: Path) -> list[Path]:
    """Return the daily backups, oldest first; other files of the folder are not looked at."""
    if not folder.is_dir():
        return []
    return sorted(file for file in folder.iterdir() if _NAME.fullmatch(file.name))
