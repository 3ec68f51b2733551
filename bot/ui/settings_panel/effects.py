"""What a moderator should know at once about what they have just set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import discord

from bot.domain.abilities import EVERYTHING, Abilities
from bot.domain.asker import Asker
from bot.domain.guild_settings import (
    SERVER,
    AllowList,
    Ceilings,
    GuildSettings,
    Place,
    Scope,
    Setting,
    StoredSetting,
)
from bot.domain.parameters import Scheduler
from bot.domain.safety import Cause, SafetyDecision, decide_safety
from bot.domain.strictness import SafetyRule, Strictness
from bot.speech import _, in_a_row, listed, ngettext
from bot.ui.askers import asker_at
from bot.ui.escaping import as_code
from bot.ui.permissions import missing_in
from bot.ui.settings_panel.words import LEVEL_NAMES, mention_of, some

_ANY = AllowList()


@dataclass(frozen=True, slots=True)
class Ground:
    """What rules stand on: the server as it is, and what the operator decided."""

    guild: discord.Guild
    floor: Strictness
    """The loosest safety checker that the operator permits in servers."""
    program_defaults: Mapping[str, Any]
    abilities: Abilities = EVERYTHING
    """Of the image service."""

    def asker_at(self, *places: Place) -> Asker:
        """Return a member to whom the rules of these places apply."""
        return asker_at(self.guild, *places)

    def channels(self, ids: Iterable[int]) -> list[discord.Object]:
        """Return those channels that are there, for a select to show as chosen."""
        there = filter(self.guild.get_channel_or_thread, ids)
        return [discord.Object(each) for each in there]

    def roles(self, ids: Iterable[int]) -> list[discord.Object]:
        """Return those roles that are there, for a select to show as chosen."""
        return [discord.Object(each) for each in filter(self.guild.get_role, ids)]

    def wish_at(self, settings: GuildSettings, place: Place) -> SafetyDecision:
        """Decide what the safety checker does at a place, were every channel age-restricted."""
        asker = replace(self.asker_at(place), age_restricted=True)
        return decide_safety(settings, asker, floor=self.floor)


def notes_on(
    setting: Setting, place: Place, settings: GuildSettings, ground: Ground
) -> Iterator[str]:
    """Yield what follows from a setting as it now is that one might not expect."""
    notes = _NOTES.get(setting)
    if notes is not None:
        yield from notes(place, settings, ground)


def weakness(stored: StoredSetting, settings: GuildSettings, ground: Ground) -> str | None:
    """Return why a safety rule has not the effect it asks for; None where it has."""
    rule: SafetyRule = stored.value
    wish = ground.wish_at(settings, stored.place)
    if wish.level is not rule.level:
        return f"{_asks_for(stored.place, rule.level)} {_held_at(wish.cause, wish.level)}"
    if wish.loosest.rank > rule.loosest.rank:
        asked, held = rule.loosest, wish.loosest
        return f"{_lets_loosen(stored.place, asked)} {_held_above(wish.bound, held)}"
    return None


def _asks_for(place: Place, level: Strictness) -> str:
    name = _(LEVEL_NAMES[level])
    if place == SERVER:
        return _("The server's rule asks for **{level}**.", level=name)
    return _("The rule of {place} asks for **{level}**.", place=mention_of(place), level=name)


def _held_at(cause: Cause, level: Strictness) -> str:
    name = _(LEVEL_NAMES[level])
    if cause.rule is None:
        return _(
            "But whoever runs this bot only lets it go down to **{level}**; so that is what holds.",
            level=name,
        )
    if cause.rule.place == SERVER:
        return _(
            "But the server's rule only lets it go down to **{level}**; so that is what holds.",
            level=name,
        )
    return _(
        "But the rule of {place} only lets it go down to **{level}**; so that is what holds.",
        place=mention_of(cause.rule.place),
        level=name,
    )


def _lets_loosen(place: Place, level: Strictness) -> str:
    name = _(LEVEL_NAMES[level])
    if place == SERVER:
        return _("The server's rule lets members loosen it to **{level}**.", level=name)
    return _(
        "The rule of {place} lets members loosen it to **{level}**.",
        place=mention_of(place),
        level=name,
    )


def _held_above(cause: Cause, level: Strictness) -> str:
    name = _(LEVEL_NAMES[level])
    if cause.rule is None:
        return _("But whoever runs this bot lets nobody go below **{level}**.", level=name)
    if cause.rule.place == SERVER:
        return _("But the server's rule lets nobody go below **{level}**.", level=name)
    return _(
        "But the rule of {place} lets nobody go below **{level}**.",
        place=mention_of(cause.rule.place),
        level=name,
    )


def _safety(place: Place, settings: GuildSettings, ground: Ground) -> Iterator[str]:
    stored = settings.at(Setting.SAFETY, place)
    if stored is not None:
        if (weak := weakness(stored, settings, ground)) is not None:
            yield weak
        elif Strictness.OFF in {stored.value.level, stored.value.loosest}:
            yield from _off(place, ground)
    others = [
        each.place
        for each in settings.stored.values()
        if each.setting is Setting.SAFETY
        and each.place != place
        and weakness(each, settings, ground) is not None
    ]
    if others and place.scope is not Scope.ROLE:
        names = some(mention_of(each) for each in others)
        yield _(
            "Looser than the rules above them allow, so not followed in full: {places}.",
            places=names,
        )


def _off(place: Place, ground: Ground) -> Iterator[str]:
    """Say that off holds in age-restricted channels alone, unless it is one."""
    channel = ground.guild.get_channel_or_thread(place.id)
    if channel is None or isinstance(channel, discord.CategoryChannel):
        yield _("Off holds in age-restricted channels only; elsewhere unsafe pictures are blurred.")
    elif not ground.asker_at(place).age_restricted:
        yield _(
            "{channel} is not age-restricted, so unsafe pictures are blurred there instead of off. "
            "Discord has the switch: Edit Channel, Age-Restricted Channel.",
            channel=channel.mention,
        )


def _where(_place: Place, settings: GuildSettings, ground: Ground) -> Iterator[str]:
    stored = settings.at(Setting.CHANNELS)
    ids: tuple[int, ...] = stored.value if stored else ()
    found = [ground.guild.get_channel_or_thread(each) for each in ids]
    if ids and not any(found):
        yield _("None of these channels can be found, so the bot cannot be used anywhere.")
    for channel in found:
        yield from _cannot_post(channel)


def _log(_place: Place, settings: GuildSettings, ground: Ground) -> Iterator[str]:
    stored = settings.at(Setting.LOG_CHANNEL)
    if stored is not None:
        yield from _cannot_post(ground.guild.get_channel_or_thread(stored.value))


def _cannot_post(channel: object) -> Iterator[str]:
    if isinstance(channel, discord.abc.GuildChannel | discord.Thread) and (
        missing := missing_in(channel)
    ):
        yield ngettext(
            "I cannot post in {channel}: I need the permission {permissions}.",
            "I cannot post in {channel}: I need the permissions {permissions}.",
            len(missing),
            channel=channel.mention,
            permissions=listed(missing),
        )


def _lists(place: Place, settings: GuildSettings, ground: Ground) -> Iterator[str]:
    """Name the defaults that the server's own lists rule out."""
    inherited = _inherited(place, settings, ground)
    for setting, option, attribute in (
        (Setting.MODELS, "model", "model_id"),
        (Setting.SCHEDULERS, "scheduler", "scheduler"),
        (Setting.LORAS, "lora_model", "lora_model"),
    ):
        stored = settings.at(setting)
        usable: AllowList = stored.value if stored else _ANY
        for each in _several(inherited[attribute]):
            if not usable.permits(each):
                yield _(
                    "The default {option} {value} is not allowed, so `/imagine` without that "
                    "option is refused. Allow it, or choose another default.",
                    option=option,
                    value=as_code(each, 60),
                )


