"""The server in a process of its own, steered over HTTP."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

from aiohttp import ClientSession, ClientTimeout

from tests.discord_server.control import Control
from tests.discord_server.errors import ControlError
from tests.discord_server.records import Rules
from tests.discord_server.rpc import ERRORS, METHODS, Method
from tests.patience import PATIENCE_SECONDS

ROOT = Path(__file__).parents[2]


class RemoteDiscord(Control):
    """The methods of `Control`, each carried out by the server at `address`."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._session: ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = ClientSession(timeout=ClientTimeout(total=None))
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def call(self, method: Method, body: bytes) -> Any:
        """Carry out one method over there."""
        if self._session is None:
            raise ControlError("use `async with RemoteDiscord(…)`")
        url = f"{self.address}/_control/{method.name}"
        async with self._session.post(url, data=body) as response:
            raw = await response.read()
        if response.status == 409:
            problem = json.loads(raw)
            raise ERRORS.get(problem["error"], ControlError)(problem["message"])
        if response.status != 200:
            raise ControlError(f"{method.name}: {response.status} {raw[:500]!r}")
        return method.result.validate_json(raw)


def _remote(method: Method) -> Callable[..., Awaitable[Any]]:
    async def call(self: RemoteDiscord, *args: Any, **kwargs: Any) -> Any:
        return await self.call(method, method.write_arguments(*args, **kwargs))

    return call


for _method in METHODS.values():
    setattr(RemoteDiscord, _method.name, _remote(_method))


@asynccontextmanager
async def spawned_discord(
    *, rules: Rules | None = None, state_file: Path | None = None
) -> AsyncGenerator[RemoteDiscord]:
    """Run the server as a process of its own, which ends with this block or with this process."""
    arguments = ["-m", "tests.discord_server", "--until-stdin-closes"]
    if state_file is not None:
        arguments += ["--state-file", str(state_file)]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=ROOT, stdin=pipe, stdout=pipe
    )
    try:
        if process.stdout is None or process.stdin is None:
            raise ControlError("no pipes")
        line = await asyncio.wait_for(process.stdout.readline(), PATIENCE_SECONDS)
        async with RemoteDiscord(json.loads(line)["address"]) as discord:
            if rules is not None:
                await discord.set_rules(rules)
            yield discord
        process.stdin.close()
        await asyncio.wait_for(process.wait(), PATIENCE_SECONDS)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
