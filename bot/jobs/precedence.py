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
        self._quiet = asyncio.Event()
        self._quiet.set()

    @contextlib.contextmanager
    def answering(self) -> Generator[None]:
        """Take precedence while the block runs."""
        self._answers += 1
        self._quiet.clear()
        try:
            yield
        finally:
            self._answers -= 1
            if not self._answers:
                self._quiet.set()

    async def step_aside(self) -> None:
        """Wait until nobody is being answered, or for a moment."""
        if self._answers:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ASIDE_SECONDS):
                    await self._quiet.wait()
