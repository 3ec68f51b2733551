"""How the buttons under finished jobs look; what they do is in `buttons.py`.

A button that was used says so to everybody: by its sign, and by its colour too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import discord

from bot.domain.abilities import Abilities
from bot.domain.job import Job, JobStatus, Reuse
from bot.domain.outcome import MAYBE_COLD
from bot.domain.reuse import can_enlarge
from bot.speech import N_, _
from bot.ui import button_words
from bot.ui.job_button import custom_id
from bot.ui.lasting import lasting_view

USED = "✅"


@dataclass(frozen=True, slots=True)
class Look:
    """A button; `way` is what is noted of its use, and `factor` how far it enlarges."""

    action: str
    label: str
    """To be translated."""
    emoji: str
    way: Reuse = Reuse.NONE
    factor: int = 0


AGAIN = Look("again", button_words.AGAIN, "🔁", Reuse.AGAIN)
VARY = Look("vary", N_("Vary"), "🎲", Reuse.VARY)
REMIX = Look("remix", N_("Remix"), "🖼️")
EDIT = Look("edit", button_words.EDIT, "✏️", Reuse.EDIT)
ENLARGE_2 = Look("upscale2", N_("Upscale 2×"), "🔍", Reuse.ENLARGE_2, 2)
ENLARGE_3 = Look("upscale3", N_("Upscale 3×"), "🔍", Reuse.ENLARGE_3, 3)
RELOAD = Look("reload", button_words.RELOAD_MODEL, "♻️")
DETAILS = Look("details", N_("Details"), "🔎")
FAVOURITE = Look("favourite", N_("Favourite"), "⭐")
DELETE = Look("delete", N_("Delete"), "🗑️")


def result_view(job: Job, abilities: Abilities) -> discord.ui.View:
    """Return the buttons under finished pictures, in two rows."""
    enlarge = [
        each
        for each in (ENLARGE_2, ENLARGE_3)
        if each.factor <= abilities.upscale and can_enlarge(job, each.factor)
    ]
    return _view(job, (AGAIN, VARY, EDIT, *enlarge), (DETAILS, FAVOURITE, DELETE))


def failure_view(job: Job) -> discord.ui.View:
    """Return the buttons under bad news."""
    mending = (RELOAD,) if job.end_reason in MAYBE_COLD else ()
    return _view(job, (AGAIN, EDIT, *mending, DETAILS, DELETE))


def end_view(job: Job, abilities: Abilities) -> discord.ui.View:
    """Return the buttons of an ended job, whichever way it ended."""
    return result_view(job, abilities) if job.status is JobStatus.DELIVERED else failure_view(job)


def shows_used(message: discord.Message, look: Look, job: Job) -> bool:
    """Tell whether a message shows that a button was used."""
    return any(
        item.custom_id == custom_id(look.action, job.id) and str(item.emoji) == USED
        for row in message.components
        if isinstance(row, discord.ActionRow)
        for item in row.children
        if isinstance(item, discord.Button)
    )


def _view(job: Job, *rows: Iterable[Look]) -> discord.ui.View:
    return lasting_view(
        *(_button(look, job, number) for number, row in enumerate(rows) for look in row)
    )


def _button(look: Look, job: Job, row: int) -> discord.ui.Button[Any]:
    used = _is_used(look, job)
    return discord.ui.Button(
        label=_(look.label),
        emoji=USED if used else look.emoji,
        style=discord.ButtonStyle.success if used else discord.ButtonStyle.secondary,
        custom_id=custom_id(look.action, job.id),
        row=row,
    )


def _is_used(look: Look, job: Job) -> bool:
    if look is FAVOURITE:
        return job.favourited_at_ms is not None
    return job.was_reused(look.way)
