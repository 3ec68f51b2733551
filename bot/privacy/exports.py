"""Gathers everything kept about a member into ZIP files that can be sent.

At any moment one page of rows, one picture and one part are held, the part on the disk: what a
member has may be larger than the memory.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from io import BufferedRandom
from pathlib import Path

import structlog

from bot.domain.clock import Clock
from bot.domain.ids import JobId, UserId
from bot.domain.inscription import Inscription, inscription_of
from bot.domain.personal import PICTURES, SOURCES, Row, presented
from bot.domain.personal_ports import PersonalStore
from bot.domain.ports import JobStore, PictureStore
from bot.errors import NotAllowed, StorageError
from bot.privacy.archive import Archive, Entry
from bot.speech import _

log = structlog.stdlib.get_logger(__name__)

_PIECE_BYTES = 100 * 1024
"""What the JSON of one file in a part comes to."""

_ZIP_BYTES = 512
"""What a ZIP with one file in it takes besides that."""

AT_ONCE = 2
"""Exports under way; the next ones wait."""

_OF_FILES = frozenset({PICTURES, SOURCES})
"""The kinds whose rows have files, each in a folder of that name."""

Fit = Callable[[bytes, str, int, Inscription | None], tuple[bytes, str] | None]
"""Takes a picture, its type, how many bytes it may have, and what is to be written into it; returns
it so, smaller where needed, and its file's extension; None where that cannot be."""


@dataclass(frozen=True, slots=True)
class Part:
    """A ZIP that stands for itself; `number` counts from 1."""

    number: int
    file: BufferedRandom
    is_last: bool


class Exports:
    """Makes exports, one at a time for each member."""

    def __init__(
        self,
        *,
        store: PersonalStore,
        pictures: PictureStore,
        clock: Clock,
        folder: Path,
        jobs: JobStore,
        fit: Fit,
    ) -> None:
        self._store = store
        self._pictures = pictures
        self._clock = clock
        self._folder = folder
        self._jobs = jobs
        self._fit = fit
        self._under_way: set[UserId] = set()
        self._room = asyncio.Semaphore(AT_ONCE)

    async def parts(
        self, user_id: UserId, *, limit_bytes: int, readme: str
    ) -> AsyncGenerator[Part]:
        """Yield what is kept about a member; a part's file is closed when the next is asked for.

        Raises:
            NotAllowed: the member's last export is still under way.
        """
        if user_id in self._under_way:
            raise NotAllowed(
                _("Your export is being made already. Wait until its last part is here.")
            )
        self._under_way.add(user_id)
        try:
            async with self._room:
                entries = self._entries(user_id, limit_bytes - _ZIP_BYTES, readme)
                parts = self._packed(entries, limit_bytes)
                async with contextlib.aclosing(entries), contextlib.aclosing(parts):
                    async for part in parts:
                        yield part
        finally:
            self._under_way.discard(user_id)

    async def _packed(
        self, entries: AsyncIterator[Entry], limit_bytes: int
    ) -> AsyncGenerator[Part]:
        number = 1
        archive = await self._new_archive(limit_bytes)
        try:
            async for entry in entries:
                if await asyncio.to_thread(archive.add, entry):
                    continue
                yield Part(number, await asyncio.to_thread(archive.finish), is_last=False)
                archive.close()
                number += 1
                archive = await self._new_archive(limit_bytes)
                if not await asyncio.to_thread(archive.add, entry):
                    log.error("too large for an export", file=entry.name, bytes=len(entry.data))
            yield Part(number, await asyncio.to_thread(archive.finish), is_last=True)
        finally:
            archive.close()

    async def _new_archive(self, limit_bytes: int) -> Archive:
        moment = time.gmtime(self._clock.now_ms() / 1000)
        return await asyncio.to_thread(Archive, self._folder, limit_bytes, moment)

    async def _entries(self, user_id: UserId, room: int, readme: str) -> AsyncGenerator[Entry]:
        yield Entry("README.txt", readme.encode())
        numbers: Counter[str] = Counter()
        async for page in self._store.rows_of(user_id):
            rows = [*page.rows]
            if page.name in _OF_FILES:
                for n, row in enumerate(rows):
                    picture = await self._picture(page.name, row, room)
                    rows[n] = {**row, "file": picture.name if picture else None}
                    if picture is not None:
                        yield picture
            for piece in await asyncio.to_thread(_pieces, rows):
                numbers[page.name] += 1
                yield Entry(f"{page.name}-{numbers[page.name]:03}.json", piece)

    async def _picture(self, folder: str, row: Row, room: int) -> Entry | None:
        """Return a picture's file, a smaller one where it would not fit; None where it is gone.

        None, too, where it is broken, and too large as it is.
        """
        position = int(row["position"] or 0)
        try:
            data = await self._pictures.read(str(row["sha256"]))
        except StorageError:
            return None
        job_id = JobId(int(row["job_id"] or 0))
        words = await self._inscription(job_id, position) if folder == PICTURES else None
        fit = await asyncio.to_thread(self._fit, data, str(row["media_type"]), room, words)
        if fit is None:
            log.error("too large for an export", picture=row["sha256"], bytes=len(data))
            return None
        fitting, extension = fit
        smaller = "-smaller" if len(data) > room else ""
        name = f"{folder}/{row['job_id']}-{position + 1}{smaller}.{extension}"
        return Entry(name, fitting, packed=True)

    async def _inscription(self, job_id: JobId, position: int) -> Inscription | None:
        with contextlib.suppress(StorageError):
            job = await self._jobs.get(job_id)
            return inscription_of(job, position) if job else None
        return None


def _pieces(rows: Sequence[Row]) -> list[bytes]:
    """Write rows as JSON lists of a moderate size each."""
    pieces: list[list[str]] = [[]]
    size = 0
    for row in rows:
        text = json.dumps(presented(row), ensure_ascii=False, indent=1)
        if size > _PIECE_BYTES:
            pieces.append([])
            size = 0
        pieces[-1].append(text)
        size += len(text)
    # Half a surrogate pair, which UTF-8 does not have, becomes the escape that JSON has for it.
    return [f"[{','.join(each)}]\n".encode(errors="backslashreplace") for each in pieces]
