"""What is set, as one moderator looks at it from one place; and the blocks a section is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import discord

from bot.domain.asker import Asker
from bot.domain.guild_settings import (
    KINDS,
    SERVER,
    GuildSettings,
    Place,
    Setting,
    StoredSetting,
)
from bot.domain.prompt_rules.rule import PromptRule
from bot.domain.safety import decide_safety
from bot.speech import _
from bot.ui.escaping import plain
from bot.ui.settings_panel.effects import Ground
from bot.ui.settings_panel.spot import Control, Spot, seen
from bot.ui.settings_panel.words import (
    TITLES,
    decision_words,
    sentence,
    source_words,
    titled,
    value_words,
)
from bot.ui.shortening import shorten

Item = discord.ui.Item[Any]
_OPTION_LIMIT, _BUTTON_LIMIT = 100, 80


class Block(NamedTuple):
    """Some lines, and the controls right below them. `hint` is for the panel only."""

    text: str
    rows: Sequence[Sequence[Item]] = ()
    hint: str = ""
    is_heading: bool = False
    """Nothing stands between it and the next block."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The settings of a server, seen from a spot."""

    spot: Spot
    asker: Asker
    """Whom the rules of that place apply to."""
    settings: GuildSettings
    ground: Ground
    manages_server: bool
    drawn_ms: int
    prompt_rules: Sequence[PromptRule] = ()

    @property
    def place(self) -> Place:
        """The place whose rules are shown."""
        return self.spot.place

    def here(self, setting: Setting) -> StoredSetting | None:
        """Return what is set at exactly this place."""
        return self.settings.at(setting, self.place)

    def holding(self, setting: Setting) -> StoredSetting | None:
        """Return what holds at this place; None where nobody set anything."""
        return self.settings.nearest(setting, self.asker)

    def value(self, setting: Setting) -> Any:
        """Return the value that holds at this place, None where nobody set anything."""
        found = self.holding(setting)
        return found.value if found else None

    def line(self, setting: Setting) -> str:
        """Return what holds for a setting, and where it comes from."""
        if setting is Setting.SAFETY:
            decided = decide_safety(self.settings, self.asker, floor=self.ground.floor)
            return titled(setting, decision_words(decided))
        found = self.holding(setting)
        words = sentence(value_words(setting, found.value if found else None))
        return titled(setting, f"{words}\n-# {sentence(source_words(found))}")

    def at(self, setting: Setting) -> Spot:
        """Return this spot, or the whole server where the setting knows no such places."""
        known = self.place.scope in KINDS[setting].scopes
        return self.spot if known else Spot(self.spot.section, SERVER)

    def control(self, action: str, setting: Setting | None = None) -> str:
        """Return a control's id; it remembers the value of its setting that it shows."""
        if setting is None:
            return Control(action, self.spot).custom_id(drawn_ms=self.drawn_ms)
        spot = self.at(setting)
        shown = seen(self.settings.at(setting, spot.place))
        return Control(action, spot, shown).custom_id(drawn_ms=self.drawn_ms)


def option(
    value: str, label: str, words: str = "", *, chosen: bool = False
) -> discord.SelectOption:
    """Return a line of a select, within Discord's limits."""
    return discord.SelectOption(
        value=value,
        label=plain(label, _OPTION_LIMIT),
        description=plain(words, _OPTION_LIMIT) or None,
        default=chosen,
    )


def select(
    custom_id: str,
    options: Sequence[discord.SelectOption],
    *,
    placeholder: str,
    disabled: bool = False,
) -> Item:
    """Return a select of one line."""
    return discord.ui.Select(
        custom_id=custom_id,
        options=list(options),
        placeholder=shorten(placeholder, _OPTION_LIMIT),
        disabled=disabled,
    )


def button(
    custom_id: str,
    label: str,
    *,
    emoji: str | None = None,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    disabled: bool = False,
) -> Item:
    """Return a button."""
    return discord.ui.Button(
        custom_id=custom_id,
        label=shorten(label, _BUTTON_LIMIT),
        emoji=emoji,
        style=style,
        disabled=disabled,
    )


UNSET = "unset"
"""Chosen to have no value here."""


def choice(sheet: Sheet, setting: Setting, labels: Mapping[Any, str]) -> Item:
    """Return a select of a setting's values, and of having none here."""
    here = sheet.settings.at(setting, sheet.at(setting).place)
    options = [
        no_rule(sheet, setting),
        *(
            option(
                str(value),
                _(label),
                sentence(value_words(setting, value)),
                chosen=here is not None and here.value == value,
            )
            for value, label in labels.items()
        ),
    ]
    return select(sheet.control(setting, setting), options, placeholder=_(TITLES[setting]))


def no_rule(sheet: Sheet, setting: Setting) -> discord.SelectOption:
    """Return the line for having no value here."""
    place = sheet.at(setting).place
    is_chosen = sheet.settings.at(setting, place) is None
    if place == SERVER:
        words = sentence(value_words(setting, None)).replace("**", "")
        return option(UNSET, _("No rule: as usual"), words, chosen=is_chosen)
    return option(UNSET, _("No rule of its own"), chosen=is_chosen)
