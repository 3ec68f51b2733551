"""What a setting is called, what its values mean, and who set them, in a moderator's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.domain.guild_settings import (
    AllowList,
    Audience,
    Ceilings,
    Flagged,
    Place,
    Scope,
    Setting,
    StoredSetting,
    Tongue,
)
from bot.domain.option_texts import as_options
from bot.domain.safety import Cause, Reason, SafetyDecision
from bot.domain.strictness import USUAL, SafetyRule, Strictness
from bot.speech import N_, _, capitalised, in_a_row, ngettext
from bot.ui import quota_words
from bot.ui.escaping import as_code
from bot.ui.wording import mention, relative

_LISTED, _IDS_LISTED = 8, 5
_ID_SHOWN, _VALUE_SHOWN = 50, 60

_ALL = N_("all")

TITLES: Mapping[Setting, str] = {
    Setting.SAFETY: N_("Safety checker"),
    Setting.FLAGGED: N_("Flagged pictures"),
    Setting.CHANNELS: N_("Channels"),
    Setting.ROLES: N_("Members"),
    Setting.MODERATORS: N_("Moderators"),
    Setting.DEFAULTS: N_("Defaults"),
    Setting.MODELS: N_("Models"),
    Setting.SCHEDULERS: N_("Schedulers"),
    Setting.LORAS: N_("LoRAs"),
    Setting.CEILINGS: N_("Limits"),
    Setting.PROGRESS: N_("Progress"),
    Setting.REUSE: N_("Reuse"),
    Setting.LOG_CHANNEL: N_("Log channel"),
    Setting.LANGUAGE: N_("Language"),
    Setting.NAME_RULES: N_("Refusals"),
    Setting.QUOTA: N_("Quotas"),
    Setting.QUOTA_EXEMPT: N_("Without quotas"),
}

LEVEL_NAMES: Mapping[Strictness, str] = {
    Strictness.OFF: N_("Off"),
    Strictness.BLUR: N_("Blur"),
    Strictness.PIXELATE: N_("Pixelate"),
    Strictness.SENSITIVE_CONTENT_TEXT: N_("Text"),
    Strictness.BLACK: N_("Black"),
}
"""One word for each, from loose to strict."""

LEVEL_WORDS: Mapping[Strictness, str] = {
    Strictness.OFF: N_("unsafe pictures are **shown as they are (off)**"),
    Strictness.BLUR: N_("unsafe pictures are **blurred**"),
    Strictness.PIXELATE: N_("unsafe pictures are **pixelated**"),
    Strictness.SENSITIVE_CONTENT_TEXT: N_("unsafe pictures are **hidden behind a text**"),
    Strictness.BLACK: N_("unsafe pictures are **replaced by a black picture**"),
}

FLAGGED_WORDS: Mapping[Flagged, str] = {
    Flagged.WITHHELD: N_("not posted; the member is told why"),
    Flagged.SPOILER: N_("posted behind a spoiler"),
    Flagged.SHOWN: N_("posted like any other"),
}

PROGRESS_WORDS: Mapping[Audience, str] = {
    Audience.EVERYONE: N_("everybody in the channel sees who asked, and how it goes on"),
    Audience.REQUESTER: N_("only the member who asked sees how it goes on"),
}

REUSE_WORDS: Mapping[Audience, str] = {
    Audience.EVERYONE: N_("everybody may use the parameters of a public picture"),
    Audience.REQUESTER: N_("only the member who asked for a picture may use its parameters"),
}

NAMING_WORDS: Mapping[bool, str] = {
    True: N_("a refused member is told which rule matched"),
    False: N_("a refused member is told only that some rule matched"),
}

OWN_NAMES: Mapping[Tongue, str] = {
    Tongue.ENGLISH: "English",
    Tongue.GERMAN: "Deutsch",
    Tongue.FRENCH: "Français",
    Tongue.SPANISH: "Español",
    Tongue.PORTUGUESE: "Português do Brasil",
    Tongue.JAPANESE: "日本語",
    Tongue.KOREAN: "한국어",
    Tongue.CHINESE: "简体中文",
    Tongue.RUSSIAN: "Русский",
    Tongue.TURKISH: "Türkçe",
}
"""What each language calls itself, whichever is spoken."""

RULE_KINDS: Mapping[str, str] = {
    "word": N_("word or phrase"),
    "pattern": N_("regular expression"),
}


def prompt_rule_words(kind: str, text: str) -> str:
    """Return what a prompt rule matches."""
    return f"{_(RULE_KINDS[kind])} {as_code(text, _ID_SHOWN)}"


def rule_words(rule: SafetyRule) -> str:
    """Return what a safety rule says of unsafe pictures."""
    loosening = loosening_words(rule.loosest, rule.level)
    return _("{rule}; {loosening}", rule=_(LEVEL_WORDS[rule.level]), loosening=loosening)


def loosening_words(loosest: Strictness, level: Strictness) -> str:
    """Return how far members may loosen a level."""
    if loosest is level:
        return _("members may not loosen that")
    return _("members may loosen that as far as **{level}**", level=_(LEVEL_NAMES[loosest]))


def decision_words(decided: SafetyDecision) -> str:
    """Return what holds for the safety checker, and why."""
    what = rule_words(SafetyRule(level=decided.level, loosest=decided.loosest))
    return f"{sentence(what)}\n-# {sentence(cause_words(decided.cause))}"


def cause_words(cause: Cause) -> str:
    """Return who decided."""
    if cause.rule is not None:
        return source_words(cause.rule)
    match cause.reason:
        case Reason.OPERATOR:
            return _("the limit of whoever runs this bot")
        case Reason.NOT_AGE_RESTRICTED:
            return _("a rule asks for off, which needs an age-restricted channel")
        case _:
            return source_words(None)


def place_words(place: Place) -> str:
    """Return where a value holds, as part of a sentence."""
    if place.scope is Scope.SERVER:
        return _("in the whole server")
    if place.scope is Scope.CHANNEL:
        return _("in {channel}", channel=mention_of(place))
    return _("for {role}", role=mention_of(place))


def mention_of(place: Place) -> str:
    """Return a channel or a role as Discord shows it."""
    return f"<@&{place.id}>" if place.scope is Scope.ROLE else f"<#{place.id}>"


def source_words(stored: StoredSetting | None) -> str:
    """Return where a value comes from; Discord shows the moment as "3 days ago"."""
    if stored is None:
        return _("the usual: nobody has set this")
    who, when = mention(stored.set_by), relative(stored.set_at_ms)
    if stored.place.scope is Scope.SERVER:
        return _("the server's rule, set by {member} {when}", member=who, when=when)
    place = mention_of(stored.place)
    return _("the rule of {place}, set by {member} {when}", place=place, member=who, when=when)


def set_words(stored: StoredSetting) -> str:
    """Return who set a value, and when."""
    who, when = mention(stored.set_by), relative(stored.set_at_ms)
    return _("set by {member} {when}", member=who, when=when)


def value_words(setting: Setting, value: Any) -> str:
    """Return what a value means; None where nothing is set."""
    if value is None:
        return _(_UNSET[setting])
    return _WORDS[setting](value)


def titled(setting: Setting, words: str) -> str:
    """Return words below the name of a setting."""
    return _("**{setting}:** {words}", setting=_(TITLES[setting]), words=words)


def sentence(words: str) -> str:
    """Return words as a sentence."""
    return _("{words}.", words=capitalised(words))


def channels(ids: Sequence[int]) -> str:
    """Return channels as Discord shows them."""
    return some(f"<#{each}>" for each in ids)


def roles(ids: Sequence[int]) -> str:
    """Return roles as Discord shows them."""
    return some(f"<@&{each}>" for each in ids)


def some(words: Iterable[str], most: int = _LISTED) -> str:
    """Return the first of several things, and how many more there are."""
    every = list(words)
    more = len(every) - most
    listed = in_a_row(every[:most])
    if more <= 0:
        return listed
    return ngettext("{items} and {count} more", "{items} and {count} more", more, items=listed)


def more_words(count: int) -> str:
    """Return the last line of a list that is not shown in full."""
    return ngettext("… and {count} more", "… and {count} more", count)


def list_words(listed: AllowList) -> str:
    """Return which ids an allow-list lets through."""
    allowed, blocked = _ids(listed.allowed), _ids(listed.blocked)
    if allowed and blocked:
        return _("only {allowed}, but not {blocked}", allowed=allowed, blocked=blocked)
    if allowed:
        return _("only {allowed}", allowed=allowed)
    return _("all, but not {blocked}", blocked=blocked) if blocked else _(_ALL)


def _ids(ids: Sequence[str]) -> str:
    return some((as_code(each, _ID_SHOWN) for each in ids), _IDS_LISTED)


def ceiling_words(ceilings: Ceilings) -> str:
    """Return the most one request may ask for."""
    limits = in_a_row(_limits(ceilings))
    return _("at most {limits}", limits=limits) if limits else _(_UNSET[Setting.CEILINGS])


def _limits(ceilings: Ceilings) -> Iterator[str]:
    if ceilings.samples is not None:
        yield ngettext("{count} picture at once", "{count} pictures at once", ceilings.samples)
    if ceilings.side is not None:
        yield _("sides of {side} pixels", side=ceilings.side)
    if ceilings.steps is not None:
        yield ngettext("{count} step", "{count} steps", ceilings.steps)
    if ceilings.upscale:
        yield ngettext("enlarged {count} time", "enlarged {count} times", ceilings.upscale)
    elif ceilings.upscale is not None:
        yield _("no enlarging")


def default_words(defaults: Mapping[str, Any]) -> str:
    """Return defaults as options of `/imagine`."""
    return some(f"{option} {as_code(text, _VALUE_SHOWN)}" for option, text in as_options(defaults))


_WORDS: Mapping[Setting, Callable[[Any], str]] = {
    Setting.SAFETY: rule_words,
    Setting.FLAGGED: lambda value: _(FLAGGED_WORDS[value]),
    Setting.CHANNELS: lambda ids: _("only in {channels}", channels=channels(ids)),
    Setting.ROLES: lambda ids: _("only with one of the roles {roles}", roles=roles(ids)),
    Setting.MODERATORS: lambda ids: _("people with Manage Server, and {roles}", roles=roles(ids)),
    Setting.DEFAULTS: default_words,
    Setting.MODELS: list_words,
    Setting.SCHEDULERS: list_words,
    Setting.LORAS: list_words,
    Setting.CEILINGS: ceiling_words,
    Setting.PROGRESS: lambda value: _(PROGRESS_WORDS[value]),
    Setting.REUSE: lambda value: _(REUSE_WORDS[value]),
    Setting.LOG_CHANNEL: lambda channel_id: f"<#{channel_id}>",
    Setting.LANGUAGE: lambda value: OWN_NAMES[value],
    Setting.NAME_RULES: lambda value: _(NAMING_WORDS[value]),
    Setting.QUOTA: lambda rule: quota_words.rule_words(rule) or _(_UNSET[Setting.QUOTA]),
    Setting.QUOTA_EXEMPT: lambda ids: _("members with {roles}", roles=roles(ids)),
}

_UNSET: Mapping[Setting, str] = {
    Setting.SAFETY: LEVEL_WORDS[USUAL],
    Setting.FLAGGED: FLAGGED_WORDS[Flagged.SPOILER],
    Setting.CHANNELS: N_("in every channel"),
    Setting.ROLES: N_("everybody may make pictures"),
    Setting.MODERATORS: N_("people with Manage Server"),
    Setting.DEFAULTS: N_("the bot's own"),
    Setting.MODELS: _ALL,
    Setting.SCHEDULERS: _ALL,
    Setting.LORAS: _ALL,
    Setting.CEILINGS: N_("whatever the image service allows"),
    Setting.PROGRESS: PROGRESS_WORDS[Audience.EVERYONE],
    Setting.REUSE: REUSE_WORDS[Audience.EVERYONE],
    Setting.LOG_CHANNEL: N_("no channel"),
    Setting.LANGUAGE: N_("as set in Discord"),
    Setting.NAME_RULES: NAMING_WORDS[False],
    Setting.QUOTA: N_("none of this server's own"),
    Setting.QUOTA_EXEMPT: N_("nobody"),
}
