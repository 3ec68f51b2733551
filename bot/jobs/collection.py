"""Fetches a finished job's pictures at once and keeps them as our own files.

The API's links die after a day, and for some seconds after "success" they may not work yet
(contract, section 6). Nobody waits here for that: who asks is told when to ask again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from bot.domain.ids import JobId
from bot.domain.job import Job, Picture
from bot.domain.ports import Attachment, ImageApi, PictureStore
from bot.errors import DownloadError, StorageError

log = structlog.stdlib.get_logger(__name__)

RETRY_SECONDS = (1.0, 2.0, 3.0, 5.0, 5.0, 5.0, 10.0, 15.0, 30.0)
"""Pauses between tries of a job's links: a little over a minute in all."""


class LinksNotReady(Exception):
    """Some links may work after a pause."""

    def __init__(self, pause_seconds: float) -> None:
        super().__init__(pause_seconds)
        self.pause_seconds = pause_seconds


@dataclass(slots=True)
class _Links:
    """What is known of a job's links between tries."""

    tries: int = 0
    hopeless: dict[int, DownloadError] = field(default_factory=dict[int, DownloadError])


class PictureCollector:
    """Brings jobs' pictures home."""

    def __init__(
        self,
        *,
        api: ImageApi,
        pictures: PictureStore,
        retry_seconds: Sequence[float] = RETRY_SECONDS,
    ) -> None:
        self._api = api
        self._pictures = pictures
        self._retry_seconds = retry_seconds
        self._links: dict[JobId, _Links] = {}

    async def collect(self, job: Job) -> Sequence[Attachment]:
        """Return the job's pictures with their bytes, fetching those not kept yet.

        Raises:
            LinksNotReady: a link may work later; what came meanwhile is kept.
            DownloadError: not one of them can be had. Some of several are better than none.
        """
        links = self._links.setdefault(job.id, _Links())
        results = await self._try_all(job, links)
        errors = {n: r for n, r in enumerate(results) if isinstance(r, DownloadError)}
        links.hopeless = {n: error for n, error in errors.items() if not error.retryable}
        if len(errors) > len(links.hopeless) and links.tries < len(self._retry_seconds):
            links.tries += 1
            log.debug("links not ready", tries=links.tries)
            raise LinksNotReady(self._retry_seconds[links.tries - 1])
        attachments = [r for r in results if isinstance(r, Attachment)]
        if not attachments:
            raise next(iter(errors.values()), DownloadError("there were no links", retryable=False))
        return attachments

    def forget(self, job_id: JobId) -> None:
        """Hear that a job's pictures will not be asked for again."""
        self._links.pop(job_id, None)

    async def _try_all(self, job: Job, links: _Links) -> Sequence[Attachment | DownloadError]:
        kept = {picture.position: picture for picture in await self._pictures.of_job(job.id)}
        results = await asyncio.gather(
            *(
                self._one(job, position, url, kept.get(position), links.hopeless.get(position))
                for position, url in enumerate(job.output)
            ),
            return_exceptions=True,
        )
        tried: list[Attachment | DownloadError] = []
        for result in results:
            if not isinstance(result, Attachment | DownloadError):
                raise result
            tried.append(result)
        return tried

    async def has_any(self, job: Job) -> bool:
        """Tell whether at least one of the job's pictures is kept."""
        return bool(await self._pictures.of_job(job.id))

    async def _one(
        self,
        job: Job,
        position: int,
        url: str,
        kept: Picture | None,
        hopeless: DownloadError | None,
    ) -> Attachment:
        if hopeless is not None:
            raise hopeless
        if kept is not None:
            try:
                return Attachment(kept, await self._pictures.read(kept.sha256))
            except StorageError as error:
                log.warning("kept picture lost, fetching it again", reason=str(error))
        data = await self._api.download(url)
        picture = await self._pictures.keep(job.id, position, data)
        return Attachment(picture, data.data)
