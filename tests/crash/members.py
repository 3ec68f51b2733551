"""Members who keep asking for pictures, and now and then take one back."""

from __future__ import annotations

import asyncio
import contextlib
import random
from dataclasses import dataclass

from tests.discord_server import (
    CHANNEL_ID,
    GUILD_ID,
    OTHER_CHANNEL_ID,
    ControlError,
    RemoteDiscord,
    Where,
)

PER_SECOND = 6.0
CANCEL_SHARE = 0.04
PLAIN_SHARE = 0.5
PERILS = (
    "[sandbox fault=drop_after times=1]",
    "[sandbox fault=failed times=1]",
    "[sandbox fault=slow seconds=1.5]",
    "[sandbox fault=link_404 count=2]",
    "[sandbox fault=fetch_failed]",
    "[sandbox fault=validation]",
    "[sandbox delay=4]",
    "[sandbox fault=webhook_early]",
    "[sandbox fault=webhook_duplicate]",
    "[sandbox fault=webhook_late seconds=2]",
    "[sandbox fault=webhook_missing]",
    "[sandbox fault=webhook_text_id]",
)
"""What the image API does to a share of the prompts; without webhooks the last ones are plain."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Some in two channels of a server, some in direct messages."""

    places: tuple[Where, ...]

    @classmethod
    async def gather(cls, discord: RemoteDiscord) -> Crowd:
        """Introduce them to Discord."""
        places: list[Where] = []
        for number, channel in enumerate((CHANNEL_ID, CHANNEL_ID, OTHER_CHANNEL_ID, None, None)):
            user = await discord.add_user(f"member{number}", guild_id=GUILD_ID)
            places.append(Where(user_id=user, channel_id=channel))
        return cls(tuple(places))


class Members:
    """Acts for them, whenever a bot listens."""

    def __init__(self, discord: RemoteDiscord, crowd: Crowd, chance: random.Random) -> None:
        self._discord = discord
        self._crowd = crowd
        self._chance = chance
        self._asked: list[tuple[int, Where]] = []

    async def keep_asking(self) -> None:
        """Ask until cancelled. A bot that is down misses what is said to it."""
        while True:
            await asyncio.sleep(self._chance.expovariate(PER_SECOND))
            with contextlib.suppress(ControlError):
                if self._asked and self._chance.random() < CANCEL_SHARE:
                    await self._take_back()
                else:
                    await self._ask()

    async def _ask(self) -> None:
        where = self._chance.choice(self._crowd.places)
        peril = "" if self._chance.random() < PLAIN_SHARE else self._chance.choice(PERILS)
        prompt = f"a lighthouse, number {len(self._asked)} {peril}".strip()
        options = {
            "prompt": prompt,
            "samples": self._chance.choice((1, 1, 2)),
            "size": "256x256",
            "highres_fix": self._chance.choice(("yes", "no")),
        }
        asked = await self._discord.slash("imagine", options, where=where)
        self._asked.append((asked.id, where))

    async def _take_back(self) -> None:
        interaction_id, where = self._chance.choice(self._asked[-8:])
        told = await self._discord.interaction(interaction_id)
        if told.message_id is not None:
            await self._discord.click(told.message_id, "imagine:cancel", where=where)
