"""What members read about the parameters in pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.found import Change, Found, Source
from bot.domain.option_texts import as_options
from bot.speech import N_, _, in_a_row
from bot.ui.escaping import as_code, quoted
from bot.ui.shortening import shorten
from bot.ui.wording import MESSAGE_LIMIT

SHOW = "Show parameters"
USE = "Use these parameters"

USE_THE_ONLY = N_("Use these parameters")
NO_PICTURE = N_("There is no picture in that message whose parameters I could read.")
_NO_PROMPT = N_("It names no prompt, so there is nothing to draw from.")

_SOURCES: Mapping[Source, str] = {
    Source.OURS: N_("Written by Imagine"),
    Source.WEBUI: N_("Written by AUTOMATIC1111's web UI, or a tool that writes as it does"),
    Source.COMFY: N_("Written by ComfyUI"),
}

NOTHING_FOUND = N_(
    "nothing in the file says how it was made. Not every tool writes that down, and on many ways "
    "it is lost: when a picture is sent from a phone or pasted, when it is a screenshot, or when a "
    "site made it smaller."
)
TOO_LARGE = N_("larger than 10 MB, which is more than I look through.")
NOT_FETCHED = N_("Discord did not give me the file. Try again in a moment.")

_PROMPT_SHOWN = 700
_VALUE_SHOWN = 80
_CHANGES_SHOWN = 12
_TEXTS: Mapping[str, str] = {
    "prompt": N_("Prompt"),
    "negative_prompt": N_("Negative prompt"),
}


def use_one_of_several(number: int) -> str:
    """Return the label of the button that opens the form with one picture's parameters."""
    return _("Use those of picture {number}", number=number)


def forgotten() -> str:
    """Return what is said where a button outlived what it was to open."""
    return _(
        "I no longer remember what was in that picture. Choose **Apps → {entry}** on its message "
        "once more.",
        entry=USE,
    )


def report(parts: Sequence[str]) -> str:
    """Return what was found in a message's pictures, numbered where there are several."""
    if len(parts) == 1:
        return shorten(parts[0], MESSAGE_LIMIT)
    room = MESSAGE_LIMIT // len(parts) - 1
    numbered = (
        _("**Picture {number}:** {found}", number=number, found=part)
        for number, part in enumerate(parts, 1)
    )
    return "\n".join(shorten(part, room) for part in numbered)


def found(finding: Found, *, brief: bool = False) -> str:
    """Return what a picture says of itself, and what our options make of it."""
    attributes, room = finding.attributes, _PROMPT_SHOWN // (4 if brief else 1)
    rooms = {"prompt": room, "negative_prompt": room // 2}
    lines = [f"-# {_(_SOURCES[finding.source])}"]
    for name, label in _TEXTS.items():
        if text := attributes.get(name):
            lines.append(f"**{_(label)}** {quoted(str(text), rooms[name])}")
    if values := _values(attributes):
        lines.append(values)
    lines += _changes(finding.changes)
    if "prompt" not in attributes:
        lines.append(f"-# {_(_NO_PROMPT)}")
    return "\n".join(lines)


def _values(attributes: Mapping[str, Any]) -> str:
    return " · ".join(
        f"{option} {as_code(text, _VALUE_SHOWN)}"
        for option, text in as_options(attributes)
        if text and option not in _TEXTS
    )


def _changes(changes: Sequence[Change]) -> list[str]:
    """Say what was brought within our limits, and what our options do not have."""
    lines: list[str] = []
    changed = [each for each in changes if each.now is not None]
    if changed:
        lines.append(_("-# Changed to what is possible here: {changes}", changes=_listed(changed)))
    left_out = [each for each in changes if each.now is None]
    if left_out:
        named = _listed(left_out)
        lines.append(_("-# Left out, since I have nothing like it: {options}", options=named))
    return lines


def _listed(changes: Sequence[Change]) -> str:
    named = [_named(each) for each in changes[:_CHANGES_SHOWN]]
    return in_a_row([*named, *(["…"] if len(changes) > _CHANGES_SHOWN else [])])


def _named(change: Change) -> str:
    becomes = "" if change.now is None else f" → {as_code(change.now, 40)}"
    return f"{quoted(change.option, 40)} {as_code(change.was, 40)}{becomes}"
