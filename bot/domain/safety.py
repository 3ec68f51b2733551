"""How strict the safety checker is for one request, and why.

Operator's floor → server → category, channel, thread → roles → the request. Each step may tighten;
it may loosen only as far as the step above allows. Where no moderator set anything, members may
only tighten. Off needs three things at once: the operator's floor permits it, a moderator's rule
permits it there, and the channel is age-restricted. In direct messages the operator's floor rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import reduce

from bot.domain.asker import Asker
from bot.domain.guild_settings import GuildSettings, Setting, StoredSetting
from bot.domain.ids import DIRECT_MESSAGES
from bot.domain.strictness import USUAL, SafetyRule, Strictness, tightest


class Reason(Enum):
    """Who or what decided."""

    USUAL = "usual"
    """Nobody set anything."""
    OPERATOR = "operator"
    """The floor of the person who runs the bot."""
    RULE = "rule"
    """A moderator's rule."""
    NOT_AGE_RESTRICTED = "not_age_restricted"
    """A rule would allow it, were the channel age-restricted."""
    ASKED = "asked"
    """The member's own choice."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a level holds; `rule` is the moderator's where that is the reason."""

    reason: Reason
    rule: StoredSetting | None = None


@dataclass(frozen=True, slots=True)
class SafetyDecision:
    """What holds for one request."""

    level: Strictness
    cause: Cause
    loosest: Strictness
    """How far this member could have loosened it here."""
    bound: Cause
    """Why no further."""
    asked: Strictness | None = None

    @property
    def is_tightened(self) -> bool:
        """True where the member asked for less than what holds."""
        return self.asked is not None and self.asked.rank < self.level.rank


def decide_safety(
    settings: GuildSettings,
    asker: Asker,
    *,
    floor: Strictness,
    asked: Strictness | None = None,
) -> SafetyDecision:
    """Decide what a request of this member at this place gets.

    Args:
        settings: what the server has set.
        asker: who asks, and where.
        floor: the loosest that the operator permits there.
        asked: what the member chose; None where they left it to the rules.
    """
    operator = Cause(Reason.OPERATOR)
    start = SafetyDecision(
        level=tightest(USUAL, floor),
        cause=operator if floor.rank > USUAL.rank else Cause(Reason.USUAL),
        loosest=floor,
        bound=operator,
    )
    if asker.guild_id != DIRECT_MESSAGES:
        start = _under_server(start, settings, asker)
    return _asked_for(start, asked)


def _under_server(start: SafetyDecision, settings: GuildSettings, asker: Asker) -> SafetyDecision:
    places = list(settings.along(Setting.SAFETY, asker.channel_ids))
    roles = settings.of_roles(Setting.SAFETY, asker.role_ids)
    if not places and not roles:
        return replace(start, loosest=start.level, bound=start.cause)
    decided = reduce(_under, reversed(places), start)
    if roles:
        decided = _tightest(_under(decided, each) for each in roles)
    return decided if asker.age_restricted else _never_off(decided)


def _under(above: SafetyDecision, stored: StoredSetting) -> SafetyDecision:
    rule: SafetyRule = stored.value
    here = Cause(Reason.RULE, stored)
    heeded = rule.level.rank >= above.loosest.rank
    binds = rule.loosest.rank >= above.loosest.rank
    return SafetyDecision(
        level=rule.level if heeded else above.loosest,
        cause=here if heeded else above.bound,
        loosest=rule.loosest if binds else above.loosest,
        bound=here if binds else above.bound,
    )


def _tightest(decisions: Iterable[SafetyDecision]) -> SafetyDecision:
    """Return the tightest of what several roles give, level and bound each by itself."""
    options: Sequence[SafetyDecision] = list(decisions)
    level = max(options, key=lambda each: each.level.rank)
    bound = max(options, key=lambda each: each.loosest.rank)
    return replace(level, loosest=bound.loosest, bound=bound.bound)


def _never_off(decided: SafetyDecision) -> SafetyDecision:
    cause = Cause(Reason.NOT_AGE_RESTRICTED)
    if decided.level is Strictness.OFF:
        decided = replace(decided, level=Strictness.BLUR, cause=cause)
    if decided.loosest is Strictness.OFF:
        decided = replace(decided, loosest=Strictness.BLUR, bound=cause)
    return decided


def _asked_for(decided: SafetyDecision, asked: Strictness | None) -> SafetyDecision:
    if asked is None:
        return decided
    if asked.rank >= decided.loosest.rank:
        return replace(decided, level=asked, cause=Cause(Reason.ASKED), asked=asked)
    return replace(decided, level=decided.loosest, cause=decided.bound, asked=asked)
