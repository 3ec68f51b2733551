"""Files that rows name, of which no more than one holds the same bytes.

A row never names a missing file: a file is there before its row is committed, and is removed only
between transactions, once no committed row names it. Two tables name files: finished pictures, and
pictures that jobs start from.
"""

from __future__ import annotations

import asyncio
import functools
import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import ParamSpec, TypeVar

from bot.domain.job import Picture
from bot.domain.ports import PictureData
from bot.errors import StorageError
from bot.storage.database import Database
from bot.storage.faults import storage_error
from bot.storage.picture_files import PictureFiles, file_name
from bot.storage.transaction import Row, SqliteTransaction

P = ParamSpec("P")
T = TypeVar("T")

TYPES_OF_FILE = """
    SELECT DISTINCT media_type FROM pictures WHERE sha256 = $1
    UNION ALL
    SELECT DISTINCT media_type FROM sources WHERE sha256 = $1
"""

IN_FOLDER = """
    SELECT DISTINCT sha256, media_type FROM pictures WHERE sha256 >= $1 AND sha256 < $2
    UNION ALL
    SELECT DISTINCT sha256, media_type FROM sources WHERE sha256 >= $1 AND sha256 < $2
"""

# A file that both tables name counts twice, which is rare: what jobs start from is encoded anew.
BYTES_IN_FOLDER = """
    SELECT coalesce(sum(size_bytes), 0) AS total FROM (
        SELECT max(size_bytes) AS size_bytes FROM pictures
        WHERE sha256 >= $1 AND sha256 < $2 GROUP BY sha256
        UNION ALL
        SELECT max(size_bytes) AS size_bytes FROM sources
        WHERE sha256 >= $1 AND sha256 < $2 GROUP BY sha256
    ) AS files
"""

_KEEP_TRIES = 3
_CHUNK = 10
"""Files dealt with in one hop, so that nobody waits long for a sweep."""

_FOLDERS = tuple(f"{number:02x}" for number in range(256))


class KeptFiles:
    """Writes files before their rows, and removes them after the last one."""

    def __init__(self, database: Database, directory: Path) -> None:
        self._db = database
        self._files = PictureFiles(directory)

    async def keep(
        self,
        position: int,
        picture: PictureData,
        insert: Callable[[SqliteTransaction, Picture], object],
    ) -> Picture:
        """Store a picture's bytes durably, and its row by `insert`.

        Raises:
            StorageError: the disk or the database refused.
        """
        for _ in range(_KEEP_TRIES):
            kept = await in_thread(self._write, position, picture)
            if await self._db.write(functools.partial(self._name, kept=kept, insert=insert)):
                return kept
        raise StorageError("A picture's file vanishes as soon as it is written.")

    def _write(self, position: int, picture: PictureData) -> Picture:
        kept = Picture(
            position=position,
            sha256=hashlib.sha256(picture.data).hexdigest(),
            media_type=picture.media_type,
            width=picture.width,
            height=picture.height,
            size_bytes=len(picture.data),
            blank=picture.blank,
        )
        self._files.write(file_name(kept.sha256, kept.media_type), picture.data)
        return kept

    def _name(
        self,
        tx: SqliteTransaction,
        kept: Picture,
        insert: Callable[[SqliteTransaction, Picture], object],
    ) -> bool:
        """Insert the row if the file is still there: a sweep may just have removed it."""
        if not self._files.holds(file_name(kept.sha256, kept.media_type), kept.size_bytes):
            return False
        insert(tx, kept)
        return True

    def path(self, picture: Picture) -> Path:
        """Return where the file of a picture lies; it may go at any moment."""
        return self._files.path(file_name(picture.sha256, picture.media_type))

    async def read(self, sha256: str) -> bytes:
        """Return a file's bytes.

        Raises:
            StorageError: it is gone.
        """
        rows = await self._db.fetch_all(TYPES_OF_FILE, sha256)
        if not rows:
            raise StorageError("This picture is no longer kept.")
        path = self._files.path(file_name(sha256, rows[0]["media_type"]))
        return await in_thread(path.read_bytes)

    async def total_bytes(self) -> int:
        """Add up the files, a folder at a time, so that other reads come in between."""
        total = 0
        for folder in _FOLDERS:
            rows = await self._db.fetch_all(BYTES_IN_FOLDER, folder, f"{folder}g")
            total += rows[0]["total"]
        return total

    async def remove_unnamed(self) -> int:
        """Remove the files that no row names any more; return bytes freed.

        Among them are those left behind by a process that was killed.
        """
        freed = 0
        for folder in await in_thread(self._files.folders):
            for names in _chunks(await self._unnamed(folder)):
                freed += await self._remove(names)
        return freed

    async def remove(self, rows: Iterable[Row]) -> int:
        """Remove the files of deleted rows, unless others name them; return bytes freed."""
        return await self._remove([file_name(row["sha256"], row["media_type"]) for row in rows])

    async def _unnamed(self, folder: str) -> list[str]:
        """Return the folder's files that no row names."""
        there = await in_thread(self._files.names, folder)
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


def _remove_unnamed(tx: SqliteTransaction, files: PictureFiles, names: Iterable[str]) -> int:
    """Remove files that no committed row names; no row can come to name one meanwhile."""
    freed = 0
    for name in names:
        sha256 = name.partition(".")[0]
        rows = tx.fetch_all(TYPES_OF_FILE, sha256)
        if name not in {file_name(sha256, row["media_type"]) for row in rows}:
            freed += files.remove(name)
    return freed


def _chunks(items: Sequence[T]) -> Iterable[Sequence[T]]:
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call what works on files where nobody waits for it.

    Raises:
        StorageError: the file is gone, or the disk refused.
    """
    try:
        return await asyncio.to_thread(function, *args, **kwargs)
    except FileNotFoundError as error:
        raise StorageError("The picture's file is gone.") from error
    except OSError as error:
        raise storage_error(error) from error
