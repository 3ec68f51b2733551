"""What `/history` says: of a page, of each job on it, before sharing and before deleting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.domain.history import HistoryFilter
from bot.domain.ids import DIRECT_MESSAGES, GuildId
from bot.domain.job import Job, JobStatus
from bot.domain.outcome import EndReason
from bot.speech import N_, _, day, ngettext
from bot.ui import wording
from bot.ui.escaping import quoted

NOTHING = N_("You have not asked for any picture yet. Try `/imagine`.")
NOTHING_LEFT = N_("There is nothing left to show here.")
DELETED = N_("Deleted.")

_PROMPT_SHOWN = 200
_ID_SHOWN = 60
_MARKS: Mapping[JobStatus, str] = {
    JobStatus.DELIVERED: "🖼️",
    JobStatus.CANCELLED: "✖️",
    JobStatus.FAILED: "⚠️",
    JobStatus.REFUSED: "⚠️",
    JobStatus.EXPIRED: "⚠️",
}


def nothing_matches(wanted: HistoryFilter, here: GuildId) -> str:
    """Return the answer where a filter leaves nothing."""
    words = _("Nothing in your history fits: {filters}.", filters=filter_line(wanted, here))
    if not wanted.search:
        return words
    return f"{words} {_('I look for words, whole or begun, in your prompts.')}"


def heading(wanted: HistoryFilter, here: GuildId) -> str:
    """Return what stands above a page."""
    title = f"## {_('Your pictures')}"
    return title if wanted.is_empty else f"{title}\n-# {filter_line(wanted, here)}"


def filter_line(wanted: HistoryFilter, here: GuildId) -> str:
    """Return in one line what a filter lets through; `here` is the server it is read in."""
    return " · ".join(_filter_words(wanted, here))


def _filter_words(wanted: HistoryFilter, here: GuildId) -> Iterator[str]:
    if wanted.search:
        yield _("with “{words}”", words=quoted(wanted.search, 200))
    if wanted.model_id:
        yield _("model {model}", model=quoted(wanted.model_id, _ID_SHOWN))
    if wanted.since:
        yield _("since {day}", day=day(wanted.since))
    if wanted.until:
        yield _("until {day}", day=day(wanted.until))
    if wanted.guild_id is not None:
        yield _place(wanted.guild_id, here)
    if wanted.favourites:
        yield _("only favourites")


def _place(guild_id: GuildId, here: GuildId) -> str:
    if guild_id == DIRECT_MESSAGES:
        return _("in direct messages")
    return _("in this server") if guild_id == here else _("in one other server")


def entry(job: Job, pictures: int) -> str:
    """Return one job: its prompt, and below it what became of it and where."""
    star = "⭐ " if job.favourited_at_ms is not None else ""
    facts = [
        f"{_MARKS.get(job.status, '⏳')} {wording.relative(job.created_at_ms)}",
        quoted(job.request.model_id, _ID_SHOWN),
        *_outcome(job, pictures),
    ]
    return f"{star}{quoted(job.request.prompt, _PROMPT_SHOWN)}\n-# {' · '.join(facts)}"


def _outcome(job: Job, pictures: int) -> Iterator[str]:
    if job.removed_at_ms is not None:
        yield _("taken down by a moderator")
        return
    match job.status:
        case JobStatus.DELIVERED if pictures > 1:
            yield ngettext("{count} picture", "{count} pictures", pictures)
        case JobStatus.DELIVERED if not pictures:
            yield _("pictures no longer kept")
        case JobStatus.FAILED | JobStatus.REFUSED | JobStatus.EXPIRED:
            yield _(wording.END_WORDS[job.end_reason or EndReason.INTERNAL])
        case JobStatus.CANCELLED:
            yield _("cancelled")
        case _:
            pass
    if job.message_deleted_at_ms is not None:
        yield _("its message was deleted")
    elif job.message_id:
        yield _("[show]({address})", address=wording.jump_link(job))


def before_sharing(job: Job, pictures: int) -> str:
    """Return the question before everybody sees something."""
    question = (
        _("Show this to everybody in this channel?")
        if pictures == 1
        else _("Which of these shall I show to everybody in this channel?")
    )
    return f"### {question}\n-# {quoted(job.request.prompt, _PROMPT_SHOWN)}"


def before_deleting(job: Job) -> str:
    """Return the question before something is lost."""
    consequences = _(
        "It leaves your history, my copies of its pictures are erased, and I delete the message "
        "that showed it. What you shared from here stays. It still counts against your quota."
    )
    return (
        f"### {_('Delete this for good?')}\n"
        f"{quoted(job.request.prompt, _PROMPT_SHOWN)}\n"
        f"-# {consequences}"
    )


def shared(job: Job, defaults: Mapping[str, Any]) -> str:
    """Return the text above a picture that its owner shows again."""
    who = wording.mention(job.origin.user_id)
    return (
        f"{who} — {quoted(job.request.prompt, 700)}\n"
        f"-# {_('Shared from their history')} · {wording.summary(job.request, defaults)}"
    )


def shared_at(address: str) -> str:
    """Return what the owner is told afterwards."""
    return _("Everybody in this channel sees it now: [look]({address})", address=address)
