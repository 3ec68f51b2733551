"""What a plain command changes about a value, whatever it is at that moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from bot.domain.guild_settings import AllowList
from bot.domain.strictness import SafetyRule, Strictness
from bot.guild_settings import Amend

InOrOut = Literal["add", "remove"]
LOCKED = "locked"


def listed(change: InOrOut, named: int) -> Amend:
    """Put an id on a list of ids, or take it off; an empty list is none."""

    def amend(ids: tuple[int, ...] | None) -> tuple[int, ...] | None:
        others = tuple(each for each in ids or () if each != named)
        return (*others, named) if change == "add" else others or None

    return amend


def allowed(change: str, named: str) -> Amend:
    """Allow or block an id, or forget what was decided of it."""

    def amend(ids: AllowList | None) -> AllowList | None:
        before = ids or AllowList()
        changes: Mapping[str, Callable[[str], AllowList]] = {
            "allow": before.allowing,
            "block": before.blocking,
            "remove": before.forgetting,
        }
        after = changes[change](named)
        return after if after != AllowList() else None

    return amend


def safety(level: Strictness, loosest: str | None = None) -> Amend:
    """Set a level, and how far it may be loosened; left out, nothing is loosened by it."""

    def amend(rule: SafetyRule | None) -> SafetyRule | Mapping[str, Any]:
        if loosest is None:
            return SafetyRule.at_level(rule, level)
        return {"level": level, "loosest": level if loosest == LOCKED else loosest}

    return amend
