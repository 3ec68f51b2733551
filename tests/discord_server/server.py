"""The server itself, to be started inside the process of a test."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from aiohttp import web

from tests.discord_server.control import Control
from tests.discord_server.core import Core
from tests.discord_server.errors import ControlError
from tests.discord_server.records import Rules
from tests.discord_server.rest.app import build_app
from tests.discord_server.rest.http import reply
from tests.discord_server.rpc import METHODS
from tests.discord_server.state_file import load_state, save_state

CONTROL = web.AppKey("control", Control)


class DiscordServer(Control):
    """A recording Discord on loopback.

    async with DiscordServer() as discord:
        point_discord_py_at(discord.address)
        ...
    """

    def __init__(
        self, *, rules: Rules | None = None, port: int = 0, state_file: Path | None = None
    ) -> None:
        self.core = Core(rules=rules or Rules())
        self._port = port
        self._state_file = state_file
        self._runner: web.AppRunner | None = None

    @property
    def address(self) -> str:
        """Where it listens, as in `http://127.0.0.1:4711`."""
        return self.core.address

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Load the state file, if there is one, and listen."""
        app = build_app(self.core)
        app[CONTROL] = self
        app.router.add_post("/_control/{method}", _carry_out)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self.core.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        if self._state_file is not None:
            load_state(self.core, self._state_file)

    async def stop(self) -> None:
        """Send everyone away and write the state file."""
        await self.core.gateway.disconnect(1001, resumable=True)
        if self._runner is not None:
            await self._runner.cleanup()
        if self._state_file is not None:
            save_state(self.core, self._state_file)


async def _carry_out(request: web.Request) -> web.Response:
    """POST /_control/{method}: one method of `Control` with its arguments as JSON."""
    method = METHODS.get(request.match_info["method"])
    if method is None:
        raise web.HTTPNotFound
    try:
        body = await method.carry_out(request.app[CONTROL], await request.read())
    except (ControlError, ValueError, LookupError) as error:
        return reply({"error": type(error).__name__, "message": str(error)}, status=409)
    return web.Response(body=body, content_type="application/json")
