"""A member's own past jobs and their pictures: seen, found, kept, deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.catalogue import ModelKind
from bot.domain.history import (
    EVERYTHING,
    NEWEST,
    HistoryFilter,
    HistoryStore,
    Spot,
    may_show,
)
from bot.domain.ids import JobId, MessageId, UserId
from bot.domain.job import TERMINAL, Job
from bot.domain.outcome import EndReason
from bot.domain.ports import Attachment, PictureStore
from bot.errors import JobNotFound, NotAllowed, StorageError
from bot.loops import Loop
from bot.speech import _

PAGE_SIZE = 4
INDEX_SECONDS = 5.0
_LATELY = 25
"""How many jobs are looked through for what a member draws with."""


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Jobs, newest first, and whether there are others on either side."""

    jobs: Sequence[Job]
    has_older: bool = False
    has_newer: bool = False


UsedLately = Mapping[ModelKind, Sequence[str]]


class History:
    """Pages by key, so that depth costs nothing."""

    def __init__(self, *, store: HistoryStore, pictures: PictureStore) -> None:
        self._store = store
        self._pictures = pictures

    def loop(self) -> Loop:
        """Return the loop that makes new jobs ready to be searched, after they were answered."""
        return Loop("search index", self._store.index, interval_seconds=INDEX_SECONDS)

    async def page(
        self, user_id: UserId, wanted: HistoryFilter = EVERYTHING, spot: Spot = NEWEST
    ) -> HistoryPage:
        """Return the page that begins or ends at a spot; a full one as long as there is one."""
        jobs = await self._store.page(user_id, wanted, spot, limit=PAGE_SIZE + 1)
        if spot.after is not None:
            if len(jobs) > PAGE_SIZE:
                return HistoryPage(jobs[1:], has_older=True, has_newer=True)
            jobs = await self._store.page(user_id, wanted, limit=PAGE_SIZE + 1)
            spot = NEWEST
        has_newer = spot.start is not None and bool(
            await self._store.page(user_id, wanted, Spot(after=spot.start), limit=1)
        )
        return HistoryPage(jobs[:PAGE_SIZE], len(jobs) > PAGE_SIZE, has_newer)

    async def get(self, user_id: UserId, job_id: JobId) -> Job:
        """Return a job that the member's history shows.

        Raises:
            JobNotFound: it is somebody else's, or deleted, or never was.
        """
        return _found(await self._store.get(user_id, job_id))

    async def pictures(self, job: Job) -> Sequence[Attachment]:
        """Return the job's pictures that are still kept."""
        found: list[Attachment] = []
        for picture in await self._pictures.of_job(job.id):
            try:
                found.append(Attachment(picture, await self._pictures.read(picture.sha256)))
            except StorageError:
                continue
        return found

    async def shown_pictures(self, job: Job) -> Sequence[Attachment]:
        """Return those of them that may be shown to members."""
        return [each for each in await self.pictures(job) if may_show(job, each.picture)]

    async def toggle_favourite(self, user_id: UserId, job_id: JobId) -> Job:
        """Make a job a favourite, or no longer one.

        Raises:
            JobNotFound: the member has no such job.
        """
        job = await self.get(user_id, job_id)
        wanted = job.favourited_at_ms is None
        return _found(await self._store.favour(user_id, job_id, favourite=wanted))

    async def deletable(self, user_id: UserId, job_id: JobId) -> Job:
        """Return a job that the member may delete.

        Raises:
            JobNotFound: the member has no such job.
            NotAllowed: it has not ended.
        """
        job = await self.get(user_id, job_id)
        if job.status not in TERMINAL:
            raise NotAllowed(_("This one is not done yet. Cancel it, or wait until it is."))
        return job

    async def delete(self, user_id: UserId, job_id: JobId) -> Job:
        """Forget a job's pictures and take it out of the history; its ledger row stays.

        Raises:
            JobNotFound: the member has no such job.
            NotAllowed: it has not ended.
        """
        await self.deletable(user_id, job_id)
        await self._pictures.forget(job_id)
        return _found(await self._store.hide(user_id, job_id))

    async def used_lately(self, user_id: UserId) -> UsedLately:
        """Return what a member drew with of late, the last of each kind first."""
        jobs = await self._store.page(user_id, EVERYTHING, limit=_LATELY)
        requests = [j.request for j in jobs if j.end_reason is not EndReason.MODEL_NOT_FOUND]
        embeddings = (request.embeddings_model for request in requests)
        return {
            ModelKind.MODEL: _distinct(request.model_id for request in requests),
            ModelKind.LORA: _distinct(lora for request in requests for lora in request.lora_model),
            ModelKind.EMBEDDING: _distinct(each for each in embeddings if each),
        }

    async def messages_deleted(self, message_ids: Sequence[MessageId]) -> None:
        """Hear that messages are gone, whoever's they were."""
        await self._store.messages_deleted(message_ids)

    async def remember(self, filter_id: int, user_id: UserId, wanted: HistoryFilter) -> int:
        """Return the number by which a page's buttons know its filter; 0 where nothing is."""
        if wanted.is_empty:
            return 0
        await self._store.keep_filter(filter_id, user_id, wanted)
        return filter_id

    async def recall(self, filter_id: int, user_id: UserId) -> HistoryFilter:
        """Return what a page shows.

        Raises:
            JobNotFound: that is no longer known.
        """
        if not filter_id:
            return EVERYTHING
        wanted = await self._store.filter(filter_id, user_id)
        if wanted is None:
            raise JobNotFound(_("I no longer know what this page showed. Use `/history` again."))
        return wanted


def _distinct(ids: Iterable[str]) -> Sequence[str]:
    return tuple(dict.fromkeys(ids))


def _found(job: Job | None) -> Job:
    if job is None:
        raise JobNotFound(_("This is not in your history any more."))
    return job
