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

FORGET_OLD = """
    DELETE FROM pictures WHERE (job_id, position) IN (
        SELECT job_id, position FROM pictures WHERE kept_at_ms < $1 ORDER BY kept_at_ms LIMIT $2
    )
"""

BYTES_IN_FOLDER = """
    SELECT coalesce(sum(size_bytes), 0) AS total FROM (
        SELECT max(size_bytes) AS size_bytes FROM pictures
        WHERE sha256 >= $1 AND sha256 < $2 GROUP BY sha256
    ) AS files
"""

OLDEST = """
    SELECT kept_at_ms, job_id, position, sha256, size_bytes FROM pictures
    WHERE (kept_at_ms, job_id, position) > ($1, $2, $3)
    ORDER BY kept_at_ms, job_id, position LIMIT $4
"""

# A file is as young as the newest job that has it.
FORGET_FILE = """
    DELETE FROM pictures WHERE sha256 = $1
        AND NOT EXISTS (SELECT 1 FROM pictures WHERE sha256 = $1 AND kept_at_ms > $2)
"""

FORGET_JOB = "DELETE FROM pictures WHERE job_id = $1 RETURNING sha256, media_type"

_KEEP_TRIES = 3
_CHUNK = 10
"""Rows and files dealt with in one hop, so that nobody waits long for a sweep."""

_FOLDERS = tuple(f"{number:02x}" for number in range(256))


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

    async def locate(self, picture: Picture) -> Path:
        """Return where the file of a picture lies; it may go at any moment."""
        return self._files.path(file_name(picture.sha256, picture.media_type))

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
        """Forget pictures past their age, then the oldest past the total; return bytes freed."""
        await self._forget_old(older_than_ms)
        await self._forget_excess(await self._total_bytes() - keep_total_bytes)
        return await self.remove_unnamed()

    async def remove_unnamed(self) -> int:
        """Remove the files that no job names any more; return bytes freed.

        Among them are those left behind by a process that was killed.
        """
        freed = 0
        for folder in await _in_thread(self._files.folders):
            for names in _chunks(await self._unnamed(folder)):
                freed += await self._remove(names)
        return freed

    async def _forget_old(self, older_than_ms: int) -> None:
        forgotten = _CHUNK
        while forgotten == _CHUNK:
            forgotten = await self._db.write(
                lambda tx: tx.execute(FORGET_OLD, older_than_ms, _CHUNK)
            )

    async def _total_bytes(self) -> int:
        """Add up the files, a folder at a time, so that other reads come in between."""
        total = 0
        for folder in _FOLDERS:
            rows = await self._db.fetch_all(BYTES_IN_FOLDER, folder, f"{folder}g")
            total += rows[0]["total"]
        return total

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


def _forget_files(tx: SqliteTransaction, rows: Iterable[Row], excess: int) -> int:
    freed = 0
    for row in rows:
        if freed < excess and tx.execute(FORGET_FILE, row["sha256"], row["kept_at_ms"]):
            freed += row["size_bytes"]
    return freed


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
