"""How `/history` looks: a section a job with its picture beside it and its buttons below.

Components V2, so that each job's buttons stand under that very job. Four jobs and the buttons that
turn the page are 40 components, which is as many as Discord allows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import discord

from bot.domain.ids import JobId
from bot.domain.job import TERMINAL, Job
from bot.history import HistoryPage
from bot.speech import _
from bot.ui import history_words
from bot.ui.button_rows import AGAIN
from bot.ui.history_press import Act, Press
from bot.ui.job_button import custom_id
from bot.ui.lasting import lasting_layout

_GREY, _GREEN, _RED = (
    discord.ButtonStyle.secondary,
    discord.ButtonStyle.success,
    discord.ButtonStyle.danger,
)


def page_view(
    page: HistoryPage,
    heading: str,
    here: Press,
    previews: Mapping[JobId, tuple[discord.File, int]],
) -> discord.ui.LayoutView:
    """Return a page; `previews` has each job's first picture and how many there are."""
    items: list[discord.ui.Item[Any]] = [discord.ui.TextDisplay(heading)]
    for place, job in enumerate(page.jobs):
        if place:
            items.append(discord.ui.Separator())
        file, count = previews.get(job.id, (None, 0))
        items += [_entry(history_words.entry(job, count), file), _acts(job, here, count)]
    turns = list(_turns(page, here))
    if turns:
        items += [discord.ui.Separator(), discord.ui.ActionRow(*turns)]
    return lasting_layout(*items)


def text_view(text: str, *buttons: discord.ui.Button[Any]) -> discord.ui.LayoutView:
    """Return words, and buttons below them."""
    row = [discord.ui.ActionRow(*buttons)] if buttons else []
    return lasting_layout(discord.ui.TextDisplay(text), *row)


def sharing_view(job: Job, here: Press, files: Sequence[discord.File]) -> discord.ui.LayoutView:
    """Return a job's pictures at their full size, and the question which one to show."""
    items: list[discord.ui.Item[Any]] = [
        discord.ui.TextDisplay(history_words.before_sharing(job, len(files))),
        discord.ui.MediaGallery(*map(_shown, files)),
        discord.ui.ActionRow(*_choices(here, len(files))),
        discord.ui.ActionRow(back_button(here)),
    ]
    return lasting_layout(*items)


def deleting_view(job: Job, here: Press) -> discord.ui.LayoutView:
    """Return the question whether a job is to be deleted."""
    really = _button(_("Delete for good"), here.to(Act.FORGET), emoji="🗑️", style=_RED)
    return text_view(history_words.before_deleting(job), really, back_button(here))


def back_button(here: Press) -> discord.ui.Button[Any]:
    """Return what leads back to the page."""
    return _button(_("Back"), here.to(Act.PAGE, job_id=JobId(0)), emoji="↩️")


def _entry(text: str, file: discord.File | None) -> discord.ui.Item[Any]:
    if file is None:
        return discord.ui.TextDisplay(text)
    picture = discord.ui.Thumbnail[Any](
        file.uri, description=file.description, spoiler=file.spoiler
    )
    return discord.ui.Section(text, accessory=picture)


def _acts(job: Job, here: Press, pictures: int) -> discord.ui.ActionRow[Any]:
    """Return a job's buttons; those that make no sense for it are left out."""
    at = here.to(Act.PAGE, job_id=job.id)
    is_favourite = job.favourited_at_ms is not None
    again = discord.ui.Button[Any](
        label=_(AGAIN.label), emoji=AGAIN.emoji, custom_id=custom_id(AGAIN.action, job.id)
    )
    favourite = _button(
        _("Favourite"),
        at.to(Act.FAVOURITE),
        emoji="⭐",
        style=_GREEN if is_favourite else _GREY,
    )
    share = [_button(_("Share"), at.to(Act.SHARE), emoji="📣")] if pictures else []
    delete = [_button(_("Delete"), at.to(Act.DELETE), emoji="🗑️")] if job.status in TERMINAL else []
    return discord.ui.ActionRow(again, *share, favourite, *delete)


def _turns(page: HistoryPage, here: Press) -> Iterator[discord.ui.Button[Any]]:
    if page.has_newer:
        newer = Press(Act.NEWER, here.filter_id, page.jobs[0].id)
        yield _button(_("Newer"), newer, emoji="⏪")
    if page.has_older:
        older = Press(Act.PAGE, here.filter_id, page.jobs[-1].id - 1)
        yield _button(_("Older"), older, emoji="⏩")


def _choices(here: Press, pictures: int) -> Iterator[discord.ui.Button[Any]]:
    if pictures == 1:
        yield _button(_("Share"), here.to(Act.POST, number=1), emoji="📣", style=_GREEN)
        return
    for number in range(1, pictures + 1):
        yield _button(str(number), here.to(Act.POST, number=number), emoji="📣")
    yield _button(_("All"), here.to(Act.POST), emoji="📣")


def _shown(file: discord.File) -> discord.MediaGalleryItem:
    return discord.MediaGalleryItem(file.uri, description=file.description, spoiler=file.spoiler)


def _button(
    label: str,
    press: Press,
    *,
    emoji: str | None = None,
    style: discord.ButtonStyle = _GREY,
) -> discord.ui.Button[Any]:
    return discord.ui.Button(label=label, emoji=emoji, style=style, custom_id=press.custom_id)
