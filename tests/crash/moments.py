"""When the bot is killed: at instants left to chance, or aimed at a gap between two steps."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from enum import StrEnum

from bot.sandbox.server import SandboxServer
from tests.crash.scene import CALLBACKS, POSTS
from tests.discord_server import NotSeenError, RemoteDiscord, delay, delay_reply

HELD_SECONDS = 4.0
AIM_SECONDS = 4.0
"""How long an instant is waited for; after that the kill falls where it falls."""


class Moment(StrEnum):
    """Where a kill is meant to fall. The value says it in words, for the table."""

    STARTING = "while it starts"
    ANY = "at any time"
    ACKNOWLEDGING = "stored, acknowledgement on the wire"
    ACKNOWLEDGED = "acknowledged, not heard of it"
    SUBMITTING = "the API has just taken a job"
    ANSWERED = "the API has just drawn a job"
    FETCHING = "drawn, being fetched"
    POSTING = "post on the wire"
    POSTED = "posted, not heard of it"


WEIGHTS = {
    Moment.STARTING: 2,
    Moment.ANY: 4,
    Moment.ACKNOWLEDGING: 2,
    Moment.ACKNOWLEDGED: 3,
    Moment.SUBMITTING: 3,
    Moment.ANSWERED: 3,
    Moment.FETCHING: 2,
    Moment.POSTING: 4,
    Moment.POSTED: 5,
}


class Aim:
    """Waits for a moment."""

    def __init__(
        self, discord: RemoteDiscord, sandbox: SandboxServer, chance: random.Random
    ) -> None:
        self._discord = discord
        self._sandbox = sandbox
        self._chance = chance
        self._held = 0

    async def wait_for(self, moment: Moment) -> bool:
        """Return when it is there, or was waited for in vain; tell which."""
        ways: dict[Moment, Callable[[], Awaitable[None]]] = {
            Moment.STARTING: lambda: asyncio.sleep(self._chance.uniform(0.3, 1.6)),
            Moment.ANY: lambda: asyncio.sleep(self._chance.uniform(0.0, 2.5)),
            Moment.ACKNOWLEDGING: lambda: self._on_the_wire(CALLBACKS),
            Moment.ACKNOWLEDGED: lambda: self._unheard(CALLBACKS),
            Moment.SUBMITTING: self._taken,
            Moment.ANSWERED: lambda: self._drawn(0.02),
            Moment.FETCHING: lambda: self._drawn(0.5),
            Moment.POSTING: lambda: self._on_the_wire(POSTS),
            Moment.POSTED: lambda: self._unheard(POSTS),
        }
        try:
            await ways[moment]()
        except (NotSeenError, TimeoutError):
            return False
        return True

    async def _on_the_wire(self, path: str) -> None:
        """Let a request arrive, and be carried out only when the bot is dead or even back."""
        fault = delay(self._chance.uniform(0.2, HELD_SECONDS))
        await self._discord.inject("POST", path, fault, skip=self._chance.randrange(3))
        await self._until_held()

    async def _unheard(self, path: str) -> None:
        fault = delay_reply(HELD_SECONDS)
        await self._discord.inject("POST", path, fault, skip=self._chance.randrange(3))
        await self._until_held()

    async def _until_held(self) -> None:
        await self._discord.wait_for_delays(self._held + 1, within=AIM_SECONDS)

    async def _taken(self) -> None:
        taken = len(self._sandbox.jobs)
        await self._sandbox.wait_for(
            lambda: len(self._sandbox.jobs) > taken, timeout_seconds=AIM_SECONDS
        )
        await asyncio.sleep(self._chance.uniform(0.0, 0.02))

    async def _drawn(self, after: float) -> None:
        ended = self._ended()
        await self._sandbox.wait_for(lambda: self._ended() > ended, timeout_seconds=AIM_SECONDS)
        await asyncio.sleep(self._chance.uniform(0.0, after))

    def _ended(self) -> int:
        return len(self._sandbox.jobs) - self._sandbox.in_flight

    async def reset(self) -> None:
        """Forget a fault that befell nobody."""
        await self._discord.clear_faults()
        held = [r for r in await self._discord.requests() if r.fault is not None]
        self._held = len(held)


def deck(chance: random.Random) -> Iterator[Moment]:
    """Yield moments for ever, each as often as it weighs, in an order left to chance."""
    cards = [moment for moment, weight in WEIGHTS.items() for _ in range(weight)]
    while True:
        chance.shuffle(cards)
        yield from cards
