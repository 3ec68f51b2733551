"""Tells the people who run the bot what only they can mend, in a direct message."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import discord
import structlog

from bot.loops import Loop
from bot.ui import wording
from bot.ui.answers import NO_MENTIONS

log = structlog.stdlib.get_logger(__name__)

SEND_SECONDS = 30.0
_HELPING_ROLES = frozenset({discord.TeamMemberRole.admin, discord.TeamMemberRole.developer})
"""As discord.py's own `is_owner` has it."""


class OwnerNotice:
    """Writes to the application's owners, once for each suspension it hears of."""

    def __init__(self, client: discord.Client, *, ready: Callable[[], Awaitable[None]]) -> None:
        self._client = client
        self._ready = ready
        self._reasons: asyncio.Queue[str] = asyncio.Queue()

    def hear(self, reason: str) -> None:
        """Take the reason why submissions are suspended; returns at once."""
        self._reasons.put_nowait(reason)

    def loop(self) -> Loop:
        """Return the loop that writes."""
        return Loop("owner notice", self.tell, interval_seconds=1.0)

    async def tell(self) -> None:
        """Wait for the next suspension and write of it."""
        reason = await self._reasons.get()
        await self._ready()
        try:
            async with asyncio.timeout(SEND_SECONDS):
                owners = _owners(await self._client.application_info())
        except (discord.DiscordException, OSError, TimeoutError) as error:
            log.error("owners not known, so not told", error=type(error).__name__)
            return
        for owner_id in owners:
            await self._write(owner_id, wording.suspended(reason))

    async def _write(self, owner_id: int, text: str) -> None:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                channel = await self._client.create_dm(discord.Object(owner_id))
                await channel.send(text, allowed_mentions=NO_MENTIONS, suppress_embeds=True)
        except (discord.DiscordException, OSError, TimeoutError) as error:
            log.error("owner not told", owner_id=owner_id, error=type(error).__name__)


def _owners(application: discord.AppInfo) -> list[int]:
    team = application.team
    if team is None:
        return [application.owner.id]
    helping = {member.id for member in team.members if member.role in _HELPING_ROLES}
    if team.owner_id is not None:
        helping.add(team.owner_id)
    return sorted(helping)
