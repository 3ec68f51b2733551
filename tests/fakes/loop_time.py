"""An event loop's clock that stands still until a test moves it: for deadlines of real code.

Nothing that waits for a moment wakes by itself, however slow the machine; sockets work as ever.
"""

from __future__ import annotations

import asyncio


class LoopTime:
    """Stops the running loop's clock."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._now = self._loop.time()
        self._loop.time = lambda: self._now

    def leap(self, seconds: float) -> None:
        """Move on; whatever was due until then happens at the loop's next turn."""
        self._now += seconds

    def run_again(self) -> None:
        """Let the loop have its own clock back."""
        del self._loop.time
