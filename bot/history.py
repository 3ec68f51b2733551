"""A member's own past jobs and their pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.ids import JobId, UserId
from bot.domain.job import Job
from bot.domain.ports import Attachment, JobStore, PictureStore
from bot.errors import StorageError

PAGE_SIZE = 5


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Jobs, newest first, and whether older ones follow."""

    jobs: Sequence[Job]
    has_older: bool


class History:
    """Pages by key, so that depth costs nothing."""

    def __init__(self, *, jobs: JobStore, pictures: PictureStore) -> None:
        self._jobs = jobs
        self._pictures = pictures

    async def page(self, user_id: UserId, *, before: JobId | None = None) -> HistoryPage:
        """Return the page of jobs older than `before`, or the newest."""
        jobs = await self._jobs.of_user(user_id, before=before, limit=PAGE_SIZE + 1)
        return HistoryPage(jobs[:PAGE_SIZE], len(jobs) > PAGE_SIZE)

    async def pictures(self, job: Job) -> Sequence[Attachment]:
        """Return the job's pictures that are still kept."""
        found: list[Attachment] = []
        for picture in await self._pictures.of_job(job.id):
            try:
                found.append(Attachment(picture, await self._pictures.read(picture.sha256)))
            except StorageError:
                continue
        return found
