"""What a setting is called, what its values mean, and who set them, in a moderator's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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
)
from bot.domain.option_texts import as_options
from bot.domain.safety import Cause, Reason, SafetyDecision
from bot.domain.strictness import USUAL, SafetyRule, Strictness
from bot.ui import quota_words
from bot.ui.escaping import as_code
from bot.ui.wording import mention, relative

_LISTED, _IDS_LISTED = 8, 5
_ID_SHOWN, _VALUE_SHOWN = 50, 60

TITLES: Mapping[Setting, str] = {
    Setting.SAFETY: "Safety checker",
    Setting.FLAGGED: "Flagged pictures",
    Setting.CHANNELS: "Channels",
    Setting.ROLES: "Members",
    Setting.MODERATORS: "Moderators",
    Setting.DEFAULTS: "Defaults",
    Setting.MODELS: "Models",
    Setting.SCHEDULERS: "Schedulers",
    Setting.LORAS: "LoRAs",
    Setting.CEILINGS: "Limits",
    Setting.PROGRESS: "Progress",
    Setting.REUSE: "Reuse",
    Setting.LOG_CHANNEL: "Log channel",
    Setting.NAME_RULES: "Refusals",
    Setting.QUOTA: "Quotas",
    Setting.QUOTA_EXEMPT: "Without quotas",
}

LEVEL_NAMES: Mapping[Strictness, str] = {
    Strictness.OFF: "off",
    Strictness.BLUR: "blur",
    Strictness.PIXELATE: "pixelate",
    Strictness.SENSITIVE_CONTENT_TEXT: "text",
    Strictness.BLACK: "black",
}
"""One word for each, from loose to strict."""

LEVEL_WORDS: Mapping[Strictness, str] = {
    Strictness.OFF: "shown as they are (off)",
    Strictness.BLUR: "blurred",
    Strictness.PIXELATE: "pixelated",
    Strictness.SENSITIVE_CONTENT_TEXT: "hidden behind a text",
    Strictness.BLACK: "replaced by a black picture",
}
"""What happens to unsafe pictures: they are …"""

FLAGGED_WORDS: Mapping[Flagged, str] = {
    Flagged.WITHHELD: "not posted; the member is told why",
    Flagged.SPOILER: "posted behind a spoiler",
    Flagged.SHOWN: "posted like any other",
}

PROGRESS_WORDS: Mapping[Audience, str] = {
    Audience.EVERYONE: "everybody in the channel sees who asked for what, and how it goes on",
    Audience.REQUESTER: "only the member who asked sees how it goes on",
}

REUSE_WORDS: Mapping[Audience, str] = {
    Audience.EVERYONE: "everybody may use the parameters of a public picture",
    Audience.REQUESTER: "only the member who asked for a picture may use its parameters",
}

NAMING_WORDS: Mapping[bool, str] = {
    True: "a refused member is told which rule matched",
    False: "a refused member is told only that some rule matched",
}

RULE_KINDS: Mapping[str, str] = {"word": "word or phrase", "pattern": "regular expression"}


def prompt_rule_words(kind: str, text: str) -> str:
    """Return what a prompt rule matches."""
    return f"{RULE_KINDS[kind]} {as_code(text, _ID_SHOWN)}"


def rule_words(rule: SafetyRule) -> str:
    """Return what a safety rule says of unsafe pictures."""
    loosening = loosening_words(rule.loosest, rule.level)
    return f"unsafe pictures are **{LEVEL_WORDS[rule.level]}**; {loosening}"


def loosening_words(loosest: Strictness, level: Strictness) -> str:
    """Return how far members may loosen a level."""
    if loosest is level:
        return "members may not loosen that"
    return f"members may loosen that as far as **{LEVEL_NAMES[loosest]}**"


def decision_words(decided: SafetyDecision) -> str:
    """Return what holds for the safety checker, and why."""
    what = rule_words(SafetyRule(level=decided.level, loosest=decided.loosest))
    return f"{sentence(what)}\n-# {sentence(cause_words(decided.cause))}"


def cause_words(cause: Cause) -> str:
    """Return who decided."""
    if cause.rule is not None:
        return source_words(cause.rule)
    return {
        Reason.USUAL: source_words(None),
        Reason.OPERATOR: "the limit of whoever runs this bot",
        Reason.NOT_AGE_RESTRICTED: "a rule asks for off, which needs an age-restricted channel",
    }.get(cause.reason, "")


def place_words(place: Place) -> str:
    """Return where a value holds, as part of a sentence."""
    match place.scope:
        case Scope.SERVER:
            return "in the whole server"
        case Scope.CHANNEL:
            return f"in <#{place.id}>"
        case Scope.ROLE:
            return f"for <@&{place.id}>"


def mention_of(place: Place) -> str:
    """Return a channel or a role as Discord shows it."""
    return f"<@&{place.id}>" if place.scope is Scope.ROLE else f"<#{place.id}>"


def owner_words(place: Place) -> str:
    """Return whose a rule is."""
    match place.scope:
        case Scope.SERVER:
            return "the server's rule"
        case Scope.CHANNEL:
            return f"the rule of <#{place.id}>"
        case Scope.ROLE:
            return f"the rule of <@&{place.id}>"


def source_words(stored: StoredSetting | None) -> str:
    """Return where a value comes from; Discord shows the moment as "3 days ago"."""
    if stored is None:
        return "the usual: nobody has set this"
    return f"{owner_words(stored.place)}, {set_words(stored)}"


def set_words(stored: StoredSetting) -> str:
    """Return who set a value, and when."""
    return f"set by {mention(stored.set_by)} {relative(stored.set_at_ms)}"


def value_words(setting: Setting, value: Any) -> str:
    """Return what a value means; None where nothing is set."""
    if value is None:
        return _UNSET[setting]
    return _WORDS[setting](value)


def sentence(words: str) -> str:
    """Return words as a sentence."""
    return f"{words[:1].upper()}{words[1:]}."


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
    return ", ".join(every[:most]) + (f" and {more} more" if more > 0 else "")


def list_words(listed: AllowList) -> str:
    """Return which ids an allow-list lets through."""
    if not listed.allowed and not listed.blocked:
        return "all"
    allowed = f"only {_ids(listed.allowed)}" if listed.allowed else "all"
    return f"{allowed}, but not {_ids(listed.blocked)}" if listed.blocked else allowed


def _ids(ids: Sequence[str]) -> str:
    return some((as_code(each, _ID_SHOWN) for each in ids), _IDS_LISTED)


def ceiling_words(ceilings: Ceilings) -> str:
    """Return the most one request may ask for."""
    parts: list[str] = []
    if ceilings.samples is not None:
        parts.append(f"{ceilings.samples} picture{'s' if ceilings.samples > 1 else ''} at once")
    if ceilings.side is not None:
        parts.append(f"sides of {ceilings.side} pixels")
    if ceilings.steps is not None:
        parts.append(f"{ceilings.steps} steps")
    if ceilings.upscale is not None:
        parts.append(f"enlarged {ceilings.upscale} times" if ceilings.upscale else "no enlarging")
    return "at most " + ", ".join(parts) if parts else _UNSET[Setting.CEILINGS]


def default_words(defaults: Mapping[str, Any]) -> str:
    """Return defaults as options of `/imagine`."""
    return some(f"{option} {as_code(text, _VALUE_SHOWN)}" for option, text in as_options(defaults))


_WORDS: Mapping[Setting, Callable[[Any], str]] = {
    Setting.SAFETY: rule_words,
    Setting.FLAGGED: FLAGGED_WORDS.__getitem__,
    Setting.CHANNELS: lambda ids: f"only in {channels(ids)}",
    Setting.ROLES: lambda ids: f"only with one of the roles {roles(ids)}",
    Setting.MODERATORS: lambda ids: f"people with Manage Server, and {roles(ids)}",
    Setting.DEFAULTS: default_words,
    Setting.MODELS: list_words,
    Setting.SCHEDULERS: list_words,
    Setting.LORAS: list_words,
    Setting.CEILINGS: ceiling_words,
    Setting.PROGRESS: PROGRESS_WORDS.__getitem__,
    Setting.REUSE: REUSE_WORDS.__getitem__,
    Setting.LOG_CHANNEL: lambda channel_id: f"<#{channel_id}>",
    Setting.NAME_RULES: NAMING_WORDS.__getitem__,
    Setting.QUOTA: lambda rule: quota_words.rule_words(rule) or _UNSET[Setting.QUOTA],
    Setting.QUOTA_EXEMPT: lambda ids: f"members with {roles(ids)}",
}

_UNSET: Mapping[Setting, str] = {
    Setting.SAFETY: f"unsafe pictures are {LEVEL_WORDS[USUAL]}",
    Setting.FLAGGED: FLAGGED_WORDS[Flagged.SPOILER],
    Setting.CHANNELS: "in every channel",
    Setting.ROLES: "everybody may make pictures",
    Setting.MODERATORS: "people with Manage Server",
    Setting.DEFAULTS: "the bot's own",
    Setting.MODELS: "all",
    Setting.SCHEDULERS: "all",
    Setting.LORAS: "all",
    Setting.CEILINGS: "whatever the image service allows",
    Setting.PROGRESS: PROGRESS_WORDS[Audience.EVERYONE],
    Setting.REUSE: REUSE_WORDS[Audience.EVERYONE],
    Setting.LOG_CHANNEL: "none",
    Setting.NAME_RULES: NAMING_WORDS[False],
    Setting.QUOTA: "none of this server's own",
    Setting.QUOTA_EXEMPT: "nobody",
}
