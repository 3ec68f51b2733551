"""The picture host: links that are 404 until ready, and links that misbehave."""

from __future__ import annotations

import asyncio
import io
import time
import zlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache

from aiohttp import web
from PIL.PngImagePlugin import putchunk

from bot.sandbox.faults import Fault, Injection

PRIVATE_ADDRESS = "http://169.254.169.254/latest/meta-data/picture.png"
FILE_ADDRESS = "file:///etc/passwd"

ADDRESSES = {Fault.LINK_PRIVATE: PRIVATE_ADDRESS, Fault.LINK_FILE: FILE_ADDRESS}
"""Faults that put another address than ours into `output`."""

_BOMB_SIDE = 30_000
_TRICKLED_BYTES = 64
_MEGABYTE = 1024 * 1024
_PAGE = b"<html><body>This is not a picture.</body></html>"


@dataclass(slots=True)
class HostedFile:
    """One file behind a link."""

    data: bytes
    content_type: str
    ready_at: float
    expires_at: float | None
    injection: Injection | None
    served: int = 0


Twist = Callable[[web.Request, HostedFile, Injection], Awaitable[web.StreamResponse]]


class PictureHost:
    """Keeps files by name, up to a number of bytes, and serves them."""

    def __init__(self, keep_bytes: int) -> None:
        self._files: OrderedDict[str, HostedFile] = OrderedDict()
        self._keep_bytes = keep_bytes
        self._bytes = 0

    def put(self, name: str, file: HostedFile) -> None:
        """Host a file; the oldest ones make room."""
        self._files[name] = file
        self._bytes += len(file.data)
        while self._bytes > self._keep_bytes and len(self._files) > 1:
            _, oldest = self._files.popitem(last=False)
            self._bytes -= len(oldest.data)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer a GET or HEAD of a link."""
        file = self._files.get(request.match_info["name"])
        if file is None or not _is_live(file):
            return web.Response(status=404, text="Not Found")
        file.served += 1
        injection = file.injection
        if injection is None or injection.fault not in _TWISTS or "moved" in request.query:
            return _plain(file)
        return await _TWISTS[injection.fault](request, file, injection)


def _is_live(file: HostedFile) -> bool:
    now = time.monotonic()
    return file.ready_at <= now and (file.expires_at is None or now < file.expires_at)


def _plain(file: HostedFile) -> web.Response:
    return web.Response(body=file.data, content_type=file.content_type)


async def _missing_at_first(
    _request: web.Request, file: HostedFile, injection: Injection
) -> web.StreamResponse:
    if file.served <= injection.count:
        return web.Response(status=404, text="Not Found")
    return _plain(file)


async def _forbidden(
    _request: web.Request, _file: HostedFile, _injection: Injection
) -> web.StreamResponse:
    return web.Response(status=403, text="Forbidden")


async def _trickled(
    request: web.Request, file: HostedFile, injection: Injection
) -> web.StreamResponse:
    response = web.StreamResponse()
    response.content_type = file.content_type
    response.content_length = len(file.data)
    await response.prepare(request)
    for start in range(0, len(file.data), _TRICKLED_BYTES):
        await response.write(file.data[start : start + _TRICKLED_BYTES])
        await asyncio.sleep(injection.seconds)
    return response


async def _mistyped(
    _request: web.Request, file: HostedFile, _injection: Injection
) -> web.StreamResponse:
    return web.Response(body=file.data, content_type="text/plain")


async def _page_as_picture(
    _request: web.Request, _file: HostedFile, _injection: Injection
) -> web.StreamResponse:
    return web.Response(body=_PAGE, content_type="image/png")


async def _halved(
    _request: web.Request, file: HostedFile, _injection: Injection
) -> web.StreamResponse:
    half = file.data[: len(file.data) // 2]
    return web.Response(body=half, content_type=file.content_type)


async def _cut(request: web.Request, file: HostedFile, _injection: Injection) -> web.StreamResponse:
    response = web.StreamResponse()
    response.content_type = file.content_type
    response.content_length = len(file.data)
    await response.prepare(request)
    await response.write(file.data[: len(file.data) // 2])
    drop(request)
    return response


async def _bomb(
    _request: web.Request, _file: HostedFile, _injection: Injection
) -> web.StreamResponse:
    return web.Response(body=bomb_png(), content_type="image/png")


async def _endless(
    request: web.Request, file: HostedFile, injection: Injection
) -> web.StreamResponse:
    response = web.StreamResponse()
    response.content_type = file.content_type
    response.enable_chunked_encoding()
    await response.prepare(request)
    await response.write(file.data)
    for _ in range(injection.count):
        await response.write(bytes(_MEGABYTE))
    return response


async def _moved(
    request: web.Request, _file: HostedFile, _injection: Injection
) -> web.StreamResponse:
    return web.Response(status=302, headers={"Location": f"{request.path}?moved"})


async def _sent_to_private(
    _request: web.Request, _file: HostedFile, _injection: Injection
) -> web.StreamResponse:
    return web.Response(status=302, headers={"Location": PRIVATE_ADDRESS})


_TWISTS: dict[Fault, Twist] = {
    Fault.LINK_404: _missing_at_first,
    Fault.LINK_403: _forbidden,
    Fault.LINK_TRICKLE: _trickled,
    Fault.LINK_LIES_TYPE: _mistyped,
    Fault.LINK_NOT_IMAGE: _page_as_picture,
    Fault.LINK_TRUNCATED: _halved,
    Fault.LINK_CUT: _cut,
    Fault.LINK_BOMB: _bomb,
    Fault.LINK_HUGE: _endless,
    Fault.LINK_MOVED: _moved,
    Fault.LINK_REDIRECT: _sent_to_private,
}


def drop(request: web.Request) -> None:
    """Cut the connection under a request."""
    if request.transport is not None:
        request.transport.close()


@cache
def bomb_png() -> bytes:
    """Return a valid PNG of about 100 KB that decodes to 900 million pixels."""
    packer = zlib.compressobj(9)
    row = bytes(1 + _BOMB_SIDE // 8)
    rows = b"".join(packer.compress(row * 1000) for _ in range(_BOMB_SIDE // 1000))
    side = _BOMB_SIDE.to_bytes(4, "big")
    out = io.BytesIO(b"\x89PNG\r\n\x1a\n")
    out.seek(0, io.SEEK_END)
    putchunk(out, b"IHDR", side, side, bytes([1, 0, 0, 0, 0]))
    putchunk(out, b"IDAT", rows + packer.flush())
    putchunk(out, b"IEND")
    return out.getvalue()
