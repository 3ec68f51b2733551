"""Compares the books with what was promised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.crash.books import OPEN, Entry, end_of, peak

STALL_SECONDS = 1.5
"""How much later than sent a submission may have reached an API on a busy machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A promise that was not kept."""

    entry: Entry | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What held for the run: slots at the API, and how long a lost submission keeps its own."""

    max_in_flight: int
    lost_submission_seconds: float


@dataclass(slots=True, kw_only=True)
class Figures:
    """Counts over all jobs."""

    asked: int = 0
    acknowledged: int = 0
    jobs: int = 0
    endings: Counter[str] = field(default_factory=Counter[str])
    lost: int = 0
    doubled: int = 0
    resubmissions: int = 0
    taken_again: int = 0
    """Submissions the API took although it had taken one for the same job: paid twice."""
    peak: int = 0
    peak_of_short: int = 0
    settled_images: int = 0
    stale: int = 0
    """Acknowledgements that still offer Cancel for a job that is over."""
    found_again: int = 0
    """Posts of unknown fate that a later bot found or that Discord's nonce kept single."""


def figures_of(entries: Sequence[Entry], limits: Limits) -> Figures:
    """Count."""
    rows = [(entry, entry.row) for entry in entries if entry.row is not None]
    submissions = [s for entry in entries for s in entry.submissions]
    short = [s for s in submissions if _is_short(end_of(s) - s.taken_at, limits)]
    return Figures(
        asked=len(entries),
        acknowledged=sum(entry.was_told_queued for entry in entries),
        jobs=len(rows),
        endings=Counter(_ending(entry) for entry, _ in rows),
        lost=sum(entry.was_told_queued and not _is_over_and_shown(entry) for entry in entries),
        doubled=sum(len(entry.shown) > 1 for entry in entries),
        resubmissions=sum(max(0, row["attempts"] - 1) for _, row in rows),
        taken_again=sum(max(0, len(entry.submissions) - 1) for entry in entries),
        peak=peak(submissions),
        peak_of_short=peak(short),
        settled_images=sum(
            entry.ledger["images"]
            for entry in entries
            if entry.ledger and entry.ledger["settled_at_ms"]
        ),
        stale=sum(entry.acknowledgement is not None for entry in entries),
    )


def _ending(entry: Entry) -> str:
    reason = entry.row and entry.row["end_reason"]
    return f"{entry.status} ({reason})" if reason else entry.status


def _is_short(seconds: float, limits: Limits) -> bool:
    return seconds + STALL_SECONDS < limits.lost_submission_seconds


def _is_over_and_shown(entry: Entry) -> bool:
    if entry.status in OPEN or entry.row is None:
        return False
    return bool(entry.shown) or entry.taken_back


def problems_of(entries: Sequence[Entry], limits: Limits) -> list[Problem]:
    """Return every broken promise."""
    found = [Problem(entry=e, words=words) for e in entries for words in _of_one(e)]
    return found + [Problem(entry=None, words=w) for w in _of_all(entries, limits)]


def _of_one(entry: Entry) -> Iterator[str]:
    if entry.was_told_queued and entry.row is None:
        yield "told queued, and there is no such job"
    if entry.row is None:
        return
    if entry.status in OPEN:
        yield f"not over: {entry.status}"
        return
    wanted = 0 if entry.taken_back else 1
    if len(entry.shown) != wanted:
        yield f"{entry.status}: shown {len(entry.shown)} times instead of {wanted}"
    for message in entry.shown:
        pictures = entry.row["images"] if entry.status == "delivered" else 0
        if len(message.files) != pictures:
            yield f"{entry.status}: {len(message.files)} pictures instead of {pictures}"
        if not message.content:
            yield f"{entry.status}: shown without a word"
    if len(entry.submissions) > entry.row["attempts"]:
        yield f"the API took {len(entry.submissions)}, counted are {entry.row['attempts']} attempts"
    yield from _of_ledger(entry)


def _of_ledger(entry: Entry) -> Iterator[str]:
    ledger, row = entry.ledger, entry.row
    if ledger is None or row is None:
        yield "no reservation was made"
        return
    settled, refunded = ledger["settled_at_ms"] is not None, ledger["refunded_at_ms"] is not None
    if settled == refunded:
        yield "the reservation is still open"
    if settled != entry.is_charged:
        yield f"{entry.status}, but settled is {settled}"
    if ledger["images"] != entry.cost:
        yield f"{ledger['images']} images reserved for {entry.cost}"


def _of_all(entries: Sequence[Entry], limits: Limits) -> Iterator[str]:
    """Judge the limit of jobs at the API.

    A submission keeps its slot from before it is sent until the bot knows its end, or, where the
    answer is lost, until `lost_submission_seconds` after. So those the API drew in less time must
    never have been more than the limit: kills, restarts and resubmissions included. One it drew
    longer may outlive its slot, since nobody can know that it was taken (design, section 4.4);
    each such excess costs one resubmission, or the end of the job in words.
    """
    figures = figures_of(entries, limits)
    if figures.peak_of_short > limits.max_in_flight:
        yield f"{figures.peak_of_short} at the API at once that cannot have outlived their slots"
    given_up = sum(
        entry.row is not None and entry.row["end_reason"] == "api_unavailable" for entry in entries
    )
    allowed = limits.max_in_flight + figures.resubmissions + given_up
    if figures.peak > allowed:
        yield f"{figures.peak} at the API at once; explained are {allowed}"
    delivered = sum(e.cost for e in entries if e.is_charged)
    if figures.settled_images != delivered:
        yield f"{figures.settled_images} images charged, {delivered} delivered or taken back late"
