"""Every sentence of `/preset`."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.preset import Preset
from bot.speech import N_, _
from bot.ui.escaping import as_code, quoted
from bot.ui.shortening import shorten
from bot.ui.wording import MESSAGE_LIMIT

_TEXT_SHOWN = 80
_SAVED_SHOWN = 500
_LABEL_LIMIT = 100

GROUP = "Options and words under a name, to use again"
SAVE = "Keep options, or words around the prompt, under a name"
USE = "Turn words into a picture with a preset"
LIST = "Your presets and those of this server"
DELETE = "Delete a preset"
NAME = "What it is called; an earlier one of that name is replaced"
TEXT = "Such as: {prompt}, watercolour --ar 3:2 --steps 41. Left out: your newest picture's options"
PICTURE = "Yes: your newest picture's options, and what the text says over them"
FOR_SERVER = "Yes: for everybody in this server (moderators)"
USED = "Which one; type to search"
PROMPT = "What the picture should show; flags such as --seed 7 come before the preset's options"
OF_SERVER = "Yes: one of this server's (moderators)"

OLDER, NEWER = N_("Back"), N_("More")
_OF_THIS_SERVER = N_("this server's")

_NONE = N_(
    "There are no presets yet. Save one with `/preset save`: its text is what you would type for "
    "`/imagine`, with `{prompt}` where your words go, such as "
    "`{prompt}, watercolour --ar 3:2 --steps 41`."
)


def saved(preset: Preset, earlier: Preset | None) -> str:
    """Return what is said once a preset is saved, with what would make the earlier one again."""
    whole = (
        N_("Saved for everybody in this server as **{name}**: {text}")
        if preset.shelf.is_servers
        else N_("Saved for you as **{name}**: {text}")
    )
    how = _("Use it with `/preset use`, or write `--preset` and its name in any prompt.")
    lines = [_(whole, name=_name(preset), text=as_code(preset.text, _SAVED_SHOWN))]
    if earlier is not None and earlier.text != preset.text:
        lines.append(_("It replaces {text}", text=as_code(earlier.text, _SAVED_SHOWN)))
    return "\n".join([*lines, f"-# {how}"])


def deleted(preset: Preset) -> str:
    """Return what is said once a preset is deleted, with what would make it again."""
    text = as_code(preset.text, _SAVED_SHOWN)
    return _("Deleted **{name}**. It was {text}", name=_name(preset), text=text)


def page(presets: Sequence[Preset], start: int, size: int) -> str:
    """Return a page of what a member can use."""
    if not presets:
        return _(_NONE)
    own = {preset.key for preset in presets if not preset.shelf.is_servers}
    shown = presets[start : start + size]
    lines = [_line(preset, own) for preset in shown]
    heading = _(
        "**Presets** {first}–{last} of {total}",
        first=start + 1,
        last=start + len(shown),
        total=len(presets),
    )
    return shorten("\n".join([heading, *lines]), MESSAGE_LIMIT)


def label(preset: Preset) -> str:
    """Return a preset's name among others, as plain text."""
    if not preset.shelf.is_servers:
        return preset.name
    return shorten(f"{preset.name} · {_(_OF_THIS_SERVER)}", _LABEL_LIMIT)


def _line(preset: Preset, own: set[str]) -> str:
    note = ""
    if preset.shelf.is_servers:
        hidden = preset.key in own
        whose = N_("this server's; yours of that name comes first") if hidden else _OF_THIS_SERVER
        note = f" ({_(whose)})"
    return f"• **{_name(preset)}**{note} {as_code(preset.text, _TEXT_SHOWN)}"


def _name(preset: Preset) -> str:
    return quoted(preset.name, 60)
