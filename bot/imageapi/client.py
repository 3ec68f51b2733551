"""The `ImageApi` port over HTTP, in either of the vendor's dialects."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self, TypeVar

import stamina
from aiohttp.abc import AbstractResolver
from aiolimiter import AsyncLimiter
from pydantic import SecretStr
from yarl import URL

from bot.domain.catalogue import CatalogueEntry
from bot.domain.ids import ProviderJobId
from bot.domain.outcome import Reply
from bot.domain.ports import PictureData
from bot.domain.request import GenerationRequest
from bot.domain.start import StartLinks
from bot.errors import ProviderUnavailable
from bot.imageapi.addresses import LinkRules
from bot.imageapi.dialects import ENDPOINTS, Dialect
from bot.imageapi.downloads import Downloader, DownloadLimits
from bot.imageapi.mapping import to_body, words_of
from bot.imageapi.models import read_models
from bot.imageapi.replies import (
    Question,
    RawAnswer,
    read_acknowledgement,
    read_hosted,
    read_reply,
)
from bot.imageapi.transport import BodyMaker, NeverSent, Timeouts, Transport
from bot.imageapi.words import Redactor

USER_AGENT = "Mozilla/5.0 (compatible; imagine-bot)"
"""The API's edge turned away a client that did not look like a browser (contract, section 1)."""

