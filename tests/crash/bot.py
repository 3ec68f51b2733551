"""The bot as a process that can be started, killed and stopped."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.discord_server import ADDRESS_VARIABLE, TOKEN, RemoteDiscord
from tests.patience import PATIENCE_SECONDS

ROOT = Path(__file__).parents[2]
REAL = ("tests.discord_server.wiring", "bot", "run")
"""Nothing but Discord's address differs from `python -m bot run`."""
IMPATIENT = ("tests.crash.bot_process",)
KEY = "sandbox-key"


class BotEndedError(Exception):
    """The bot ended by itself; the text is the end of its log."""


class BotProcess:
    """One bot after the other on the same files; all write into one log."""

    def __init__(
        self,
        discord: RemoteDiscord,
        directory: Path,
        settings: Mapping[str, str | int],
        module: tuple[str, ...] = IMPATIENT,
    ) -> None:
        self.log = directory / "bot.log"
        self.data_dir = directory / "data"
        self.has_webhooks = "webhook_base_url" in settings
        self._discord = discord
        self._module = module
        self._variables = {
            **{name: text for name, text in os.environ.items() if not name.startswith("IMAGINE_")},
            ADDRESS_VARIABLE: discord.address,
            **_variables({"data_dir": str(self.data_dir), **settings}),
        }
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it; it is not ready yet."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                *self._module,
                cwd=ROOT,
                env=self._variables,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def until_connected(self) -> None:
        """Wait until it is on the gateway, where commands reach it.

        Raises:
            BotEndedError: it gave up.
        """
        connected = asyncio.ensure_future(self._discord.wait_until_connected())
        ended = asyncio.ensure_future(self._running.wait())
        await asyncio.wait({connected, ended}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if not connected.done():
            connected.cancel()
            raise BotEndedError(f"exit {self._running.returncode}: {self.last_words()}")
        connected.result()

    @property
    def was_started(self) -> bool:
        """Whether there was one."""
        return self._process is not None

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._running.pid

    def signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        self._running.send_signal(number)

    async def ended(self, within: float = PATIENCE_SECONDS) -> int:
        """Wait until it has ended; return its exit code.

        Raises:
            TimeoutError: it runs still.
        """
        return await asyncio.wait_for(self._running.wait(), within)

    async def kill(self) -> None:
        """End it as a power cut would, and wait until Discord has noticed.

        Raises:
            BotEndedError: it had ended by itself before.
        """
        if self._running.returncode is not None:
            raise BotEndedError(f"exit {self._running.returncode}: {self.last_words()}")
        self._running.kill()
        await self._running.wait()
        await self._discord.wait_until_disconnected()

    async def stop(self, within: float = PATIENCE_SECONDS) -> int:
        """Ask it to end; return its exit code."""
        self.signal(signal.SIGTERM)
        return await self.ended(within)

    async def aclose(self) -> None:
        """Make sure that nothing runs on."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    def last_words(self) -> str:
        """Return the end of the log."""
        return self.log.read_text(errors="replace")[-3000:]

    @property
    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise BotEndedError("never started")
        return self._process


def _variables(settings: Mapping[str, str | int]) -> dict[str, str]:
    ours: dict[str, str | int] = {
        "discord_token": TOKEN,
        "api_key": KEY,
        "log_format": "json",
        "user_daily_images": 1_000_000,
        **settings,
    }
    return {f"IMAGINE_{name.upper()}": str(value) for name, value in ours.items()}
