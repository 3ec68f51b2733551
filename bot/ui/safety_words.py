"""The safety checker in words: what a level does to a picture, and who decided it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.approval import Approved
from bot.domain.guild_settings import Scope
from bot.domain.safety import Cause, Reason
from bot.domain.strictness import Strictness
from bot.speech import N_, _, in_a_row

LEVEL_WORDS: Mapping[Strictness, str] = {
    Strictness.OFF: N_("switched off"),
    Strictness.BLUR: N_("a blurred picture"),
    Strictness.PIXELATE: N_("a pixelated picture"),
    Strictness.SENSITIVE_CONTENT_TEXT: N_("a text instead of the picture"),
    Strictness.BLACK: N_("a black picture"),
}

_RULE_WORDS: Mapping[Scope, str] = {
    Scope.SERVER: N_("this server's rule"),
    Scope.CHANNEL: N_("this channel's rule"),
    Scope.ROLE: N_("a rule for one of your roles"),
}

_REASON_WORDS: Mapping[Reason, str] = {
    Reason.USUAL: N_("members may not loosen it here"),
    Reason.OPERATOR: N_("the limit of whoever runs this bot"),
    Reason.NOT_AGE_RESTRICTED: N_("off needs an age-restricted channel"),
    Reason.ASKED: N_("your choice"),
}


def cause_words(cause: Cause) -> str:
    """Return who or what decided, to stand in brackets."""
    if cause.rule is not None:
        return _(_RULE_WORDS[cause.rule.place.scope])
    return _(_REASON_WORDS[cause.reason])


def rule_notes(approved: Approved) -> Iterator[str]:
    """Yield what a member should know that their server's rules changed."""
    if approved.lowered:
        yield _(
            "Brought within this server's limits: {options}", options=in_a_row(approved.lowered)
        )
    safety = approved.safety
    if safety.is_tightened:
        yield _(
            "Safety checker: {level} ({reason})",
            level=_(LEVEL_WORDS[safety.level]),
            reason=cause_words(safety.cause),
        )
