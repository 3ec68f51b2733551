"""Loops that live as long as the program: they survive every exception and say so."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

import structlog

log = structlog.stdlib.get_logger(__name__)


class Loop:
    """Calls a step again and again, some seconds apart, until closed.

    A step that raises is logged and called again after the same pause.
    """

    def __init__(
        self, name: str, step: Callable[[], Awaitable[None]], *, interval_seconds: float
    ) -> None:
        self._name = name
        self._step = step
        self._interval = interval_seconds
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name=self._name)
        return self

    async def __aexit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        await cancel_and_wait(self._task)

    async def _run(self) -> None:
        while True:
            try:
                await self._step()
            except Exception:
                log.exception("loop step failed", loop=self._name)
            await asyncio.sleep(self._interval)


async def cancel_and_wait(task: asyncio.Task[None] | None) -> None:
    """Cancel a task and wait until it is over."""
    if task is None:
        return
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
