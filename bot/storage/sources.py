"""The pictures that jobs start from, and their masks: bytes in files, everything else in rows."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

from bot.domain.clock import Clock
from bot.domain.ids import JobId, UserId
from bot.domain.job import Picture
from bot.domain.ports import PictureData
from bot.storage.database import Database
from bot.storage.kept_files import KeptFiles
from bot.storage.transaction import SqliteTransaction

KEEP = """
    INSERT INTO sources (
        job_id, position, user_id, sha256, media_type, width, height, size_bytes, kept_at_ms
    )
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (job_id, position) DO UPDATE SET
        sha256 = excluded.sha256, media_type = excluded.media_type, width = excluded.width,
        height = excluded.height, size_bytes = excluded.size_bytes
"""

# A file of the asker's own first: what others gave goes when they are erased.
HOLD = """
    INSERT INTO sources (
        job_id, position, user_id, sha256, media_type, width, height, size_bytes, kept_at_ms
    )
    SELECT $1, $2, user_id, sha256, media_type, width, height, size_bytes, $5
    FROM sources WHERE sha256 = $3
    ORDER BY user_id = $4 DESC, kept_at_ms DESC LIMIT 1
    ON CONFLICT (job_id, position) DO NOTHING
"""

IS_HELD = "SELECT 1 FROM sources WHERE job_id = $1 AND position = $2 AND sha256 = $3"

LET_GO = """
    DELETE FROM sources
    WHERE job_id = $1 AND NOT EXISTS (SELECT 1 FROM jobs WHERE id = $1)
    RETURNING sha256, media_type
"""

OF_JOB = """
    SELECT position, sha256, media_type, width, height, size_bytes
    FROM sources WHERE job_id = $1 ORDER BY position
"""


class SqliteSourceStore:
    """A SourceStore: rows in the database, files below the directory of all pictures."""

    def __init__(self, database: Database, directory: Path, clock: Clock) -> None:
        self._db = database
        self._files = KeptFiles(database, directory)
        self._clock = clock

    async def keep(
        self, job_id: JobId, position: int, picture: PictureData, giver: UserId
    ) -> Picture:
        """Store a picture durably for a job that may follow; again is harmless.

        Raises:
            StorageError: the disk or the database refused.
        """
        insert = functools.partial(_insert, job_id=job_id, giver=giver, now_ms=self._clock.now_ms())
        return await self._files.keep(position, picture, insert)

    async def hold(self, job_id: JobId, position: int, sha256: str, asker: UserId) -> bool:
        """Have a kept picture stay for another job; False where it is no longer kept."""
        now = self._clock.now_ms()

        def work(tx: SqliteTransaction) -> bool:
            tx.execute(HOLD, job_id, position, sha256, asker, now)
            return bool(tx.fetch_all(IS_HELD, job_id, position, sha256))

        return await self._db.write(work)

    async def let_go(self, job_id: JobId) -> None:
        """Forget what was kept for a job that did not come about.

        Raises:
            StorageError: the disk or the database refused; the sweep takes up what is left.
        """
        rows = await self._db.write(lambda tx: tx.fetch_all(LET_GO, job_id))
        await self._files.remove(rows)

    async def of_job(self, job_id: JobId) -> Sequence[Picture]:
        """Return what the job starts from: the picture, then its mask if it has one."""
        rows = await self._db.fetch_all(OF_JOB, job_id)
        return [Picture.model_validate(dict(row)) for row in rows]

    async def locate(self, picture: Picture) -> Path:
        """Return where the file of a picture lies; it may go at any moment."""
        return self._files.path(picture)

    async def read(self, sha256: str) -> bytes:
        """Return a picture's bytes.

        Raises:
            StorageError: the file is gone.
        """
        return await self._files.read(sha256)


def _insert(
    tx: SqliteTransaction, kept: Picture, job_id: JobId, giver: UserId, now_ms: int
) -> None:
    tx.execute(
        KEEP,
        job_id,
        kept.position,
        giver,
        kept.sha256,
        kept.media_type,
        kept.width,
        kept.height,
        kept.size_bytes,
        now_ms,
    )