_REPLY_BYTES = 1024 * 1024
_LIST_BYTES = 20 * 1024 * 1024
_THREAD_BYTES = 64 * 1024
"""Longer bodies are parsed in a thread."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ApiLimits:
    """Waits in seconds, and how often.

    The API holds a submission up to 24 s before it answers (contract, section 6). `call_seconds`
    bounds a repeatable call with all its attempts.
    """

    submit_seconds: float = 40.0
    connect_seconds: float = 10.0
    fetch_seconds: float = 30.0
    list_seconds: float = 60.0
    call_seconds: float = 90.0
    attempts: int = 3
    first_wait_seconds: float = 0.5
    longest_wait_seconds: float = 5.0
    polls_per_second: float = 10.0
    downloads: DownloadLimits = field(default_factory=DownloadLimits)


class ImageApiClient:
    """The vendor. Use as `async with ImageApiClient(...) as api`."""

    def __init__(
        self,
        base_url: str,
        key: SecretStr,
        *,
        dialect: Dialect = Dialect.V4,
        limits: ApiLimits | None = None,
        user_agent: str = USER_AGENT,
        resolver: AbstractResolver | None = None,
    ) -> None:
        base = URL(base_url.rstrip("/"))
        if base.scheme not in {"http", "https"} or not base.raw_host:
            raise ValueError("the API's base address must be http or https")
        self._endpoints = ENDPOINTS[dialect]
        self._limits = limits or ApiLimits()
        self._redact = Redactor(key)
        self._transport = Transport(base, key, user_agent=user_agent)
        self._downloader = Downloader(
            LinkRules(base),
            limits=self._limits.downloads,
            user_agent=user_agent,
            resolver=resolver,
        )
        self._polls = AsyncLimiter(max(1.0, self._limits.polls_per_second), 1)
        self._base = base

    def __repr__(self) -> str:
        return f"<ImageApiClient {self._base.origin()}>"

    async def __aenter__(self) -> Self:
        await self._transport.start()
        await self._downloader.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection; again is harmless."""
        await self._downloader.close()
        await self._transport.close()

    async def submit(
        self,
        request: GenerationRequest,
        *,
        track_id: str,
        webhook: str | None,
        links: StartLinks | None = None,
    ) -> Reply:
        """Ask for pictures, once.

        Only a connection that never came about is tried a second time: the API has no idempotency
        key, and a request that left may be paid for.

        Raises:
            ProviderError: `maybe_taken` tells whether the job may exist all the same.
        """
        question = Question(self._redact, submitting=True, own_words=words_of(request))

        def body(key: str) -> Mapping[str, object]:
            page = to_body(request, key=key, track_id=track_id, webhook=webhook, links=links)
            return self._endpoints.write(page)

        async def attempt() -> RawAnswer:
            path, seconds = self._endpoints.submit[request.endpoint], self._limits.submit_seconds
            return await self._post(path, body, seconds, submitting=True)

        answer = await self._repeat(attempt, on=NeverSent, attempts=2)
        return await _read(answer, lambda: read_reply(answer, question))

    async def host(self, picture: bytes, media_type: str) -> str:
        """Hand over a picture; return where the API finds it, for a day.

        Raises:
            ProviderError: the API does not take it, or cannot now.
        """
        encoded = (await asyncio.to_thread(base64.b64encode, picture)).decode()
        data_url = f"data:{media_type};base64,{encoded}"

        async def attempt() -> str:
            answer = await self._post(
                self._endpoints.host,
                lambda key: {"key": key, "image": data_url, "crop": "false"},
                self._limits.submit_seconds,
                large=True,
            )
            return read_hosted(answer, Question(self._redact))

        return await self._repeatable(attempt)

    async def fetch(self, provider_job_id: ProviderJobId) -> Reply:
        """Ask how a job stands.

        Raises:
            ProviderError: after some attempts, where trying again may help.
        """
        question = Question(self._redact, known_id=provider_job_id)

        async def attempt() -> Reply:
            answer = await self._post(
                self._endpoints.fetch,
                lambda key: {"key": key, "request_id": provider_job_id},
                self._limits.fetch_seconds,
            )
            return await _read(answer, lambda: read_reply(answer, question))

        await self._polls.acquire()  # before the clock runs: behind thousands it may take minutes
        return await self._repeatable(attempt)

    async def list_models(self) -> Sequence[CatalogueEntry]:
        """Return the public models.

        Raises:
            ProviderError: there is no list to be had.
        """

        async def attempt() -> Sequence[CatalogueEntry]:
            answer = await self._post(
                self._endpoints.models,
                lambda key: {"key": key},
                self._limits.list_seconds,
                _LIST_BYTES,
            )
            models = await asyncio.to_thread(read_models, answer.body)
            if models is not None:
                return models
            read_acknowledgement(answer, Question(self._redact))
            raise ProviderUnavailable("the model list is not a list")

        return await self._repeatable(attempt)

    async def reload_model(self, model_id: str) -> None:
        """Ask for a model that was dropped after a week of idling; takes two minutes there.

        Raises:
            ProviderError: the API will not, or cannot now.
        """
        question = Question(self._redact, own_words=(model_id,))

        async def attempt() -> None:
            answer = await self._post(
                self._endpoints.reload,
                lambda key: {"key": key, "model_id": model_id},
                self._limits.fetch_seconds,
            )
            read_acknowledgement(answer, question)

        await self._repeatable(attempt)

    async def download(self, url: str) -> PictureData:
        """Fetch one finished picture, in one attempt.

        Raises:
            DownloadError: `retryable` tells whether the link may work later.
        """
        return await self._downloader.download(url)

    async def _post(
        self,
        path: str,
        body: BodyMaker,
        seconds: float,
        max_bytes: int = _REPLY_BYTES,
        *,
        submitting: bool = False,
        large: bool = False,
    ) -> RawAnswer:
        timeouts = Timeouts(total=seconds, connect=min(seconds, self._limits.connect_seconds))
        return await self._transport.post(
            path, body, timeouts=timeouts, max_bytes=max_bytes, submitting=submitting, large=large
        )

    async def _repeatable(self, call: Callable[[], Awaitable[T]]) -> T:
        """Make a harmless call with attempts, backoff and an end."""
        try:
            async with asyncio.timeout(self._limits.call_seconds):
                return await self._repeat(
                    call, on=ProviderUnavailable, attempts=self._limits.attempts
                )
        except TimeoutError:
            problem = f"no answer within {self._limits.call_seconds:g} s"
        raise ProviderUnavailable(problem)

    async def _repeat(
        self, call: Callable[[], Awaitable[T]], *, on: type[Exception], attempts: int
    ) -> T:
        caller = stamina.AsyncRetryingCaller(
            attempts=attempts,
            timeout=None,
            wait_initial=self._limits.first_wait_seconds,
            wait_max=self._limits.longest_wait_seconds,
            wait_jitter=self._limits.first_wait_seconds,
        )
        return await caller(on, call)


async def _read(answer: RawAnswer, read: Callable[[], T]) -> T:
    """Read an answer, in a thread where parsing it would hold up everybody else."""
    if len(answer.body) > _THREAD_BYTES:
        return await asyncio.to_thread(read)
    return read()
