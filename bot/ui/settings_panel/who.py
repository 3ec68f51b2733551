"""Section: where pictures are made, by whom, and what everybody there is spoken to in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import discord

from bot.domain.guild_settings import Setting
from bot.speech import N_, _
from bot.ui.settings_panel.press import Press, Section
from bot.ui.settings_panel.sheet import UNSET, Block, Item, Sheet, option, select
from bot.ui.settings_panel.words import OWN_NAMES, TITLES

_MOST = 25
"""Discord's limit for one select."""

_CHANNELS_HINT = N_(
    "-# A category stands for all channels in it. Choose none, and pictures are made everywhere."
)
_ROLES_HINT = N_("-# Who has one of these roles may make pictures. Choose none, and everybody may.")
_MODERATORS_HINT = N_(
    "-# People with Manage Server always moderate the bot and see this panel. Roles you name here "
    "do so too; only people with Manage Server name them."
)
_LANGUAGE_HINT = N_(
    "-# Everything that everybody reads is in this language; private answers are in each person's "
    "own. Discord lets only Community servers set one, and takes English for all others."
)

LANGUAGE_LABELS: Mapping[str, str] = {UNSET: N_("As set in Discord"), **OWN_NAMES}


def _blocks(sheet: Sheet) -> Iterator[Block]:
    """Yield the section."""
    yield Block(sheet.line(Setting.CHANNELS), [[_channels(sheet)]], _(_CHANNELS_HINT))
    yield Block(
        sheet.line(Setting.ROLES),
        [[_roles(sheet, Setting.ROLES, _("Choose the roles that may make pictures"))]],
        _(_ROLES_HINT),
    )
    moderators = _roles(
        sheet,
        Setting.MODERATORS,
        _("Choose the roles that moderate the bot")
        if sheet.manages_server
        else _("Only people with Manage Server choose these"),
        disabled=not sheet.manages_server,
    )
    yield Block(sheet.line(Setting.MODERATORS), [[moderators]], _(_MODERATORS_HINT))
    yield Block(sheet.line(Setting.LANGUAGE), [[_languages(sheet)]], _(_LANGUAGE_HINT))


def _channels(sheet: Sheet) -> Item:
    listed = _listed(sheet, Setting.CHANNELS)
    return discord.ui.ChannelSelect[discord.ui.LayoutView](
        custom_id=sheet.control(Setting.CHANNELS, Setting.CHANNELS),
        placeholder=_placeholder(
            listed, _("Choose the channels where pictures are made"), Setting.CHANNELS
        ),
        min_values=0,
        max_values=_MOST,
        default_values=sheet.ground.channels(listed)[:_MOST],
        disabled=len(listed) > _MOST,
    )


def _roles(sheet: Sheet, setting: Setting, placeholder: str, *, disabled: bool = False) -> Item:
    listed = _listed(sheet, setting)
    return discord.ui.RoleSelect[discord.ui.LayoutView](
        custom_id=sheet.control(setting, setting),
        placeholder=_placeholder(listed, placeholder, setting),
        min_values=0,
        max_values=_MOST,
        default_values=sheet.ground.roles(listed)[:_MOST],
        disabled=disabled or len(listed) > _MOST,
    )


def _languages(sheet: Sheet) -> Item:
    stored = sheet.settings.at(Setting.LANGUAGE)
    chosen = stored.value if stored else UNSET
    options = [
        option(value, _(label), chosen=value == chosen) for value, label in LANGUAGE_LABELS.items()
    ]
    return select(
        sheet.control(Setting.LANGUAGE, Setting.LANGUAGE),
        options,
        placeholder=_(TITLES[Setting.LANGUAGE]),
    )


def _listed(sheet: Sheet, setting: Setting) -> Sequence[int]:
    stored = sheet.settings.at(setting)
    return stored.value if stored else ()


def _placeholder(listed: Sequence[int], words: str, setting: Setting) -> str:
    if len(listed) > _MOST:
        return _("Too many to show here: use {command}", command=f"/settings {setting}")
    return words


async def _set(press: Press) -> str:
    setting = Setting(press.control.action)
    return await press.put(setting, tuple(map(int, press.values)) or None)


async def _speak(press: Press) -> str:
    return await press.put(Setting.LANGUAGE, press.chosen)


SECTION = Section(
    title=N_("Where & who"),
    emoji="📍",
    blocks=_blocks,
    actions={
        Setting.CHANNELS: _set,
        Setting.ROLES: _set,
        Setting.MODERATORS: _set,
        Setting.LANGUAGE: _speak,
    },
)
