"""Waiting for something a fake has seen, without sleeping."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tests.patience import PATIENCE_SECONDS


class Changes:
    """Wakes whoever waits for a condition each time something happened."""

    def __init__(self) -> None:
        self._waiting: list[asyncio.Future[None]] = []

    def tell(self) -> None:
        """Have every condition looked at again."""
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until the condition holds.

        Raises:
            TimeoutError: it never did.
        """
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not holds():
                future = asyncio.get_running_loop().create_future()
                self._waiting.append(future)
                await future
