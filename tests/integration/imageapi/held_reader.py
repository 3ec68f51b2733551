"""A reader of answers that waits for the event loop to go on: deadlocked where it runs in it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from tests.patience import PATIENCE_SECONDS

T = TypeVar("T")


class HeldReader:
    """Stands in the place of a function that parses, and calls it once the loop has turned."""

    def __init__(self, read: Callable[..., Any]) -> None:
        self._read = read
        self._loop = asyncio.get_running_loop()
        self._loop_thread = threading.get_ident()
        self._begun = asyncio.Event()
        self._turned = threading.Event()

    def __call__(self, *arguments: Any) -> Any:
        assert threading.get_ident() != self._loop_thread, "parsed in the event loop's thread"
        self._loop.call_soon_threadsafe(self._begun.set)
        assert self._turned.wait(PATIENCE_SECONDS), "the loop stood still"
        return self._read(*arguments)

    async def while_the_loop_turns(self, call: Awaitable[T]) -> T:
        """Await a call whose answer is read here; the loop must go on between begin and end."""
        result = asyncio.ensure_future(call)
        begun = asyncio.ensure_future(self._begun.wait())
        await asyncio.wait({result, begun}, return_when=asyncio.FIRST_COMPLETED)
        assert not result.done() or result.exception(), "it was read by something else"
        self._turned.set()
        begun.cancel()
        return await result
