"""Fetching `init_image` and `mask_image` as the API does: over HTTP, or out of base64."""

from __future__ import annotations

import asyncio
import base64
import binascii
import io
from dataclasses import dataclass

import aiohttp
from PIL import Image, UnidentifiedImageError

from bot.sandbox.parameters import Parameters

MAX_BYTES = 25 * 1024 * 1024
MAX_TEXT = 5 * 1024 * 1024
"""How much base64 the API takes (contract, section 3.8)."""

_TIMEOUT = aiohttp.ClientTimeout(total=20)


class SourceUnavailable(Exception):
    """An address gives no picture."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The bytes of the pictures a request starts from."""

    init: bytes | None = None
    mask: bytes | None = None


class SourceFetcher:
    """Gets the pictures that a request refers to."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def fetch(self, parameters: Parameters) -> Sources:
        """Return both sources of a request.

        Raises:
            SourceUnavailable: one of them cannot be had or is no picture.
        """
        return Sources(
            init=await self._one(parameters.init_image, parameters),
            mask=await self._one(parameters.mask_image, parameters),
        )

    async def _one(self, where: str | None, parameters: Parameters) -> bytes | None:
        if where is None:
            return None
        if where.startswith(("http://", "https://")):
            data = await self._download(where)
        elif parameters.base64:
            data = _decode(where)
        else:
            raise SourceUnavailable(where[:100])
        await asyncio.to_thread(_check_picture, data)
        return data

    async def _download(self, address: str) -> bytes:
        try:
            async with self._session.get(address, timeout=_TIMEOUT) as response:
                response.raise_for_status()
                data = await response.content.read(MAX_BYTES + 1)
                while len(data) <= MAX_BYTES and not response.content.at_eof():
                    data += await response.content.read(MAX_BYTES + 1)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SourceUnavailable(address) from error
        if len(data) > MAX_BYTES:
            raise SourceUnavailable(address)
        return data


async def decoded(text: str) -> bytes:
    """Return the picture in a text of base64, with or without what a data address begins with.

    Raises:
        SourceUnavailable: there is none in it, or too large a one.
    """
    if len(text) > MAX_TEXT:
        raise SourceUnavailable("too large")
    data = _decode(text)
    await asyncio.to_thread(_check_picture, data)
    return data


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text.rpartition(",")[2], validate=True)
    except binascii.Error as error:
        raise SourceUnavailable("base64") from error


def _check_picture(data: bytes) -> None:
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as picture:
            picture.load()
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise SourceUnavailable("not a picture") from error
