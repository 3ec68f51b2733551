"""Our own copies of finished pictures: bytes in files, everything else in rows."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.domain.clock import Clock
from bot.domain.ids import JobId
from bot.domain.job import Picture
from bot.domain.ports import PictureData
from bot.storage.database import Database
from bot.storage.kept_files import KeptFiles
from bot.storage.transaction import Row, SqliteTransaction

KEEP = """
    INSERT INTO pictures (
        job_id, position, sha256, media_type, width, height, size_bytes, blank, kept_at_ms
    )
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (job_id, position) DO UPDATE SET
        sha256 = excluded.sha256, media_type = excluded.media_type, width = excluded.width,
        height = excluded.height, size_bytes = excluded.size_bytes, blank = excluded.blank
"""

OF_JOB = "SELECT * FROM pictures WHERE job_id = $1 ORDER BY position"

FORGET_OLD = """
    DELETE FROM pictures WHERE (job_id, position) IN (
        SELECT job_id, position FROM pictures WHERE kept_at_ms < $1 ORDER BY kept_at_ms LIMIT $2
    )
"""

# What an unfinished job starts from stays, however old.
FORGET_OLD_SOURCES = """
    DELETE FROM sources WHERE (job_id, position) IN (
        SELECT job_id, position FROM sources
        WHERE kept_at_ms < $1 AND NOT EXISTS (
            SELECT 1 FROM jobs WHERE id = sources.job_id AND finished_at_ms IS NULL
        )
        ORDER BY kept_at_ms LIMIT $2
    )
"""

OLDEST = """
    SELECT kept_at_ms, job_id, position, sha256, size_bytes FROM pictures
    WHERE (kept_at_ms, job_id, position) > ($1, $2, $3)
    UNION ALL
    SELECT kept_at_ms, job_id, position, sha256, size_bytes FROM sources
    WHERE (kept_at_ms, job_id, position) > ($1, $2, $3)
    ORDER BY kept_at_ms, job_id, position LIMIT $4
"""

# A file is as young as the newest job that has it.
FORGET_FILE = """
    DELETE FROM pictures WHERE sha256 = $1
        AND NOT EXISTS (SELECT 1 FROM pictures WHERE sha256 = $1 AND kept_at_ms > $2)
"""

FORGET_SOURCE_FILE = """
    DELETE FROM sources WHERE sha256 = $1
        AND NOT EXISTS (SELECT 1 FROM sources WHERE sha256 = $1 AND kept_at_ms > $2)
        AND NOT EXISTS (
            SELECT 1 FROM sources AS used JOIN jobs ON jobs.id = used.job_id
            WHERE used.sha256 = $1 AND jobs.finished_at_ms IS NULL
        )
"""

FORGET_JOB = "DELETE FROM pictures WHERE job_id = $1 RETURNING sha256, media_type"

# The same picture is also kept under the id of the form that brought it, which is no job's.
FORGET_SOURCES = """
    DELETE FROM sources WHERE job_id = $1 OR (
        (sha256, user_id) IN (SELECT sha256, user_id FROM sources WHERE job_id = $1)
        AND NOT EXISTS (SELECT 1 FROM jobs WHERE id = sources.job_id)
    )
    RETURNING sha256, media_type
"""

_CHUNK = 10
"""Rows dealt with in one hop, so that nobody waits long for a sweep."""


class SqlitePictureStore:
    """A PictureStore: rows in the database, files below a directory."""

    def __init__(self, database: Database, directory: Path, clock: Clock) -> None:
        self._db = database
        self._files = KeptFiles(database, directory)
        self._clock = clock

    async def keep(self, job_id: JobId, position: int, picture: PictureData) -> Picture:
        """Store a picture durably and name it in the job's record; again is harmless.

        Raises:
            StorageError: the disk or the database refused, or there is no such job.
        """
        insert = functools.partial(_insert, job_id=job_id, now_ms=self._clock.now_ms())
        return await self._files.keep(position, picture, insert)

    async def of_job(self, job_id: JobId) -> Sequence[Picture]:
        """Return the job's pictures in order."""
        return [_picture_of(row) for row in await self._db.fetch_all(OF_JOB, job_id)]

    async def locate(self, picture: Picture) -> Path:
        """Return where the file of a picture lies; it may go at any moment."""
        return self._files.path(picture)

    async def read(self, sha256: str) -> bytes:
        """Return a picture's bytes.

        Raises:
            StorageError: the file is gone.
        """
        return await self._files.read(sha256)

    async def forget(self, job_id: JobId) -> None:
        """Forget a job's pictures, and what it started from.

        A file goes when the last row that names it goes.

        Raises:
            StorageError: the disk or the database refused; the sweep takes up what is left.
        """
        await self._files.remove(
            await self._db.write(functools.partial(_forget_job, job_id=job_id))
        )

    async def sweep(self, *, older_than_ms: int, keep_total_bytes: int) -> int:
        """Forget pictures past their age, then the oldest past the total; return bytes freed."""
        for forget in (FORGET_OLD, FORGET_OLD_SOURCES):
            await self._forget_old(forget, older_than_ms)
        await self._forget_excess(await self._files.total_bytes() - keep_total_bytes)
        return await self.remove_unnamed()

    async def remove_unnamed(self) -> int:
        """Remove the files that no job names any more; return bytes freed."""
        return await self._files.remove_unnamed()

    async def _forget_old(self, forget: str, older_than_ms: int) -> None:
        forgotten = _CHUNK
        while forgotten == _CHUNK:
            forgotten = await self._db.write(lambda tx: tx.execute(forget, older_than_ms, _CHUNK))

    async def _forget_excess(self, excess: int) -> None:
        """Forget the oldest files until so many bytes are free."""
        spot = (-1, -1, -1)
        while excess > 0:
            rows = await self._db.fetch_all(OLDEST, *spot, _CHUNK)
            if not rows:
                return
            spot = tuple(rows[-1])[:3]
            excess -= await self._db.write(
                functools.partial(_forget_files, rows=rows, excess=excess)
            )


def _insert(tx: SqliteTransaction, kept: Picture, job_id: JobId, now_ms: int) -> None:
    tx.execute(
        KEEP,
        job_id,
        kept.position,
        kept.sha256,
        kept.media_type,
        kept.width,
        kept.height,
        kept.size_bytes,
        kept.blank,
        now_ms,
    )


def _forget_job(tx: SqliteTransaction, job_id: JobId) -> list[Row]:
    return [*tx.fetch_all(FORGET_JOB, job_id), *tx.fetch_all(FORGET_SOURCES, job_id)]


def _forget_files(tx: SqliteTransaction, rows: Iterable[Row], excess: int) -> int:
    freed = 0
    for row in rows:
        if freed < excess and _forget_file(tx, row):
            freed += row["size_bytes"]
    return freed


def _forget_file(tx: SqliteTransaction, row: Row) -> int:
    named = (row["sha256"], row["kept_at_ms"])
    return tx.execute(FORGET_FILE, *named) + tx.execute(FORGET_SOURCE_FILE, *named)


def _picture_of(row: Row) -> Picture:
    return Picture.model_validate(dict(row))
