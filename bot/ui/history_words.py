"""What `/history` says: of a page, of each job on it, before sharing and before deleting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.domain.history import HistoryFilter
from bot.domain.ids import DIRECT_MESSAGES, GuildId
from bot.domain.job import Job, JobStatus
from bot.domain.outcome import EndReason
from bot.ui import wording
from bot.ui.escaping import quoted

NOTHING = "You have not asked for any picture yet. Try `/imagine`."
NOTHING_LEFT = "There is nothing left to show here."
DELETED = "Deleted."

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
    words = " I look for words, whole or begun, in your prompts." if wanted.search else ""
    return f"Nothing in your history fits: {filter_line(wanted, here)}.{words}"


def heading(wanted: HistoryFilter, here: GuildId) -> str:
    """Return what stands above a page."""
    title = "## Your pictures"
    return title if wanted.is_empty else f"{title}\n-# {filter_line(wanted, here)}"


def filter_line(wanted: HistoryFilter, here: GuildId) -> str:
    """Return in one line what a filter lets through; `here` is the server it is read in."""
    return " · ".join(_filter_words(wanted, here))


def _filter_words(wanted: HistoryFilter, here: GuildId) -> Iterator[str]:
    if wanted.search:
        yield f"with “{quoted(wanted.search, 200)}”"
    if wanted.model_id:
        yield f"model {quoted(wanted.model_id, _ID_SHOWN)}"
    if wanted.since:
        yield f"since {wanted.since}"
    if wanted.until:
        yield f"until {wanted.until}"
    if wanted.guild_id is not None:
        yield _place(wanted.guild_id, here)
    if wanted.favourites:
        yield "favourites"


def _place(guild_id: GuildId, here: GuildId) -> str:
    if guild_id == DIRECT_MESSAGES:
        return "in direct messages"
    return "in this server" if guild_id == here else "in one other server"


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
        yield "taken down by a moderator"
        return
    match job.status:
        case JobStatus.DELIVERED if pictures > 1:
            yield f"{pictures} pictures"
        case JobStatus.DELIVERED if not pictures:
            yield "pictures no longer kept"
        case JobStatus.FAILED | JobStatus.REFUSED | JobStatus.EXPIRED:
            yield wording.END_WORDS[job.end_reason or EndReason.INTERNAL]
        case JobStatus.CANCELLED:
            yield "cancelled"
        case _:
            pass
    if job.message_deleted_at_ms is not None:
        yield "its message was deleted"
    elif job.message_id:
        yield f"[show]({wording.jump_link(job)})"


def before_sharing(job: Job, pictures: int) -> str:
    """Return the question before everybody sees something."""
    which = "Show this" if pictures == 1 else "Which of these shall I show"
    return (
        f"### {which} to everybody in this channel?\n-# {quoted(job.request.prompt, _PROMPT_SHOWN)}"
    )


def before_deleting(job: Job) -> str:
    """Return the question before something is lost."""
    return (
        "### Delete this for good?\n"
        f"{quoted(job.request.prompt, _PROMPT_SHOWN)}\n"
        "-# It leaves your history, my copies of its pictures are erased, and I delete the message "
        "that showed it. What you shared from here stays. It still counts against your quota."
    )


def shared(job: Job, defaults: Mapping[str, Any]) -> str:
    """Return the text above a picture that its owner shows again."""
    who = wording.mention(job.origin.user_id)
    return (
        f"{who} — {quoted(job.request.prompt, 700)}\n"
        f"-# Shared from their history · {wording.summary(job.request, defaults)}"
    )


def shared_at(address: str) -> str:
    """Return what the owner is told afterwards."""
    return f"Everybody in this channel sees it now: [look]({address})"
