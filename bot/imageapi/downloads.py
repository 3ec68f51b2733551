"""Fetches one finished picture, guarded against whatever a link may point to.

One attempt a call; who asks decides when to ask again (links may answer 404 for seconds after a
success: contract, section 6).
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.domain.ports import PictureData
from bot.errors import DownloadError
from bot.imageapi.addresses import GuardedResolver, LinkRules
from bot.imageapi.pictures import decode
from bot.imageapi.transport import read_at_most

MAX_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({404, 408, 423, 425, 429})
"""Client errors that a link may get over; 404 is a picture not uploaded yet."""


@dataclass(frozen=True, slots=True)
class DownloadLimits:
    """How much and how long; `decoders` pictures are decoded at once."""

    max_bytes: int = 25 * 1024 * 1024
    total_seconds: float = 60.0
    connect_seconds: float = 10.0
    decoders: int = 2


@dataclass(frozen=True, slots=True)
class _Moved:
    location: str


class Downloader:
    """Downloads pictures over connections of its own, without key or cookies."""

    def __init__(
        self,
        rules: LinkRules,
        *,
        limits: DownloadLimits,
        user_agent: str,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._rules = rules
        self._limits = limits
        self._headers = {
            "User-Agent": user_agent,
            "Accept": "image/*",
            "Accept-Encoding": "identity",
        }
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None
        self._decoders: ThreadPoolExecutor | None = None

    async def start(self) -> None:
        """Open the session and the decoding threads."""
        resolver = GuardedResolver(self._resolver or aiohttp.DefaultResolver(), self._rules)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=64, resolver=resolver),
            headers=self._headers,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
        )
        self._decoders = ThreadPoolExecutor(self._limits.decoders, "imageapi-decode")

    async def close(self) -> None:
        """Close both; again is harmless."""
        if self._session is not None:
            await self._session.close()
        if self._decoders is not None:
            self._decoders.shutdown(wait=False, cancel_futures=True)

    async def download(self, link: str) -> PictureData:
        """Return the picture behind a link.

        Raises:
            DownloadError: `retryable` tells whether the link may work later.
        """
        try:
            async with asyncio.timeout(self._limits.total_seconds):
                return await self._decode(await self._follow(link))
        except TimeoutError:
            problem = f"no picture within {self._limits.total_seconds:g} s"
        raise DownloadError(problem, retryable=True)

    async def _decode(self, data: bytes) -> PictureData:
        return await asyncio.get_running_loop().run_in_executor(self._decoders, decode, data)

    async def _follow(self, link: str) -> bytes:
        """Fetch a link, through redirects, each of which is checked like the link itself."""
        url = _parsed(link)
        for _ in range(MAX_REDIRECTS + 1):
            self._rules.check(url)
            result = await self._get(url)
            if not isinstance(result, _Moved):
                return result
            url = _parsed(result.location, url)
        raise DownloadError("too many redirects", retryable=False)

    async def _get(self, url: URL) -> bytes | _Moved:
        if self._session is None:
            raise RuntimeError("the image API client is not started")
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=self._limits.connect_seconds)
        try:
            async with self._session.get(url, allow_redirects=False, timeout=timeout) as response:
                return await self._read(response)
        except aiohttp.InvalidURL:
            problem = DownloadError("the link is no address", retryable=False)
        except (aiohttp.ClientError, OSError) as error:
            problem = DownloadError(
                f"{url.raw_host} did not deliver: {type(error).__name__}", retryable=True
            )
        raise problem

    async def _read(self, response: aiohttp.ClientResponse) -> bytes | _Moved:
        if response.status in _REDIRECTS:
            return _Moved(response.headers.get("Location", ""))
        if response.status != 200:
            raise _refused(response.status)
        if "Content-Encoding" in response.headers:
            raise DownloadError("a compressed answer nobody asked for", retryable=False)
        body = None
        if (response.content_length or 0) <= self._limits.max_bytes:
            body = await read_at_most(response, self._limits.max_bytes)
        if body is None:
            raise DownloadError(f"more than {self._limits.max_bytes} bytes", retryable=False)
        return body


def _refused(status: int) -> DownloadError:
    passing = status in _PASSING or status >= 500 or status < 300
    return DownloadError(f"HTTP {status}", retryable=passing)


def _parsed(link: str, base: URL | None = None) -> URL:
    try:
        url = URL(link)
        return base.join(url) if base is not None and link else url
    except ValueError:
        problem = DownloadError("the link is no address", retryable=False)
    raise problem
