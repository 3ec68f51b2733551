"""Choosing the place whose rules the panel shows."""

from __future__ import annotations

import discord

from bot.domain.guild_settings import SERVER, Place, Scope
from bot.speech import _
from bot.ui.settings_panel.sheet import Block, Item, Sheet, button
from bot.ui.settings_panel.words import mention_of

GO_SERVER, GO_CHANNEL, GO_ROLE = "go_server", "go_channel", "go_role"


def heading(sheet: Sheet) -> Block:
    """Return the line that says where the settings below hold, and the way back."""
    back = button(sheet.control(GO_SERVER), _("Back to the whole server"), emoji="↩️")
    rows = [] if sheet.place == SERVER else [[back]]
    return Block("", rows, hint=f"### {_title(sheet.place)}", is_heading=True)


def _title(place: Place) -> str:
    if place.scope is Scope.SERVER:
        return _("Rules in the whole server")
    if place.scope is Scope.CHANNEL:
        return _("Rules in {channel}", channel=mention_of(place))
    return _("Rules for {role}", role=mention_of(place))


def picker(sheet: Sheet, *, with_roles: bool) -> list[list[Item]]:
    """Return the controls that lead to the rules of other places."""
    return [[_channels(sheet)], [_roles(sheet)]] if with_roles else [[_channels(sheet)]]


def _channels(sheet: Sheet) -> Item:
    place = sheet.place
    return discord.ui.ChannelSelect[discord.ui.LayoutView](
        custom_id=sheet.control(GO_CHANNEL),
        placeholder=_("Go to a channel or category"),
        default_values=sheet.ground.channels([place.id] if place.scope is Scope.CHANNEL else []),
    )


def _roles(sheet: Sheet) -> Item:
    place = sheet.place
    return discord.ui.RoleSelect[discord.ui.LayoutView](
        custom_id=sheet.control(GO_ROLE),
        placeholder=_("Go to a role"),
        default_values=sheet.ground.roles([place.id] if place.scope is Scope.ROLE else []),
    )


def place_gone_to(action: str, values: list[str]) -> Place | None:
    """Return the place that a picker's control leads to; None for other controls."""
    match action:
        case "go_server":
            return SERVER
        case "go_channel":
            return Place(Scope.CHANNEL, int(values[0]))
        case "go_role":
            return Place(Scope.ROLE, int(values[0]))
        case _:
            return None
