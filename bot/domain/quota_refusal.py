"""The words of a refusal: which limit, what is left, and when it works again."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.quota import (
    WINDOW_MS,
    Limit,
    QuotaLimits,
    QuotaUsage,
    Reservation,
    rests_until,
    room,
)
from bot.errors import QuotaExceeded

_NEVER = 2**63

_WHOSE = {
    Limit.HERE: "Your limit in this server",
    Limit.SERVER: "The limit of this server for everybody together",
    Limit.EVERYWHERE: "Your limit over all servers",
}


@dataclass(frozen=True, slots=True)
class Refused:
    """A request that breaks limits, and all that its refusal is worded from."""

    limits: QuotaLimits
    usage: QuotaUsage
    pictures: int
    cost: int
    """In images; more than the pictures where options cost extra."""
    reservations: Mapping[Limit, Sequence[Reservation]]
    """What counts against each broken limit in images, oldest first."""

    def error(self, broken: Sequence[Limit]) -> QuotaExceeded:
        """Name, of the broken limits, the one that lasts longest: after it the others have passed.

        A grant that expires meanwhile may change that. How long unfinished jobs take nobody knows,
        so they are named only where nothing else is.
        """
        moments = {limit: self._passes_at(limit) for limit in broken}
        worst = max(broken, key=lambda limit: _lasting(limit, moments[limit]))
        return QuotaExceeded(
            functools.partial(self._words, worst, waiting_helps=moments[worst] is not None),
            remaining=self._remaining,
            resets_at_ms=moments[worst],
        )

    @property
    def _remaining(self) -> int:
        return min(room(self.limits, self.usage).values())

    def _passes_at(self, limit: Limit) -> int | None:
        match limit:
            case Limit.COOLDOWN:
                return rests_until(self.limits, self.usage)
            case Limit.ACTIVE | Limit.ACTIVE_HERE:
                return None
            case _:
                return self._enough_at(limit)

    def _enough_at(self, limit: Limit) -> int | None:
        """Find when old reservations have left the window far enough for the request."""
        cap = self.limits.caps()[limit]
        used = self.usage.spent(limit).images
        for entry in self.reservations[limit]:
            used -= entry.images
            moment = entry.reserved_at_ms + WINDOW_MS
            granted = self._granted_at(moment) if limit is Limit.HERE else 0
            if self.cost <= max(0, cap - used) + granted:
                return moment
        return None

    def _granted_at(self, moment_ms: int) -> int:
        return sum(g.left for g in self.usage.grants if g.expires_at_ms > moment_ms)

    def _words(self, limit: Limit, *, waiting_helps: bool) -> str:
        match limit:
            case Limit.ACTIVE:
                return self._too_many(self.usage.active_jobs, self.limits.max_active, "")
            case Limit.ACTIVE_HERE:
                allowed = self.limits.server.max_active or 0
                return self._too_many(self.usage.active_here, allowed, " in this server")
            case Limit.COOLDOWN:
                pause = self.limits.server.cooldown_seconds or 0
                return (
                    f"This server asks for a pause of {_seconds(pause)} between your requests. "
                    f"{self._left_over()}"
                )
            case _:
                return self._too_much(limit, waiting_helps=waiting_helps)

    def _too_many(self, active: int, allowed: int, where: str) -> str:
        jobs = "job" if active == 1 else "jobs"
        return (
            f"You have {active} unfinished {jobs}{where}, and {allowed} at once "
            f"{_are(allowed)} allowed. Wait for one to finish, or cancel one. {self._left_over()}"
        )

    def _too_much(self, limit: Limit, *, waiting_helps: bool) -> str:
        cap, left = self.limits.caps()[limit], room(self.limits, self.usage)[limit]
        words = (
            f"{_WHOSE[limit]} is {_images(cap)} in 24 hours; {_left(left)}, and {self._asked()}."
        )
        if waiting_helps:
            return words
        return f"{words} Waiting does not change that{'; ask for less at once' if left else ''}."

    def _asked(self) -> str:
        if self.cost == self.pictures:
            return f"you asked for {self.pictures}"
        what = (
            "the picture you asked for costs"
            if self.pictures == 1
            else (f"the {self.pictures} pictures you asked for cost")
        )
        return f"{what} {self.cost} with these options"

    def _left_over(self) -> str:
        return f"You have {_images(self._remaining)} left."


def _lasting(limit: Limit, passes_at_ms: int | None) -> int:
    if passes_at_ms is not None:
        return passes_at_ms
    return 0 if limit in {Limit.ACTIVE, Limit.ACTIVE_HERE} else _NEVER


def _left(images: int) -> str:
    return "none is left" if images == 0 else f"{images} {_are(images)} left"


def _images(count: int) -> str:
    return "1 image" if count == 1 else f"{count} images"


def _seconds(count: int) -> str:
    return "1 second" if count == 1 else f"{count} seconds"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
