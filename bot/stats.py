"""What a server's moderators may know of its jobs, as sums."""

from __future__ import annotations

from bot.domain.clock import Clock
from bot.domain.guild_ports import StatsStore
from bot.domain.ids import GuildId
from bot.domain.stats import Period, Summary, summarise, window_of


class Stats:
    """Sums up one server; whoever asks has made sure that the asker moderates it."""

    def __init__(self, *, store: StatsStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def of_server(self, guild_id: GuildId, period: Period) -> Summary:
        """Return what became of the jobs that were asked for in a server of late."""
        window = window_of(period, self._clock.now_ms())
        return summarise(period, window, await self._store.counts(guild_id, window))
