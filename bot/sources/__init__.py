"""The pictures that requests start from: taken, made fit, kept, and found again."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from typing import ParamSpec, TypeVar

from bot.domain.history import may_show
from bot.domain.ids import JobId, UserId
from bot.domain.job import Job, Picture
from bot.domain.mask_area import MaskArea
from bot.domain.member_ports import SourceStore
from bot.domain.ports import PictureData, PictureStore
from bot.domain.request import GenerationRequest
from bot.domain.size import Size, within_limits
from bot.domain.start import MASK, PICTURE, Start
from bot.errors import JobNotFound, StorageError, UserError
from bot.sources import words
from bot.sources.masks import draw_mask
from bot.sources.preparing import prepare, prepare_mask
from bot.speech import _

AT_ONCE = 1
"""Pictures being decoded: the largest takes a second, and 300 megabytes meanwhile."""

MOST_COMING = 8
"""Pictures being fetched, each up to 25 MB; the next ones wait."""

TAKEN_TYPES = frozenset({"image/png", "image/jpeg"})
"""What the image API takes (contract, section 1)."""

P = ParamSpec("P")
T = TypeVar("T")


class Sources:
    """Keeps what a job may start from under the id of the interaction that brought it."""

    def __init__(self, *, store: SourceStore, pictures: PictureStore) -> None:
        self._store = store
        self._pictures = pictures
        self._room = asyncio.Semaphore(AT_ONCE)
        self.doorway = asyncio.Semaphore(MOST_COMING)
        """Held by whoever fetches a picture until it is taken."""
        self._coming: dict[int, asyncio.Event] = {}

    @contextlib.asynccontextmanager
    async def coming(self, form_id: int) -> AsyncGenerator[None]:
        """Have whoever sends a form wait for the picture that it is about, while this lasts."""
        arrived = self._coming[form_id] = asyncio.Event()
        try:
            yield
        finally:
            del self._coming[form_id]
            arrived.set()

    def arrival(self, form_id: int) -> asyncio.Event | None:
        """Return what is set once a form's picture is here; None where none is on its way."""
        return self._coming.get(form_id)

    async def take(
        self, job_id: JobId, giver: UserId, data: bytes, *, see_through: bool = False
    ) -> Start:
        """Keep a picture; with `see_through`, the parts of it that are so become its mask.

        Raises:
            InvalidRequest: it is none that can be used.
        """
        prepared = await self._in_thread(prepare, data)
        start = Start(await self._store.keep(job_id, PICTURE, prepared.picture, giver))
        if not see_through or prepared.mask is None:
            return start
        return await self._with_mask(start, job_id, giver, prepared.mask)

    async def mask(self, start: Start, job_id: JobId, giver: UserId, data: bytes) -> Start:
        """Put a mask over a picture.

        Raises:
            InvalidRequest: it is no picture, or keeps everything.
        """
        mask = await self._in_thread(prepare_mask, data, _size(start))
        return await self._with_mask(start, job_id, giver, mask)

    async def cover(self, start: Start, job_id: JobId, giver: UserId, part: MaskArea) -> Start:
        """Put a simple mask over a picture."""
        mask = await self._in_thread(draw_mask, part, _size(start))
        return await self._with_mask(start, job_id, giver, mask)

    async def given(self, job_id: JobId) -> Start:
        """Return what an interaction brought.

        Raises:
            JobNotFound: it is no longer kept.
        """
        kept: dict[int, Picture] = {p.position: p for p in await self._store.of_job(job_id)}
        if PICTURE not in kept:
            raise JobNotFound(_(words.GONE))
        return Start(kept[PICTURE], kept.get(MASK))

    async def picture_of(self, job: Job, position: int) -> PictureData | None:
        """Return a job's finished picture; None where it is no longer kept, or not to be shown."""
        kept = await self._pictures.of_job(job.id)
        picture = next((each for each in kept if each.position == position), None)
        if picture is None or not may_show(job, picture):
            return None
        try:
            data = await self._pictures.read(picture.sha256)
        except StorageError:
            return None
        return PictureData(data, picture.media_type, picture.width, picture.height)

    async def from_picture(self, job_id: JobId, job: Job, position: int) -> Start | None:
        """Keep a job's finished picture as another's start; None as for `picture_of`.

        What we drew is fit as it is, nearly always, and then is at hand at once.
        """
        picture = await self.picture_of(job, position)
        if picture is None:
            return None
        size = Size(picture.width, picture.height)
        if picture.media_type not in TAKEN_TYPES or within_limits(size) != size:
            return await self.take(job_id, job.origin.user_id, picture.data)
        return Start(await self._store.keep(job_id, PICTURE, picture, job.origin.user_id))

    @contextlib.asynccontextmanager
    async def held(
        self, job_id: JobId, asker: UserId, request: GenerationRequest
    ) -> AsyncGenerator[None]:
        """Keep what a request starts from for the job that it becomes within the context.

        Where that is refused, nothing is kept under the job's id; a form's copy stays for the next
        try.

        Raises:
            JobNotFound: it is no longer kept.
        """
        try:
            await self._hold(job_id, asker, request)
            yield
        except UserError:
            if request.init_image is not None:
                await self._store.let_go(job_id)
            raise

    async def _hold(self, job_id: JobId, asker: UserId, request: GenerationRequest) -> None:
        starts = {PICTURE: request.init_image, MASK: request.mask_image}
        for position, sha256 in starts.items():
            held = sha256 is None or await self._store.hold(job_id, position, sha256, asker)
            if not held:
                raise JobNotFound(_(words.GONE))

    async def _with_mask(
        self, start: Start, job_id: JobId, giver: UserId, mask: PictureData
    ) -> Start:
        return Start(start.picture, await self._store.keep(job_id, MASK, mask, giver))

    async def _in_thread(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        async with self._room:
            return await asyncio.to_thread(function, *args, **kwargs)


def _size(start: Start) -> Size:
    return Size(start.picture.width, start.picture.height)
