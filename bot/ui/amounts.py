"""What moderators type for a limit: a number, "no limit", or "as the server" for a role."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.quota_rule import BOUNDS, NO_LIMIT, Amount
from bot.errors import InvalidRequest, Problem, UserError
from bot.speech import _, in_a_row, listed

AS_THE_SERVER = "as the server"

_FIELD_OF = {"at_once": "max_active", "cooldown": "cooldown_seconds"}
"""The rule's field where it is not the option's name."""


def amounts_of(typed: Mapping[str, str | None], *, for_role: bool) -> dict[str, Amount | None]:
    """Turn the given options into fields of a rule; what was left out stays out.

    Raises:
        UserError: an option is not understood, or all were left out.
    """
    given = {name: text.strip().lower() for name, text in typed.items() if text is not None}
    if not given:
        options = in_a_row(f"`{name}`" for name in typed)
        raise UserError(_("Say what to set: {options}.", options=options))
    problems = [
        Problem(name, _rule_of(name, for_role=for_role))
        for name, text in given.items()
        if not _is_amount(name, text, for_role=for_role)
    ]
    if problems:
        raise InvalidRequest(problems)
    return {_field_of(name): _amount(text) for name, text in given.items()}


def suggestions(*, for_role: bool) -> list[str]:
    """Return the words that can be chosen instead of a number."""
    return [NO_LIMIT, AS_THE_SERVER] if for_role else [NO_LIMIT]


def _field_of(name: str) -> str:
    return _FIELD_OF.get(name, name)


def _is_amount(name: str, text: str, *, for_role: bool) -> bool:
    if text in suggestions(for_role=for_role):
        return True
    least, most = BOUNDS[_field_of(name)]
    # isdecimal alone is true of digits of every script; the length keeps int() from toiling.
    return text.isascii() and text.isdecimal() and len(text) < 10 and least <= int(text) <= most


def _amount(text: str) -> Amount | None:
    if text == AS_THE_SERVER:
        return None
    return NO_LIMIT if text == NO_LIMIT else int(text)


def _rule_of(name: str, *, for_role: bool) -> str:
    least, most = BOUNDS[_field_of(name)]
    words = listed((f"“{each}”" for each in suggestions(for_role=for_role)), "or")
    return _(
        "must be a whole number from {least} to {most}, or {words}",
        least=least,
        most=most,
        words=words,
    )
