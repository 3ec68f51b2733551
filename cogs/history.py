"""`/history`: a member's own jobs, private, searched and paged; and messages that go away."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Literal

import discord
from discord import app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.domain.catalogue import ModelKind
from bot.domain.history import DAY_WORDS, MAX_SEARCH, HistoryFilter, parse_day, parse_span
from bot.domain.ids import DIRECT_MESSAGES, GuildId, MessageId
from bot.services import Services
from bot.ui.answers import privately
from bot.ui.history import HistoryButton, answer_history
from bot.ui.job_button import HasServices
from bot.ui.suggestions import offered

Where = Literal["everywhere", "this server", "direct messages"]
Day = Range[str, 1, 40]

_DESCRIPTIONS = {
    "search": "Words of the prompt, in any order",
    "model": "Only pictures of this model",
    "since": "From this day on, such as 2026-11-01 (days begin at midnight UTC)",
    "until": "Up to and with this day, such as 2026-11-30 (days begin at midnight UTC)",
    "server": "Where you asked for them",
    "favourites": "Only your favourites",
}


class HistoryCog(commands.Cog):
    """Shows members what they made."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="history", description="Your own pictures, newest first")
    @app_commands.describe(**_DESCRIPTIONS)
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def history(
        self,
        interaction: discord.Interaction,
        search: Range[str, 1, MAX_SEARCH] | None = None,
        model: Range[str, 1, 100] | None = None,
        since: Day | None = None,
        until: Day | None = None,
        server: Where = "everywhere",
        favourites: Literal["yes", "no"] = "no",
    ) -> None:
        """Answer privately with the newest page of what fits."""
        async with privately(interaction):
            first, last = parse_span(since, until, today=self._today())
            wanted = HistoryFilter(
                search=search or "",
                model_id=model,
                since=first,
                until=last,
                guild_id=_guild_id(server, interaction),
                favourites=favourites == "yes",
            )
            await answer_history(interaction, self._services, wanted)

    @history.autocomplete("model")
    async def _models(self, interaction: discord.Interaction, current: str) -> list[Choice[str]]:
        """Offer what the member used lately first, then what the catalogue has."""
        return await offered(interaction, self._services, ModelKind.MODEL, current)

    @history.autocomplete("since")
    async def _since(self, _: discord.Interaction, current: str) -> list[Choice[str]]:
        return self._days("since", current)

    @history.autocomplete("until")
    async def _until(self, _: discord.Interaction, current: str) -> list[Choice[str]]:
        return self._days("until", current)

    def _days(self, option: str, current: str) -> list[Choice[str]]:
        wanted = current.strip().lower()
        days = {words: parse_day(option, words, today=self._today()) for words in DAY_WORDS}
        return [
            Choice(name=f"{words} ({day})", value=str(day))
            for words, day in days.items()
            if wanted in words or wanted in str(day)
        ]

    def _today(self) -> date:
        return datetime.fromtimestamp(self._services.clock.now_ms() / 1000, UTC).date()

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Note that a message is gone, should it have shown a picture."""
        await self._services.history.messages_deleted([MessageId(event.message_id)])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Note that many messages are gone at once."""
        await self._services.history.messages_deleted([MessageId(n) for n in event.message_ids])


def _guild_id(server: Where, interaction: discord.Interaction) -> GuildId | None:
    match server:
        case "everywhere":
            return None
        case "this server":
            return GuildId(interaction.guild_id or DIRECT_MESSAGES)
        case "direct messages":
            return DIRECT_MESSAGES


async def setup(bot: commands.Bot) -> None:
    """Add the cog (called by discord.py)."""
    assert isinstance(bot, HasServices)  # noqa: S101
    bot.add_dynamic_items(HistoryButton)
    await bot.add_cog(HistoryCog(bot.services))
