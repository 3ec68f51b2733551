"""A client that says what it sends, and a sandbox for each test."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox import SandboxServer, SandboxSettings

TINY = SandboxSettings(picture_scale=0.1, cheap_pictures=True)


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    body: Any


class Client:
    """Speaks to one sandbox as any HTTP client would."""

    def __init__(self, server: SandboxServer, session: aiohttp.ClientSession) -> None:
        self.server = server
        self.session = session

    async def post(self, path: str, **fields: Any) -> Reply:
        body = {"key": "sandbox-key", **fields}
        async with self.session.post(self.server.base_url + path, json=body) as response:
            return Reply(response.status, json.loads(await response.read()))

    async def submit(self, prompt: str = "a fox", **fields: Any) -> Reply:
        fields = {"model_id": "midjourney", "prompt": prompt, **fields}
        return await self.post("/v4/dreambooth", **fields)

    async def fetch(self, job_id: object) -> Reply:
        return await self.post("/v4/dreambooth/fetch", request_id=job_id)

    async def get(self, link: str) -> tuple[int, str, bytes]:
        async with self.session.get(link, allow_redirects=False) as response:
            return response.status, response.content_type, await response.read()


Opener = Callable[..., Awaitable[Client]]


@pytest.fixture
async def open_sandbox() -> AsyncIterator[Opener]:
    """Start a sandbox with chosen knobs; pictures are tiny unless asked otherwise."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())

        async def start(**knobs: Any) -> Client:
            server = SandboxServer(replace(TINY, **knobs))
            return Client(await stack.enter_async_context(server), session)

        yield start


@pytest.fixture
async def api(open_sandbox: Opener) -> Client:
    return await open_sandbox()


class WebhookReceiver:
    """Collects what is posted to it; `answer` is awaited before answering."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.received: list[Any] = []


@pytest.fixture
async def receiver() -> AsyncIterator[WebhookReceiver]:
    async def take(request: web.Request) -> web.Response:
        receiver.received.append(await request.json())
        return web.Response()

    app = web.Application()
    app.router.add_post("/hook", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    receiver = WebhookReceiver(f"http://{host}:{port}/hook")
    yield receiver
    await runner.cleanup()
