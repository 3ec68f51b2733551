"""Brings changes from the write-ahead log into the file, beside the writer.

Left to itself, SQLite does that in the commit that finds 1000 pages in the log, whose caller waits
for it and for the disk. On a connection of its own it hinders neither writers nor readers
(sqlite.org/wal.html, 2.2), where SQLite is new enough for that; else the writer does it while
nobody waits.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable

import structlog

log = structlog.stdlib.get_logger(__name__)

GROUPS_APART = 8
"""Committed groups after which changes are brought in, some pages of the file each."""


_MENDED = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
"""The first releases, each of its series, that may checkpoint beside a connection that commits."""


def may_run_beside(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> bool:
    """Tell whether SQLite keeps every commit when another connection checkpoints meanwhile.

    Before, the log could be begun anew in the wrong moment (sqlite.org/wal.html, "WAL-reset bug").
    """
    return version >= _MENDED[0] or any(
        version[:2] == mended[:2] and version >= mended for mended in _MENDED
    )


class Checkpoints:
    """Decides when changes are brought in; whoever opens the database runs `serve`."""

    def __init__(self, bring_in: Callable[[], Awaitable[None]]) -> None:
        self._bring_in = bring_in
        self._groups = 0
        self._due = asyncio.Event()
        self.one_at_a_time = asyncio.Lock()

    def note_commit(self, *, others_wait: bool) -> None:
        """Count a committed group; while others wait to commit, no checkpoint begins."""
        self._groups += 1
        if self._groups >= GROUPS_APART and not others_wait:
            self._due.set()

    async def serve(self) -> None:
        """Bring changes in whenever enough was committed, until cancelled."""
        while True:
            await self._due.wait()
            await self.bring_in()

    async def bring_in(self) -> None:
        """Bring in what is committed by now; what fails of it is done by a later commit."""
        self._due.clear()
        self._groups = 0
        async with self.one_at_a_time:
            try:
                await self._bring_in()
            except sqlite3.Error as error:
                log.warning("changes not brought into the database file", reason=str(error))
