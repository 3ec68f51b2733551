"""The HTTP shell: routes and nothing else."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from aiohttp import web

from bot.errors import StartupError
from bot.webhooks.addresses import PATH
from bot.webhooks.picture_addresses import PATH as PICTURE_PATH
from bot.webhooks.pictures import PublishedPictures, picture_handler
from bot.webhooks.receiver import MAX_BODY_BYTES, WebhookReceiver

log = structlog.stdlib.get_logger(__name__)

Handler = Callable[[web.Request], Awaitable[web.Response]]
Readiness = Callable[[], tuple[bool, Mapping[str, Any]]]


GREETING_PATH = "/webhooks/"
GREETING = b"Imagine listens here."
"""What `check` looks for at the public address, to know that it leads to us."""

READ_SECONDS = 10.0
"""How long a delivery's body may take to come in."""


def build_http_app(
    *,
    readiness: Readiness,
    metrics: Callable[[], bytes],
    receiver: WebhookReceiver | None,
    pictures: PublishedPictures | None = None,
) -> web.Application:
    """Build the server's routes: `/healthz`, `/readyz`, `/metrics`, `/webhooks/…`, `/files/…`."""

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(_: web.Request) -> web.Response:
        ready, details = readiness()
        return web.json_response({"ready": ready, **details}, status=200 if ready else 503)

    async def metrics_page(_: web.Request) -> web.Response:
        return web.Response(
            body=metrics(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        )

    app = web.Application(client_max_size=MAX_BODY_BYTES)
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", metrics_page)
    if receiver is not None:
        app.router.add_get(GREETING_PATH, _greet)
        app.router.add_post(PATH, webhook_handler(receiver))
    if pictures is not None:
        app.router.add_get(PICTURE_PATH, picture_handler(pictures))
    return app


def build_greeter() -> web.Application:
    """Build a server that only says that it is ours, for `check` while the bot does not run."""
    app = web.Application()
    app.router.add_get(GREETING_PATH, _greet)
    return app


async def _greet(_: web.Request) -> web.Response:
    return web.Response(body=GREETING, content_type="text/plain")


def webhook_handler(receiver: WebhookReceiver) -> Handler:
    """Return the handler of webhook deliveries; the body of an unknown address is never read."""

    async def handle(request: web.Request) -> web.Response:
        job_id = receiver.recognise(request.match_info["job_id"], request.match_info["token"])
        if job_id is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        try:
            async with asyncio.timeout(READ_SECONDS):
                body = await _read(request)
        except TimeoutError:  # half a delivery is none, and may come whole the next time
            return web.Response(status=HTTPStatus.REQUEST_TIMEOUT)
        receiver.receive(job_id, request.content_type, body)
        return web.Response()

    return handle


async def _read(request: web.Request) -> bytes | None:
    """Return the body, or None (and stop reading) when it is longer than the application takes."""
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        return None


@contextlib.asynccontextmanager
async def serve_http(app: web.Application, host: str, port: int) -> AsyncGenerator[int]:
    """Serve until the block ends; yields the port in use.

    Raises:
        StartupError: the address is taken or not ours.
    """
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=2)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    try:
        await site.start()
    except OSError as error:
        await runner.cleanup()
        raise StartupError(
            f"Cannot listen on {host}:{port} ({error.strerror or error}). "
            "Set IMAGINE_HTTP_PORT to a free port."
        ) from error
    actual = int(runner.addresses[0][1])
    log.info("http server listens", host=host, port=actual)
    try:
        yield actual
    finally:
        await runner.cleanup()
