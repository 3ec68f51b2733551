"""What a member looks for in their own past, where in it they stand, and who keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Protocol, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bot.domain.flagged import is_withheld
from bot.domain.ids import GuildId, JobId, MessageId, UserId, first_id_at
from bot.domain.job import Job, Picture
from bot.domain.request import clean_text
from bot.errors import InvalidRequest, Problem
from bot.speech import _, day, in_a_row

MAX_SEARCH = 100
DAY_WORDS: Mapping[str, int] = {
    "today": 0,
    "yesterday": 1,
    "a week ago": 7,
    "a month ago": 30,
    "a year ago": 365,
}
"""What can be said instead of a date, in days before today."""


class HistoryFilter(BaseModel):
    """Which of their jobs a member wants to see; days are those of UTC, both included."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    search: Annotated[str, BeforeValidator(clean_text), Field(max_length=MAX_SEARCH)] = ""
    model_id: str | None = None
    guild_id: GuildId | None = None
    """One server, or 0 for direct messages; None: everywhere."""
    since: date | None = None
    until: date | None = None
    favourites: bool = False

    @property
    def is_empty(self) -> bool:
        """True where it leaves nothing out."""
        return self == EVERYTHING

    @property
    def span(self) -> tuple[int, int]:
        """The smallest job id it lets through, and the smallest one beyond it.

        A job's id is a snowflake, which holds the moment the job was asked for.
        """
        first = 0 if self.since is None else _first_id_on(self.since)
        beyond = 2**63 - 1 if self.until is None else _first_id_on(self.until + timedelta(days=1))
        return first, beyond


EVERYTHING = HistoryFilter()


def _first_id_on(date: date) -> int:
    midnight = datetime(date.year, date.month, date.day, tzinfo=UTC)
    return first_id_at(int(midnight.timestamp() * 1000))


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a page begins: its newest job is `start` or older, or its oldest is newer than `after`.

    With neither it is the newest page.
    """

    start: JobId | None = None
    after: JobId | None = None

    @classmethod
    def at(cls, start: int) -> Self:
        """Return the page that begins with a job; 0 for the newest."""
        return cls(start=JobId(start) or None)


NEWEST = Spot()


def parse_day(option: str, text: str, *, today: date) -> date:
    """Read a day as a member types it.

    Raises:
        InvalidRequest: it is no day, in words that say what is one.
    """
    words = text.strip().lower()
    if words in DAY_WORDS:
        return today - timedelta(days=DAY_WORDS[words])
    try:
        meant = date.fromisoformat(words)
    except ValueError:
        rule = _("must be a day such as 2026-11-01, or one of: {days}", days=in_a_row(DAY_WORDS))
        raise InvalidRequest([Problem(option, rule)]) from None
    if not date(2015, 1, 1) <= meant <= date(2100, 1, 1):
        raise InvalidRequest([Problem(option, _("must be a day on which Discord could be used"))])
    return meant


def parse_span(
    since: str | None, until: str | None, *, today: date
) -> tuple[date | None, date | None]:
    """Read the first and the last day that are wanted.

    Raises:
        InvalidRequest: one of them is no day, or they are the wrong way round.
    """
    first = None if since is None else parse_day("since", since, today=today)
    last = None if until is None else parse_day("until", until, today=today)
    if first and last and first > last:
        rule = _("must not be before `since`, which is {day}", day=day(first))
        raise InvalidRequest([Problem("until", rule)])
    return first, last


def may_show(job: Job, picture: Picture) -> bool:
    """Tell whether a picture may be shown again: not what was withheld or taken down."""
    return job.removed_at_ms is None and not is_withheld(job, picture)


class HistoryStore(Protocol):
    """What members see of their own past jobs. No method returns or changes anybody else's.

    A job that its member deleted from the history is in none of these answers.
    """

    async def page(
        self, user_id: UserId, wanted: HistoryFilter, spot: Spot = NEWEST, *, limit: int
    ) -> Sequence[Job]:
        """Return at most so many of the member's jobs, newest first.

        A search finds jobs whose prompt has every one of its words, or longer ones that begin with
        them where they have three letters or more; in scripts without spaces, any part of the
        prompt. Case and accents do not matter. Any text is a search; most find nothing.
        """
        ...

    async def get(self, user_id: UserId, job_id: JobId) -> Job | None:
        """Return one of the member's jobs."""
        ...

    async def index(self) -> None:
        """Prepare for searches what came in since; none has to wait for that to find it."""
        ...

    async def favour(self, user_id: UserId, job_id: JobId, *, favourite: bool) -> Job | None:
        """Make a job a favourite, or no longer one; None where the member has no such job."""
        ...

    async def hide(self, user_id: UserId, job_id: JobId) -> Job | None:
        """Take a job out of the history; None where the member has none such that has ended."""
        ...

    async def messages_deleted(self, message_ids: Sequence[MessageId]) -> int:
        """Note that these messages are gone; return how many showed the end of a job."""
        ...

    async def keep_filter(self, filter_id: int, user_id: UserId, wanted: HistoryFilter) -> None:
        """Remember what a page shows while it may be turned, some days."""
        ...

    async def filter(self, filter_id: int, user_id: UserId) -> HistoryFilter | None:
        """Return what was remembered for this member; None when it is no longer known."""
        ...
