"""What moderators do to members and pictures: blocks, removals, and members' reports."""

from __future__ import annotations

import re
from datetime import timedelta

from pydantic import BaseModel, ConfigDict

from bot.domain.ids import GuildId, JobId, UserId
from bot.errors import InvalidRequest, Problem
from bot.speech import _

LONGEST_BLOCK = timedelta(days=366)
MAX_REASON = 300

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DURATION = re.compile(r"\s*(\d{1,4})\s*([mhdw])[a-z]*\s*", re.IGNORECASE)


class Block(BaseModel):
    """A member who may not make pictures in a server; `until_ms` is None for good."""

    model_config = ConfigDict(frozen=True)

    guild_id: GuildId
    user_id: UserId
    blocked_by: UserId
    blocked_at_ms: int
    until_ms: int | None = None
    reason: str | None = None

    def holds_at(self, moment_ms: int) -> bool:
        """Tell whether the block still holds."""
        return self.until_ms is None or moment_ms < self.until_ms


class Report(BaseModel):
    """A member's word that a picture should not stand where it does."""

    model_config = ConfigDict(frozen=True)

    job_id: JobId
    guild_id: GuildId
    reporter_id: UserId
    reported_at_ms: int
    reason: str | None = None


def parse_duration(text: str) -> timedelta:
    """Read how long a block lasts, such as `90m`, `12 hours`, `7d` or `2 weeks`.

    Raises:
        InvalidRequest: it is no such duration, or longer than a year.
    """
    match = _DURATION.fullmatch(text)
    length = timedelta(**{_UNITS[match[2].lower()]: int(match[1])}) if match else timedelta(0)
    if not timedelta(0) < length <= LONGEST_BLOCK:
        raise InvalidRequest(
            [
                Problem(
                    "duration",
                    _(
                        "must be like 90m, 12h, 7d or 2w, up to a year; leave it out to block for "
                        "good"
                    ),
                )
            ]
        )
    return length
