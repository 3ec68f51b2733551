"""Lets tests wait for something to become true without polling."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from tests.discord_server.errors import NotSeenError

T = TypeVar("T")


class Changes:
    """Wakes those who wait whenever something happened on the server."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()

    def notify(self) -> None:
        """Say that something happened."""
        for event in self._waiting:
            event.set()

    async def wait_for(self, look: Callable[[], T | None], within: float, what: str) -> T:
        """Call `look` after every change until it returns something true."""
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            async with asyncio.timeout(within):
                while not (found := look()):
                    event.clear()
                    await event.wait()
                return found
        except TimeoutError:
            raise NotSeenError(f"waited {within} s in vain for {what}") from None
        finally:
            self._waiting.discard(event)
