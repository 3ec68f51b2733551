"""Our own copies of pictures: bytes in files, everything else in rows.

A row never names a missing file: a file is there before its row is committed, and is removed only
between transactions, once no committed row names it.
"""

from __future__ import annotations

import asyncio
import functools
import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import ParamSpec, TypeVar

from bot.domain.clock import Clock
from bot.domain.ids import JobId
from bot.domain.job import Picture
from bot.domain.ports import PictureData
from bot.errors import StorageError
from bot.storage.database import Database
from bot.storage.faults import storage_error
from bot.storage.picture_files import PictureFiles, file_name
from bot.storage.transaction import Row, SqliteTransaction

P = ParamSpec("P")
T = TypeVar("T")

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

TYPES_OF_FILE = "SELECT DISTINCT media_type FROM pictures WHERE sha256 = $1"

IN_FOLDER = """
    SELECT DISTINCT sha256, media_type FROM pictures WHERE sha256 >= $1 AND sha256 < $2
"""

FORGET_JOB = "DELETE FROM pictures WHERE job_id = $1 RETURNING sha256, media_type"

FORGET_OLD = "DELETE FROM pictures WHERE kept_at_ms < $1"

PAST_THE_TOTAL = """
    SELECT sha256, newest_ms FROM (
        SELECT sha256, newest_ms, sum(size_bytes) OVER (ORDER BY newest_ms DESC, sha256) AS running
        FROM (
            SELECT sha256, max(kept_at_ms) AS newest_ms, max(size_bytes) AS size_bytes
            FROM pictures GROUP BY sha256
        ) AS files
    ) AS newest_first
    WHERE running > $1
"""

FORGET_FILE = "DELETE FROM pictures WHERE sha256 = $1 AND kept_at_ms <= $2"

_KEEP_TRIES = 3
_CHUNK = 100
"""Files looked at in one hop, so that writers never wait long for a sweep."""


class SqlitePictureStore:
    """A PictureStore: rows in the database, files below a directory."""

    def __init__(self, database: Database, directory: Path, clock: Clock) -> None:
        self._db = database
        self._files = PictureFiles(directory)
        self._clock = clock

    async def keep(self, job_id: JobId, position: int, picture: PictureData) -> Picture:
        """Store a picture durably and name it in the job's record; again is harmless.

        Raises:
            StorageError: the disk or the database refused, or there is no such job.
        """
        sha256 = await _in_thread(_sha256, picture.data)
        kept = Picture(
            position=position,
            sha256=sha256,
            media_type=picture.media_type,
            width=picture.width,
            height=picture.height,
            size_bytes=len(picture.data),
            blank=picture.blank,
        )
        name = file_name(sha256, picture.media_type)
        row = functools.partial(self._insert, job_id=job_id, kept=kept, name=name)
        for _ in range(_KEEP_TRIES):
            await _in_thread(self._files.write, name, picture.data)
            if await self._db.write(row):
                return kept
        raise StorageError("A picture's file vanishes as soon as it is written.")

    async def of_job(self, job_id: JobId) -> Sequence[Picture]:
        """Return the job's pictures in order."""
        return [_picture_of(row) for row in await self._db.fetch_all(OF_JOB, job_id)]

    async def read(self, sha256: str) -> bytes:
        """Return a picture's bytes.

        Raises:
            StorageError: the file is gone.
        """
        rows = await self._db.fetch_all(TYPES_OF_FILE, sha256)
        if not rows:
            raise StorageError("This picture is no longer kept.")
        path = self._files.path(file_name(sha256, rows[0]["media_type"]))
        return await _in_thread(path.read_bytes)

    async def forget(self, job_id: JobId) -> None:
        """Forget a job's pictures; a file goes when the last row that names it goes.

        Raises:
            StorageError: the disk or the database refused; the sweep takes up what is left.
        """
        rows = await self._db.write(functools.partial(_forget_job, job_id=job_id))
        await self._remove([file_name(row["sha256"], row["media_type"]) for row in rows])

    async def sweep(self, *, older_than_ms: int, keep_total_bytes: int) -> int:
        """Forget pictures past their age, then the oldest past the total; return bytes freed.

        Files left behind by a process that was killed go too.
        """
        await self._db.write(lambda tx: tx.execute(FORGET_OLD, older_than_ms))
        excess = await self._db.fetch_all(PAST_THE_TOTAL, keep_total_bytes)
        for rows in _chunks(excess):
            await self._db.write(functools.partial(_forget_files, rows=rows))
        freed = 0
        for folder in await _in_thread(self._files.folders):
            for names in _chunks(await self._unnamed(folder)):
                freed += await self._remove(names)
        return freed

    def _insert(self, tx: SqliteTransaction, job_id: JobId, kept: Picture, name: str) -> bool:
        """Insert the row if the file is still there: a sweep may just have removed it."""
        if not self._files.holds(name, kept.size_bytes):
            return False
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
            self._clock.now_ms(),
        )
        return True

    async def _unnamed(self, folder: str) -> list[str]:
        """Return the folder's files that no row names."""
        there = await _in_thread(self._files.names, folder)
        rows = await self._db.fetch_all(IN_FOLDER, folder, f"{folder}g")
        named = {file_name(*row) for row in rows}
        return [name for name in there if name not in named]

    async def _remove(self, names: Sequence[str]) -> int:
        try:
            return await self._db.between_writes(
                functools.partial(_remove_unnamed, files=self._files, names=names)
            )
        except OSError as error:
            raise storage_error(error) from error


def _forget_job(tx: SqliteTransaction, job_id: JobId) -> list[Row]:
    return tx.fetch_all(FORGET_JOB, job_id)


def _forget_files(tx: SqliteTransaction, rows: Iterable[Row]) -> None:
    for row in rows:
        tx.execute(FORGET_FILE, row["sha256"], row["newest_ms"])


def _remove_unnamed(tx: SqliteTransaction, files: PictureFiles, names: Iterable[str]) -> int:
    """Remove files that no committed row names; no row can come to name one meanwhile."""
    freed = 0
    for name in names:
        sha256 = name.partition(".")[0]
        rows = tx.fetch_all(TYPES_OF_FILE, sha256)
        if name not in {file_name(sha256, row["media_type"]) for row in rows}:
            freed += files.remove(name)
    return freed


def _picture_of(row: Row) -> Picture:
    return Picture.model_validate(dict(row))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _chunks(items: Sequence[T]) -> Iterable[Sequence[T]]:
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))


async def _in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return await asyncio.to_thread(function, *args, **kwargs)
    except FileNotFoundError as error:
        raise StorageError("The picture's file is gone.") from error
    except OSError as error:
        raise storage_error(error) from error
