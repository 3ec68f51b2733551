"""Says where the image API finds what a job starts from.

That is an address of our own HTTP server where it is public. Otherwise the picture is handed to the
API itself just before the job, and its own address of it lives for a day (contract, section 3.8).
"""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.endpoint import Endpoint
from bot.domain.ids import JobId
from bot.domain.job import Job, Picture
from bot.domain.member_ports import SourceStore
from bot.domain.ports import ImageApi
from bot.domain.start import MASK, PICTURE, StartLinks
from bot.errors import StartGone, StorageError

OwnLink = Callable[[JobId, int], str]
"""Our address of one of the pictures that a job starts from."""


class StartLinker:
    """Makes the links of one job after the other."""

    def __init__(
        self, *, sources: SourceStore, api: ImageApi, own_link: OwnLink | None = None
    ) -> None:
        self._sources = sources
        self._api = api
        self._own_link = own_link

    async def links_for(self, job: Job) -> StartLinks | None:
        """Return the links; None for a job that starts from words alone.

        Raises:
            StartGone: what it starts from is no longer kept, or cannot be read.
            StorageError: the database cannot be read now.
            ProviderError: the API does not take it.
        """
        if job.request.endpoint is Endpoint.WORDS:
            return None
        kept = {each.position: each for each in await self._sources.of_job(job.id)}
        needs_mask = job.request.endpoint is Endpoint.MASK
        if PICTURE not in kept or (needs_mask and MASK not in kept):
            raise StartGone("The picture to start from is no longer kept.")
        return StartLinks(
            picture=await self._link(job.id, kept[PICTURE]),
            mask=await self._link(job.id, kept[MASK]) if needs_mask else None,
        )

    async def _link(self, job_id: JobId, picture: Picture) -> str:
        if self._own_link is not None:
            return self._own_link(job_id, picture.position)
        try:
            data = await self._sources.read(picture.sha256)
        except StorageError as error:
            raise StartGone(str(error)) from error
        return await self._api.host(data, picture.media_type)
