"""Gives out our copies of pictures, whole, to whoever has an address of one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Protocol

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.web_request import BaseRequest

from bot.domain.history import may_show
from bot.domain.job import TERMINAL, Job, Picture
from bot.domain.member_ports import SourceStore
from bot.domain.ports import JobStore, PictureStore
from bot.errors import StorageError
from bot.webhooks.picture_addresses import PictureAddresses, PicturePlace

SEND_SECONDS = 300.0
"""How long somebody may take over one picture."""

_EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'",
    "Cache-Control": "private, no-cache",
    "X-Robots-Tag": "noindex",
}
"""A picture and nothing else, asked for anew each time: it may be taken down at any moment."""


class KeptPictures(PictureStore, Protocol):
    """A PictureStore whose pictures are files."""

    async def locate(self, picture: Picture) -> Path:
        """Return where the file of a picture lies; it may go at any moment."""
        ...


class KeptSources(SourceStore, Protocol):
    """A SourceStore whose pictures are files."""

    async def locate(self, picture: Picture) -> Path:
        """Return where the file of a picture lies; it may go at any moment."""
        ...


Found = tuple[Job, Picture, Path]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedPictures:
    """Finds what an address leads to, as long as it may be shown.

    What a job starts from is for the image API alone, and only until the job has ended.
    """

    addresses: PictureAddresses
    source_addresses: PictureAddresses
    jobs: JobStore
    pictures: KeptPictures
    sources: KeptSources

    async def find(self, token: str) -> Found | None:
        """Return the picture; None where there is none such, or none that may be shown."""
        if (place := self.addresses.recognise(token)) is not None:
            found = await self._among(self.pictures, place)
            return found if found is not None and may_show(found[0], found[1]) else None
        if (place := self.source_addresses.recognise(token)) is not None:
            found = await self._among(self.sources, place)
            return found if found is not None and found[0].status not in TERMINAL else None
        return None

    async def _among(self, kept: KeptPictures | KeptSources, place: PicturePlace) -> Found | None:
        job = await self.jobs.get(place.job_id)
        if job is None:
            return None
        pictures = await kept.of_job(job.id)
        picture = next((each for each in pictures if each.position == place.position), None)
        if picture is None or picture.media_type not in _EXTENSIONS:
            return None
        return job, picture, await kept.locate(picture)


def picture_handler(
    pictures: PublishedPictures,
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Return the handler of addresses of pictures; whatever is wrong, there is nothing there."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            found = await pictures.find(request.match_info["token"])
        except StorageError:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        return web.Response(status=HTTPStatus.NOT_FOUND) if found is None else _answer(*found)

    return handle


def _answer(job: Job, picture: Picture, path: Path) -> web.StreamResponse:
    name = f"imagine-{job.id}-{picture.position + 1}.{_EXTENSIONS[picture.media_type]}"
    headers = {
        "Content-Type": picture.media_type,
        "Content-Disposition": f'inline; filename="{name}"',
    }
    return _FileInTime(path, headers=headers | _HEADERS)


class _FileInTime(web.FileResponse):
    """A file that whoever asked for it must take in time."""

    async def prepare(self, request: BaseRequest) -> AbstractStreamWriter | None:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                return await super().prepare(request)
        except TimeoutError:
            if request.transport is not None:
                request.transport.abort()
            return None
