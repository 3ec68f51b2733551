"""Every sentence of `/defaults`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.option_texts import as_options
from bot.speech import N_, _, ngettext
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

_NONE = N_(
    "You have no defaults of your own. What you leave out is as this server has it, or as usual. "
    "`/defaults set` changes that."
)


def all_of(defaults: Mapping[str, Any]) -> str:
    """Return a member's own defaults."""
    if not defaults:
        return _(_NONE)
    lines = [
        f"• `{option}` {as_code(value, _VALUE_SHOWN)}" for option, value in as_options(defaults)
    ]
    heading = _("**Your defaults** wherever you leave an option out, before those of any server:")
    return shorten("\n".join([heading, *lines]), MESSAGE_LIMIT)


def was_set(option: str, defaults: Mapping[str, Any]) -> str:
    """Return what is said once a default is set."""
    value = as_code(dict(as_options(defaults)).get(option, ""), 500)
    return _(
        "From now on `{option}` is {value} where you leave it out. `/defaults show` has all.",
        option=option,
        value=value,
    )


def was_cleared(option: str | None, count: int) -> str:
    """Return what is said once defaults are cleared."""
    if not count:
        return _("There was nothing to clear.")
    if option is None:
        return ngettext(
            "Cleared: you had {count} default of your own.",
            "Cleared: you had {count} defaults of your own.",
            count,
        )
    return _(
        "Cleared: {option} is again as this server has it, or as usual.",
        option=as_code(option, 40),
    )
