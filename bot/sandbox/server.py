"""The running sandbox: an HTTP server on loopback, and what tests ask it."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections import deque
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web

from bot.sandbox.answers import Json
from bot.sandbox.faults import Fault, FaultScript
from bot.sandbox.jobs import Job, JobBoard
from bot.sandbox.links import PictureHost
from bot.sandbox.routes import SUBMIT_PATHS, Api
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.sources import SourceFetcher
from bot.sandbox.webhooks import WebhookPoster
from bot.sandbox.workshop import Workshop

log = logging.getLogger(__name__)

MAX_RECORDED = 50_000
_BACKLOG = 1024
_SHUTDOWN_SECONDS = 0.1
"""Held replies are cut short when the sandbox closes."""


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """One POST as it arrived: the path and the JSON body, untouched."""

    path: str
    body: Json


class _Bell:
    """Wakes everybody who waits for something to happen."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def heard(self) -> None:
        await self._event.wait()


class SandboxServer:
    """The local image API; use as `async with SandboxServer(settings) as api`."""

    def __init__(self, settings: SandboxSettings | None = None) -> None:
        self.settings = settings or SandboxSettings()
        self.requests: deque[RecordedRequest] = deque(maxlen=MAX_RECORDED)
        """Every POST in order of arrival, refused ones included."""
        self._bell = _Bell()
        self._board = JobBoard(self.settings.keep_jobs, self._bell.ring)
        self._script = FaultScript()
        self._stack = AsyncExitStack()
        self._workshop: Workshop
        self._root_url = ""

    @property
    def root_url(self) -> str:
        """Address of the server, without a trailing slash."""
        return self._root_url

    @property
    def base_url(self) -> str:
        """What a client is configured with: the root and `/api`."""
        return f"{self._root_url}/api"

    @property
    def submits(self) -> list[RecordedRequest]:
        """The recorded requests for pictures, without fetches and lists."""
        return [request for request in self.requests if request.path in SUBMIT_PATHS]

    @property
    def jobs(self) -> list[Job]:
        """Every job that was taken, oldest first."""
        return self._board.jobs

    @property
    def in_flight(self) -> int:
        """Jobs taken and not ended, as the account's queue counts them."""
        return self._board.in_flight

    @property
    def peak_in_flight(self) -> int:
        """The most jobs that were ever in flight together."""
        return self._board.peak_in_flight

    def script(
        self,
        prompt_substring: str,
        fault: Fault,
        *,
        times: int | None = None,
        seconds: float | None = None,
        count: int | None = None,
    ) -> None:
        """Make submissions go wrong whose prompt contains the text; see `faults.RULES`."""
        self._script.add(prompt_substring, fault, times=times, seconds=seconds, count=count)

    def clear_script(self) -> None:
        """Forget all scripted faults."""
        self._script.clear()

    def pause(self) -> None:
        """Let no job end until `resume`."""
        self._workshop.open.clear()

    def resume(self) -> None:
        """Let jobs end again."""
        self._workshop.open.set()

    async def until_idle(self) -> None:
        """Wait until every job has ended and every webhook was posted."""
        await self._workshop.idle()

    async def wait_for(self, condition: Callable[[], bool], *, timeout_seconds: float = 60) -> None:
        """Wait until a condition holds; it is tried at every request and every job's end."""
        async with asyncio.timeout(timeout_seconds):
            while not condition():
                await self._bell.heard()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await self._open(stack)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def _open(self, stack: AsyncExitStack) -> None:
        settings = self.settings
        listener = stack.enter_context(socket.create_server((settings.host, settings.port)))
        port: int = listener.getsockname()[1]
        self._root_url = settings.public_url or f"http://{_reachable(settings.host)}:{port}"
        session = await stack.enter_async_context(
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        )
        host = PictureHost(settings.keep_picture_bytes)
        poster = WebhookPoster(session, settings.webhook_timeout_seconds)
        self._workshop = Workshop(settings=settings, board=self._board, host=host, poster=poster)
        api = Api(
            settings=settings,
            root_url=self._root_url,
            board=self._board,
            script=self._script,
            workshop=self._workshop,
            host=host,
            fetcher=SourceFetcher(session),
            record=self._record,
        )
        await _serve_on(listener, api.build(), stack)
        stack.push_async_callback(self._workshop.close)
        log.info("sandbox listens at %s", self.base_url)

    def _record(self, path: str, body: Json) -> None:
        self.requests.append(RecordedRequest(path, body))
        self._bell.ring()


def _reachable(host: str) -> str:
    """Return an address for links where the server listens on every one."""
    return "127.0.0.1" if host in {"", "0.0.0.0"} else host  # noqa: S104 - compared, not bound


async def _serve_on(listener: socket.socket, app: web.Application, stack: AsyncExitStack) -> None:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.SockSite(runner, listener, backlog=_BACKLOG).start()


async def serve(settings: SandboxSettings) -> None:
    """Run until cancelled."""
    async with SandboxServer(settings):
        await asyncio.Event().wait()
