"""The HTTP shell: routes and nothing else."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any

import structlog
from aiohttp import web

from bot.errors import StartupError

log = structlog.stdlib.get_logger(__name__)

Readiness = Callable[[], tuple[bool, Mapping[str, Any]]]


def build_http_app(*, readiness: Readiness, metrics: Callable[[], bytes]) -> web.Application:
    """Build the server's routes: `/healthz`, `/readyz`, `/metrics`."""

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(_: web.Request) -> web.Response:
        ready, details = readiness()
        return web.json_response({"ready": ready, **details}, status=200 if ready else 503)

    async def metrics_page(_: web.Request) -> web.Response:
        return web.Response(
            body=metrics(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        )

    app = web.Application()
    app.add_routes(
        [
            web.get("/healthz", healthz),
            web.get("/readyz", readyz),
            web.get("/metrics", metrics_page),
        ]
    )
    return app


@contextlib.asynccontextmanager
async def serve_http(app: web.Application, host: str, port: int) -> AsyncGenerator[int]:
    """Serve until the block ends; yields the port in use.

    Raises:
        StartupError: the address is taken or not ours.
    """
    runner = web.AppRunner(app, access_log=None, handle_signals=False)
    await runner.setup()
    site = web.TCPSite(runner, host, port, shutdown_timeout=2)
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