def _several(value: Any) -> Sequence[str]:
    return cast("Sequence[str]", value) if isinstance(value, tuple) else (str(value),)


def _inherited(place: Place, settings: GuildSettings, ground: Ground) -> Mapping[str, Any]:
    usual = {"scheduler": Scheduler.UNI_PC_MULTISTEP, "lora_model": ()}
    inherited: dict[str, Any] = {**usual, **ground.program_defaults}
    asker = ground.asker_at(place)
    for layer in reversed(list(settings.along(Setting.DEFAULTS, asker.channel_ids))):
        inherited.update(layer.value)
    return inherited


def _own_limits(place: Place, settings: GuildSettings, _ground: Ground) -> Iterator[str]:
    here, server = settings.at(Setting.CEILINGS, place), settings.at(Setting.CEILINGS)
    if place == SERVER or here is None or server is None:
        return
    looser = [name for name in Ceilings.model_fields if _is_looser(name, here.value, server.value)]
    if looser:
        yield _(
            "The limits of {place} stand in place of the server's, and are wider for {options}.",
            place=mention_of(place),
            options=in_a_row(looser),
        )


def _is_looser(name: str, here: Ceilings, server: Ceilings) -> bool:
    most, outside = getattr(here, name), getattr(server, name)
    return outside is not None and (most is None or most > outside)


_NOTES: Mapping[Setting, Callable[[Place, GuildSettings, Ground], Iterator[str]]] = {
    Setting.SAFETY: _safety,
    Setting.CHANNELS: _where,
    Setting.LOG_CHANNEL: _log,
    Setting.MODELS: _lists,
    Setting.SCHEDULERS: _lists,
    Setting.LORAS: _lists,
    Setting.DEFAULTS: _lists,
    Setting.CEILINGS: _own_limits,
}
