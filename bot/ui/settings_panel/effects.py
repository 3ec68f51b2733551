"""What a moderator should know at once about what they have just set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import discord

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
from bot.ui.askers import asker_at
from bot.ui.escaping import as_code
from bot.ui.permissions import missing_in
from bot.ui.settings_panel.words import LEVEL_NAMES, LEVEL_WORDS, mention_of, owner_words, some

_ANY = AllowList()


@dataclass(frozen=True, slots=True)
class Ground:
    """What rules stand on: the server as it is, and what the operator decided."""

    guild: discord.Guild
    floor: Strictness
    """The loosest safety checker that the operator permits in servers."""
    program_defaults: Mapping[str, Any]

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
        asker = self.asker_at(place).model_copy(update={"age_restricted": True})
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
        return (
            f"{_this(stored.place)} asks for {LEVEL_NAMES[rule.level]}, but {_owner(wish.cause)} "
            f"only lets it go down to {LEVEL_NAMES[wish.level]}; so that is what holds"
        )
    if wish.loosest.rank > rule.loosest.rank:
        return (
            f"{_this(stored.place)} lets members loosen it to {LEVEL_NAMES[rule.loosest]}, but "
            f"{_owner(wish.bound)} lets nobody go below {LEVEL_NAMES[wish.loosest]}"
        )
    return None


def _safety(place: Place, settings: GuildSettings, ground: Ground) -> Iterator[str]:
    stored = settings.at(Setting.SAFETY, place)
    if stored is not None:
        if (weak := weakness(stored, settings, ground)) is not None:
            yield f"{weak}."
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
        yield f"Looser than the rules above them allow, so not followed in full: {names}."


def _off(place: Place, ground: Ground) -> Iterator[str]:
    """Say that off holds in age-restricted channels alone, unless it is one."""
    channel = ground.guild.get_channel_or_thread(place.id)
    blurred = LEVEL_WORDS[Strictness.BLUR]
    if channel is None or isinstance(channel, discord.CategoryChannel):
        yield f"Off holds in age-restricted channels only; elsewhere unsafe pictures are {blurred}."
    elif not ground.asker_at(place).age_restricted:
        yield (
            f"{channel.mention} is not age-restricted, so unsafe pictures are {blurred} there "
            "instead of off. Discord has the switch: Edit Channel, Age-Restricted Channel."
        )


def _this(place: Place) -> str:
    return {
        Scope.SERVER: "The server's rule",
        Scope.CHANNEL: f"The rule of <#{place.id}>",
        Scope.ROLE: f"The rule of <@&{place.id}>",
    }[place.scope]


def _owner(cause: Cause) -> str:
    return "whoever runs this bot" if cause.rule is None else owner_words(cause.rule.place)


def _where(_: Place, settings: GuildSettings, ground: Ground) -> Iterator[str]:
    stored = settings.at(Setting.CHANNELS)
    listed: tuple[int, ...] = stored.value if stored else ()
    found = [ground.guild.get_channel_or_thread(each) for each in listed]
    if listed and not any(found):
        yield "None of these channels can be found, so the bot cannot be used anywhere."
    for channel in found:
        yield from _cannot_post(channel)


def _log(_: Place, settings: GuildSettings, ground: Ground) -> Iterator[str]:
    stored = settings.at(Setting.LOG_CHANNEL)
    if stored is not None:
        yield from _cannot_post(ground.guild.get_channel_or_thread(stored.value))


def _cannot_post(channel: object) -> Iterator[str]:
    if isinstance(channel, discord.abc.GuildChannel | discord.Thread) and (
        missing := missing_in(channel)
    ):
        yield f"I cannot post in {channel.mention}: I need the permission {' and '.join(missing)}."


def _lists(place: Place, settings: GuildSettings, ground: Ground) -> Iterator[str]:
    """Name the defaults that the server's own lists rule out."""
    inherited = _inherited(place, settings, ground)
    for setting, option, attribute in (
        (Setting.MODELS, "model", "model_id"),
        (Setting.SCHEDULERS, "scheduler", "scheduler"),
        (Setting.LORAS, "lora_model", "lora_model"),
    ):
        stored = settings.at(setting)
        listed: AllowList = stored.value if stored else _ANY
        for each in _several(inherited[attribute]):
            if not listed.permits(each):
                yield (
                    f"The default {option} {as_code(each, 60)} is not allowed, so `/imagine` "
                    f"without a {option} is refused. Allow it, or choose another default."
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


def _own_limits(place: Place, settings: GuildSettings, _: Ground) -> Iterator[str]:
    here, server = settings.at(Setting.CEILINGS, place), settings.at(Setting.CEILINGS)
    if place == SERVER or here is None or server is None:
        return
    looser = [name for name in Ceilings.model_fields if _is_looser(name, here.value, server.value)]
    if looser:
        yield (
            f"The limits of <#{place.id}> stand in place of the server's, and are wider for "
            f"{', '.join(looser)}."
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
