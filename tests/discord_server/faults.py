"""Things that go wrong on purpose.

A path pattern is written as the bot's path without `/api/v10`: `*` stands for one segment, `**` for
any number, as in `/channels/*/messages` or `/webhooks/**`.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from dataclasses import dataclass
from typing import Any

from tests.discord_server.records import Fault


def answer_with(
    status: int,
    code: int = 0,
    message: str = "injected",
    *,
    body: Any = None,
    headers: dict[str, str] | None = None,
) -> Fault:
    """Answer without processing; `body` replaces the usual error body."""
    usual = {"message": message, "code": code}
    return Fault(
        kind="answer",
        status=status,
        body=usual if body is None else body,
        headers=headers or {},
    )


def too_many_requests(
    retry_after: float, *, is_global: bool = False, by_cloudflare: bool = False
) -> Fault:
    """Answer 429; discord.py gives up at once on one that has no `Via` header, as Cloudflare's."""
    body = {
        "message": "You are being rate limited.",
        "retry_after": retry_after,
        "global": is_global,
    }
    headers = {} if by_cloudflare else {"Via": "1.1 google", "Retry-After": str(retry_after)}
    return answer_with(429, body=body, headers=headers)


def drop_connection() -> Fault:
    """Cut the connection before anything is processed."""
    return Fault(kind="drop")


def lose_reply() -> Fault:
    """Process the request, then cut the connection instead of answering."""
    return Fault(kind="lose reply")


def delay(seconds: float) -> Fault:
    """Wait before processing."""
    return Fault(kind="delay", seconds=seconds)


def delay_reply(seconds: float) -> Fault:
    """Process at once, but wait before answering: time enough to kill the bot in between."""
    return Fault(kind="delay reply", seconds=seconds)


@dataclass(slots=True)
class PlannedFault:
    """A fault and the requests it waits for."""

    method: str
    pattern: re.Pattern[str]
    fault: Fault
    times: int
    skip: int


class FaultPlan:
    """The faults still to happen, in the order they were asked for."""

    def __init__(self) -> None:
        self._planned: list[PlannedFault] = []

    def add(self, method: str, path: str, fault: Fault, *, times: int, skip: int) -> None:
        """Let `fault` befall the next `times` matching requests after `skip` others."""
        self._planned.append(PlannedFault(method.upper(), compile_path(path), fault, times, skip))

    def clear(self) -> None:
        """Forget all faults."""
        self._planned.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """Find the fault of this request and count it."""
        for planned in self._planned:
            if planned.method not in {method, "*"} or not planned.pattern.fullmatch(path):
                continue
            if planned.skip > 0:
                planned.skip -= 1
                continue
            planned.times -= 1
            if planned.times <= 0:
                self._planned.remove(planned)
            return planned.fault
        return None


class HeldRequests:
    """Requests that a delay has befallen; a test may let all of them go on early."""

    def __init__(self) -> None:
        self._released = asyncio.Event()

    async def hold(self, seconds: float) -> None:
        """Wait so long, or until released."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._released.wait()

    def release(self) -> None:
        """Let those go on that wait now."""
        self._released.set()
        self._released = asyncio.Event()


def compile_path(path: str) -> re.Pattern[str]:
    """Turn a path pattern into a regular expression."""
    pieces = re.split(r"(\*\*|\*)", path)
    wild = {"*": "[^/]+", "**": ".*"}
    return re.compile("".join(wild.get(piece) or re.escape(piece) for piece in pieces))
