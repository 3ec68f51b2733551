"""Every sentence of `/defaults`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.option_texts import as_options
from bot.ui.escaping import as_code
from bot.ui.shortening import shorten
from bot.ui.wording import MESSAGE_LIMIT

_VALUE_SHOWN = 50

GROUP = "What your pictures take for options that you leave out"
SHOW = "Your own defaults"
SET = "Choose what an option is where you leave it out"
CLEAR = "Take one of your defaults away, or all of them"
OPTION = "The option"
VALUE = "As you would give it to /imagine; type to search"
OPTION_TO_CLEAR = "Which one; leave it out for all of them"

_NONE = (
    "You have no defaults of your own. What you leave out is as this server has it, or as usual. "
    "`/defaults set` changes that."
)


def all_of(defaults: Mapping[str, Any]) -> str:
    """Return a member's own defaults."""
    if not defaults:
        return _NONE
    lines = [
        f"• `{option}` {as_code(value, _VALUE_SHOWN)}" for option, value in as_options(defaults)
    ]
    heading = "**Your defaults** wherever you leave an option out, before those of any server:"
    return shorten("\n".join([heading, *lines]), MESSAGE_LIMIT)


def was_set(option: str, defaults: Mapping[str, Any]) -> str:
    """Return what is said once a default is set."""
    value = as_code(dict(as_options(defaults)).get(option, ""), 500)
    return f"From now on `{option}` is {value} where you leave it out. `/defaults show` has all."


def was_cleared(option: str | None, count: int) -> str:
    """Return what is said once defaults are cleared."""
    if not count:
        return "There was nothing to clear."
    if option is None:
        return f"Cleared: you had {count} default{'' if count == 1 else 's'} of your own."
    return f"Cleared: {as_code(option, 40)} is again as this server has it, or as usual."
