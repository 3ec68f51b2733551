"""Servers that removed the bot: what is kept of them goes after a grace, unless they come back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Protocol

import structlog

from bot.domain.clock import Clock
from bot.domain.ids import GuildId
from bot.domain.personal_ports import ServerStore
from bot.loops import Loop

log = structlog.stdlib.get_logger(__name__)

FORGET_SECONDS = 3600.0


class RemembersServers(Protocol):
    """Keeps something of servers in memory."""

    def forget(self, guild_id: GuildId) -> None:
        """Read it anew the next time."""
        ...


class Departures:
    """Hears from Discord who removed the bot, and forgets them when their grace is over."""

    def __init__(
        self,
        *,
        store: ServerStore,
        clock: Clock,
        grace: timedelta,
        remembering: Sequence[RemembersServers],
    ) -> None:
        self._store = store
        self._clock = clock
        self._grace_ms = int(grace.total_seconds() * 1000)
        self._remembering = remembering

    async def present(self, guild_ids: Collection[GuildId]) -> None:
        """Take the list of servers that Discord sends at each log-in.

        A server that removed the bot while it was away is missing from it; one that is down is not.
        """
        for guild_id in await self._store.present(guild_ids, self._clock.now_ms()):
            log.info("server has removed the bot meanwhile", guild_id=guild_id)

    async def joined(self, guild_id: GuildId) -> None:
        """Keep what is kept of a server that has the bot, or has it again."""
        await self._store.joined(guild_id)

    async def left(self, guild_id: GuildId) -> None:
        """Let the grace of a server begin that removed the bot."""
        await self._store.left(guild_id, self._clock.now_ms())
        log.info("server has removed the bot", guild_id=guild_id)

    def loop(self) -> Loop:
        """Return the loop that forgets."""
        return Loop("departures", self.forget_due, interval_seconds=FORGET_SECONDS)

    async def forget_due(self) -> None:
        """Forget every server whose grace is over."""
        for guild_id in await self._store.left_before(self._clock.now_ms() - self._grace_ms):
            rows = await self._store.forget(guild_id)
            for each in self._remembering:
                each.forget(guild_id)
            log.info("server forgotten", guild_id=guild_id, rows=rows)
