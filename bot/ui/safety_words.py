"""The safety checker in words: what a level does to a picture, and who decided it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.approval import Approved
from bot.domain.guild_settings import Scope
from bot.domain.safety import Cause, Reason
from bot.domain.strictness import Strictness

LEVEL_WORDS: Mapping[Strictness, str] = {
    Strictness.OFF: "off",
    Strictness.BLUR: "blur",
    Strictness.PIXELATE: "pixelate",
    Strictness.SENSITIVE_CONTENT_TEXT: "a text instead of the picture",
    Strictness.BLACK: "a black picture",
}

_RULE_WORDS: Mapping[Scope, str] = {
    Scope.SERVER: "this server's rule",
    Scope.CHANNEL: "this channel's rule",
    Scope.ROLE: "a rule for one of your roles",
}

_REASON_WORDS: Mapping[Reason, str] = {
    Reason.USUAL: "members may not loosen it here",
    Reason.OPERATOR: "the limit of whoever runs this bot",
    Reason.NOT_AGE_RESTRICTED: "off needs an age-restricted channel",
    Reason.ASKED: "your choice",
}


def cause_words(cause: Cause) -> str:
    """Return who or what decided, as part of a sentence."""
    if cause.rule is not None:
        return _RULE_WORDS[cause.rule.place.scope]
    return _REASON_WORDS[cause.reason]


def rule_notes(approved: Approved) -> Iterator[str]:
    """Yield what a member should know that their server's rules changed."""
    if approved.lowered:
        yield f"Brought within this server's limits: {', '.join(approved.lowered)}"
    safety = approved.safety
    if safety.is_tightened:
        yield f"Safety checker: {LEVEL_WORDS[safety.level]} ({cause_words(safety.cause)})"
