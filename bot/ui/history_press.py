"""What a button of `/history` says in its id: what to do, with which job, on which page."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from bot.domain.history import Spot
from bot.domain.ids import JobId
from bot.ui.job_button import PREFIX

TEMPLATE = (
    rf"{PREFIX}:history:(?P<act>[a-z]+):(?P<filter>\d+):(?P<start>\d+):(?P<job>\d+):(?P<number>\d)"
)


_NO_JOB = JobId(0)


class Act(StrEnum):
    """What is to be done."""

    PAGE = "page"
    """Show the page that begins at `start`."""
    NEWER = "newer"
    """Show the page that ends right after `start`."""
    FAVOURITE = "favourite"
    SHARE = "share"
    """Ask which picture is meant, and whether everybody may see it."""
    POST = "post"
    """Show the picture of that number to everybody; 0: all of them."""
    DELETE = "delete"
    """Ask whether it is meant."""
    FORGET = "forget"
    """Delete it."""


@dataclass(frozen=True, slots=True)
class Press:
    """A button's meaning. `filter_id` is 0 where nothing is left out, `start` for the newest page.

    Three snowflakes and a word stay within the 100 characters of a `custom_id`.
    """

    act: Act
    filter_id: int = 0
    start: int = 0
    job_id: JobId = _NO_JOB
    number: int = 0

    @property
    def custom_id(self) -> str:
        """The id that says so."""
        return (
            f"{PREFIX}:history:{self.act}:{self.filter_id}:{self.start}:{self.job_id}:{self.number}"
        )

    @classmethod
    def read(cls, match: re.Match[str]) -> Self:
        """Read it back.

        Raises:
            ValueError: a later or earlier program meant something by it.
        """
        return cls(
            Act(match["act"]),
            int(match["filter"]),
            int(match["start"]),
            JobId(int(match["job"])),
            int(match["number"]),
        )

    @property
    def spot(self) -> Spot:
        """The page it leads to."""
        if self.act is Act.NEWER:
            return Spot(after=JobId(self.start))
        return Spot.at(self.start)

    def to(self, act: Act, *, job_id: JobId | None = None, number: int = 0) -> Press:
        """Return another button of the same page."""
        wanted = self.job_id if job_id is None else job_id
        return replace(self, act=act, job_id=wanted, number=number)
