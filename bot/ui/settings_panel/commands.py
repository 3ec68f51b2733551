"""How the plain commands of `/settings` answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import discord

from bot.domain.guild_settings import SERVER, Place, Scope
from bot.errors import InvalidRequest, Problem
from bot.services import Services
from bot.speech import _
from bot.ui.answers import NO_MENTIONS, privately
from bot.ui.settings_panel.desk import Desk
from bot.ui.settings_panel.panel import summaries
from bot.ui.settings_panel.spot import Spot
from bot.ui.settings_panel.words import mention_of
from bot.ui.shortening import shorten
from bot.ui.wording import MESSAGE_LIMIT

Act = Callable[[Desk], Awaitable[str]]


async def tell(interaction: discord.Interaction, services: Services, act: Act) -> None:
    """Do something at the desk of whoever asks, and answer privately with what it says."""
    async with privately(interaction):
        text = await act(Desk.of(interaction, services))
        await interaction.response.send_message(
            shorten(text, MESSAGE_LIMIT), ephemeral=True, allowed_mentions=NO_MENTIONS
        )


async def show(
    interaction: discord.Interaction,
    services: Services,
    channel: discord.abc.Snowflake | None,
    role: discord.abc.Snowflake | None,
) -> None:
    """Answer privately with what holds at a channel, for a role, or in the whole server."""
    async with privately(interaction):
        desk = Desk.of(interaction, services)
        places = _places_of(channel, role) or [SERVER]
        sheet = await desk.sheet(Spot("safety", places[0]), *places[1:])
        for number, page in enumerate(summaries(sheet, f"## {_title(places)}")):
            send = interaction.followup.send if number else interaction.response.send_message
            await send(view=page, ephemeral=True, allowed_mentions=NO_MENTIONS)


def _title(places: Sequence[Place]) -> str:
    named = {place.scope: mention_of(place) for place in places}
    channel, role = named.get(Scope.CHANNEL), named.get(Scope.ROLE)
    if channel and role:
        return _("What holds in {channel} for {role}", channel=channel, role=role)
    if channel:
        return _("What holds in {channel}", channel=channel)
    return _("What holds for {role}", role=role) if role else _("What holds in the whole server")


def place_of(
    channel: discord.abc.Snowflake | None, role: discord.abc.Snowflake | None = None
) -> Place:
    """Return the place that a command names.

    Raises:
        InvalidRequest: it names two.
    """
    places = _places_of(channel, role)
    if len(places) > 1:
        words = _("cannot be given together with a channel: a rule is for one or the other")
        raise InvalidRequest([Problem("role", words)])
    return places[0] if places else SERVER


def _places_of(
    channel: discord.abc.Snowflake | None, role: discord.abc.Snowflake | None
) -> list[Place]:
    named = ((Scope.CHANNEL, channel), (Scope.ROLE, role))
    return [Place(scope, each.id) for scope, each in named if each is not None]
