"""Fetches a finished job's pictures at once and keeps them as our own files.

The API's links die after a day, and for some seconds after "success" they may not work yet
(contract, section 6).
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence

import structlog

from bot.domain.job import Job, Picture
from bot.domain.ports import Attachment, ImageApi, PictureData, PictureStore
from bot.errors import DownloadError, StorageError

log = structlog.stdlib.get_logger(__name__)

RETRY_SECONDS = (1.0, 2.0, 3.0, 5.0, 5.0, 5.0, 10.0, 15.0, 30.0)
"""Pauses between tries of one link: a little over a minute in all."""


class PictureCollector:
    """Brings a job's pictures home."""

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

    async def collect(self, job: Job) -> Sequence[Attachment]:
        """Return the job's pictures with their bytes, fetching those not kept yet.

        Raises:
            DownloadError: not one of them can be had. Some of several are better than none.
        """
        kept = {picture.position: picture for picture in await self._pictures.of_job(job.id)}
        results = await asyncio.gather(
            *(
                self._one(job, position, url, kept.get(position))
                for position, url in enumerate(job.output)
            ),
            return_exceptions=True,
        )
        for result in results:
            if isinstance(result, BaseException) and not isinstance(result, DownloadError):
                raise result
        attachments = [r for r in results if isinstance(r, Attachment)]
        if not attachments:
            errors = [r for r in results if isinstance(r, DownloadError)]
            raise errors[0] if errors else DownloadError("there were no links", retryable=False)
        return attachments

    async def has_any(self, job: Job) -> bool:
        """Tell whether at least one of the job's pictures is kept."""
        return bool(await self._pictures.of_job(job.id))

    async def _one(self, job: Job, position: int, url: str, kept: Picture | None) -> Attachment:
        if kept is not None:
            try:
                return Attachment(kept, await self._pictures.read(kept.sha256))
            except StorageError as error:
                log.warning("kept picture lost, fetching it again", reason=str(error))
        data = await self._download(url)
        picture = await self._pictures.keep(job.id, position, data)
        return Attachment(picture, data.data)

    async def _download(self, url: str) -> PictureData:
        for pause in self._retry_seconds:
            try:
                return await self._api.download(url)
            except DownloadError as error:
                if not error.retryable:
                    raise
                log.debug("link not ready", reason=str(error))
            await asyncio.sleep(pause * random.uniform(0.9, 1.1))  # noqa: S311
        return await self._api.download(url)
