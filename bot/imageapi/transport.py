"""Sends one POST to the API and reads what comes back, within bounds.

Knows whether a failed request can have reached the API, which decides between sending it again
and waiting for a sign of it. The key is written into the body here, by the last hands that touch
it, so that no error, traceback or log line of ours can hold it.
"""

from __future__ import annotations

import asyncio
import io
import json
import time
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import TypedDict

import aiohttp
import structlog
from aiohttp.payload import BytesIOPayload, BytesPayload, Payload
from pydantic import SecretStr
from yarl import URL

from bot.errors import ProviderUnavailable
from bot.imageapi.replies import RawAnswer
from bot.imageapi.words import Redactor

log = structlog.stdlib.get_logger(__name__)

_CHUNK = 64 * 1024
_JSON = "application/json"

BodyMaker = Callable[[str], Mapping[str, object]]
"""Makes a body when given the key."""


class NeverSent(ProviderUnavailable):
    """No connection came about: the API surely knows nothing of the request."""


class Timeouts(TypedDict):
    """Seconds for a whole exchange, and for reaching the API at all."""

    total: float
    connect: float


class Transport:
    """Speaks to one base address. Sessions are opened by `start` and closed by `close`."""

    def __init__(self, base_url: URL, key: SecretStr, *, user_agent: str) -> None:
        self._base = base_url
        self._key = key
        self._redact = Redactor(key)
        self._headers = {"User-Agent": user_agent, "Accept": "application/json"}
        self._fresh: aiohttp.ClientSession | None = None
        self._kept: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Open two sessions: one for submissions, one for everything repeatable.

        A submission never travels on a kept connection: the API may just have closed it, and then
        nobody could say whether the request was taken.
        """
        self._fresh = self._session(aiohttp.TCPConnector(limit=0, force_close=True))
        self._kept = self._session(aiohttp.TCPConnector(limit=0, keepalive_timeout=20))

    def _session(self, connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=connector,
            headers=self._headers,
            cookie_jar=aiohttp.DummyCookieJar(),
            trace_configs=[_sent_trace()],
        )

    async def close(self) -> None:
        """Close both sessions; again is harmless."""
        for session in (self._fresh, self._kept):
            if session is not None:
                await session.close()

    async def post(
        self,
        path: str,
        make_body: BodyMaker,
        *,
        timeouts: Timeouts,
        max_bytes: int,
        submitting: bool = False,
        large: bool = False,
    ) -> RawAnswer:
        """Post and return the answer, whatever it says; a `large` body is written in a thread.

        Raises:
            NeverSent: nothing reached the API.
            ProviderUnavailable: no answer, a redirect, or too long an answer.
        """
        session = self._fresh if submitting else self._kept
        if session is None:
            raise RuntimeError("the image API client is not started")
        sent = SimpleNamespace(any=False)
        begun = time.monotonic()
        body = (
            await asyncio.to_thread(self._seal_large, make_body) if large else self._seal(make_body)
        )
        result = await self._try(session, path, body, timeouts, max_bytes, sent)
        outcome = result.status if isinstance(result, RawAnswer) else result
        log.debug("image api call", path=path, outcome=outcome, seconds=time.monotonic() - begun)
        if isinstance(result, RawAnswer):
            return self._not_redirected(result)
        if not sent.any:
            raise NeverSent(result)
        raise ProviderUnavailable(result, maybe_taken=submitting)

    async def _try(
        self,
        session: aiohttp.ClientSession,
        path: str,
        sealed: Payload,
        timeouts: Timeouts,
        max_bytes: int,
        sent: SimpleNamespace,
    ) -> RawAnswer | str:
        """Return the answer, or in words why there is none.

        A value and not an exception, so that no error of aiohttp's, whose frames hold the body,
        hangs on ours as its context.
        """
        try:
            async with session.post(
                self._base / path,
                data=sealed,
                timeout=aiohttp.ClientTimeout(**timeouts, sock_connect=timeouts["connect"]),
                allow_redirects=False,
                trace_request_ctx=sent,
            ) as response:
                body = await read_at_most(response, max_bytes)
                if body is None:
                    return f"an answer of more than {max_bytes} bytes"
                return RawAnswer(response.status, response.headers, body)
        except TimeoutError:
            return (
                f"no answer within {timeouts['total']:g} s" if sent.any else "no connection in time"
            )
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return self._redact(f"{type(error).__name__}: {error}")

    def _seal(self, make_body: BodyMaker) -> Payload:
        """Return the body as an object that does not show its content."""
        return BytesPayload(self._encode(make_body), content_type=_JSON)

    def _seal_large(self, make_body: BodyMaker) -> Payload:
        """Return it as one that is sent piece by piece."""
        return BytesIOPayload(io.BytesIO(self._encode(make_body)), content_type=_JSON)

    def _encode(self, make_body: BodyMaker) -> bytes:
        return json.dumps(make_body(self._key.get_secret_value())).encode()

    def _not_redirected(self, answer: RawAnswer) -> RawAnswer:
        if not 300 <= answer.status < 400:
            return answer
        target = self._redact(answer.headers.get("Location", "somewhere else").partition("?")[0])
        raise ProviderUnavailable(
            f"the API's base address {self._base.origin()} redirects to {target}; "
            "a POST is not sent on, so the base address must be set to where it leads"
        )


async def read_at_most(response: aiohttp.ClientResponse, max_bytes: int) -> bytes | None:
    """Return the body, or None (and stop reading) when it is longer than that."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > max_bytes:
            return None
    return bytes(body)


def _sent_trace() -> aiohttp.TraceConfig:
    """Note on a request's context that its headers are being written."""
    trace: aiohttp.TraceConfig = aiohttp.TraceConfig()

    async def note(
        _: aiohttp.ClientSession,
        context: SimpleNamespace,
        __: aiohttp.TraceRequestHeadersSentParams,
    ) -> None:
        context.trace_request_ctx.any = True

    trace.on_request_headers_sent.append(note)
    return trace
