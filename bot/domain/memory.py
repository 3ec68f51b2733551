"""Remembers what was looked up a moment ago, so that a burst of questions costs one look."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from bot.domain.clock import Clock

K = TypeVar("K")
V = TypeVar("V")


class BriefMemory(Generic[K, V]):
    """Holds so many answers at most, each for so long; what changes meanwhile shows after that."""

    def __init__(self, clock: Clock, *, seconds: float, most: int) -> None:
        self._clock = clock
        self._life_ms = int(seconds * 1000)
        self._most = most
        self._held: dict[K, tuple[int, V]] = {}

    async def get(self, key: K, find: Callable[[K], Awaitable[V]]) -> V:
        """Return the answer, looking it up where it is not fresh."""
        held = self._held.get(key)
        if held is not None and self._clock.now_ms() < held[0]:
            return held[1]
        value = await find(key)
        self._held.pop(key, None)
        while len(self._held) >= self._most:
            del self._held[next(iter(self._held))]
        self._held[key] = (self._clock.now_ms() + self._life_ms, value)
        return value
