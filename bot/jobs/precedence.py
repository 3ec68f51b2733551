"""Members who wait for an answer come first; work that nobody watches steps aside for a moment."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Generator

ASIDE_SECONDS = 0.1
"""The longest that work steps aside, however many go on asking."""


class Precedence:
    """Knows whether somebody is being answered."""

    def __init__(self) -> None:
        self._answers = 0
        self._go_on = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None

    @contextlib.contextmanager
    def answering(self) -> Generator[None]:
        """Take precedence while the block runs."""
        self._answers += 1
        try:
            yield
        finally:
            self._answers -= 1
            if not self._answers:
                self._let_go_on()

    async def step_aside(self) -> None:
        """Wait until nobody is being answered, or for a moment; all who wait share one timer."""
        if not self._answers:
            return
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(ASIDE_SECONDS, self._let_go_on)
        await self._go_on.wait()

    def _let_go_on(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._go_on.set()
        self._go_on.clear()
