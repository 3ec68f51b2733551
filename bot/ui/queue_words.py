"""What `/queue` and `/cancel` say."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.job import Job, JobStatus
from bot.domain.standing import Phase, Standing
from bot.speech import N_, _, labelled, ngettext, number
from bot.ui import wording
from bot.ui.escaping import quoted
from bot.ui.shortening import shorten

NOTHING_OPEN = N_("You have nothing in the queue.")
CANCEL_ONE = N_("Cancel one of them")
LOOK_AGAIN = N_("Look again")
NOT_ONE_OF_YOURS = N_("is no unfinished job of yours; choose one from the list, or leave it out")

_SHOWN = 5
_PROMPT = 80
_LABEL = 100

_PLAIN = {
    JobStatus.QUEUED: N_("waiting"),
    JobStatus.SUBMITTING: N_("being drawn"),
    JobStatus.PROCESSING: N_("being drawn"),
    JobStatus.READY: N_("being posted"),
}


def overview(
    own: Sequence[tuple[Job, str]], *, waiting: int, running: int, paused_until_ms: int | None
) -> str:
    """Return the page: a member's own jobs with where they stand, then everybody's as numbers."""
    heading = f"## {_('Your queue')}"
    lines = [heading, _(NOTHING_OPEN)]
    if own:
        lines = [heading, *(_line(job, standing) for job, standing in own[:_SHOWN])]
    if len(own) > _SHOWN:
        lines.append(f"-# {_more(len(own) - _SHOWN)}")
    lines.append(f"-# {_of_everybody(waiting, running)}")
    if paused_until_ms is not None:
        lines.append(f"-# ⏸️ {_paused(paused_until_ms)}")
    return "\n".join(lines)


def _more(jobs: int) -> str:
    return ngettext("… and {count} more, an older one", "… and {count} more, older ones", jobs)


def _of_everybody(waiting: int, running: int) -> str:
    return _(
        "Of everybody: {waiting} waiting, {running} being drawn",
        waiting=number(waiting),
        running=number(running),
    )


def _paused(until_ms: int) -> str:
    return _(
        "Nothing goes out at the moment, which is not your fault. I try again {when}, and what "
        "waits stays in line.",
        when=wording.relative(until_ms),
    )


def _line(job: Job, standing: str) -> str:
    parts = [standing]
    if _is_to_be_seen(job):
        parts.append(_("[show]({address})", address=wording.acknowledgement_link(job)))
    return f"{quoted(job.request.prompt, _PROMPT)}\n-# {' · '.join(parts)}"


def _is_to_be_seen(job: Job) -> bool:
    return job.acknowledgement_id is not None and not job.origin.private_progress


def label(job: Job) -> str:
    """Return a job's name in a menu, which shows no markdown."""
    return shorten(" ".join(job.request.prompt.split()), _LABEL) or str(job.id)


def state(job: Job) -> str:
    """Return in plain words where a job stands."""
    return _(_PLAIN.get(job.status, job.status.value))


def suggestion(job: Job) -> str:
    """Return a job's line while somebody types which one to cancel."""
    return shorten(labelled(state(job), label(job)), _LABEL)


def cancelled(job: Job) -> str:
    """Return what became of a job that its member took back."""
    if job.status is JobStatus.CANCELLED:
        return wording.closed_acknowledgement(job).removeprefix("-# ")
    prompt = quoted(job.request.prompt, _PROMPT)
    return f"{wording.progress(Standing(phase=Phase.TAKEN_BACK))}\n-# {prompt}"
