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
from bot.domain.job import Job, Picture
from bot.domain.ports import JobStore, PictureStore
from bot.errors import StorageError
from bot.webhooks.picture_addresses import PictureAddresses

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


@dataclass(frozen=True, slots=True)
class PublishedPictures:
    """Finds what an address leads to, as long as it may be shown."""

    addresses: PictureAddresses
    jobs: JobStore
    pictures: KeptPictures

    async def find(self, token: str) -> tuple[Job, Picture, Path] | None:
        """Return the picture; None where there is none such, or none that may be shown."""
        place = self.addresses.recognise(token)
        job = None if place is None else await self.jobs.get(place.job_id)
        if place is None or job is None:
            return None
        kept = await self.pictures.of_job(job.id)
        picture = next((each for each in kept if each.position == place.position), None)
        if picture is None or picture.media_type not in _EXTENSIONS or not may_show(job, picture):
            return None
        return job, picture, await self.pictures.locate(picture)


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
