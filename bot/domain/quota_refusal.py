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
from bot.speech import _, ngettext

_NEVER = 2**63


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
            case Limit.ACTIVE | Limit.ACTIVE_HERE:
                return self._too_many(limit)
            case Limit.COOLDOWN:
                pause = _pause(self.limits.server.cooldown_seconds or 0)
                return f"{pause} {self._left_over()}"
            case _:
                return self._too_much(limit, waiting_helps=waiting_helps)

    def _too_many(self, limit: Limit) -> str:
        if limit is Limit.ACTIVE:
            active, allowed = _active(self.usage.active_jobs), self.limits.max_active
        else:
            active = _active_here(self.usage.active_here)
            allowed = self.limits.server.max_active or 0
        what_helps = _("Wait for one to finish, or cancel one.")
        return f"{active} {_allowed(allowed)} {what_helps} {self._left_over()}"

    def _too_much(self, limit: Limit, *, waiting_helps: bool) -> str:
        cap, left = self.limits.caps()[limit], room(self.limits, self.usage)[limit]
        words = f"{_limit(limit, cap)} {_left(left)} {self._asked()}"
        if waiting_helps:
            return words
        if not left:
            return f"{words} {_('Waiting does not change that.')}"
        return f"{words} {_('Waiting does not change that; ask for less at once.')}"

    def _asked(self) -> str:
        asked = ngettext(
            "You asked for {count} picture.", "You asked for {count} pictures.", self.pictures
        )
        if self.cost == self.pictures:
            return asked
        cost = ngettext(
            "With these options that costs {count} image.",
            "With these options that costs {count} images.",
            self.cost,
        )
        return f"{asked} {cost}"

    def _left_over(self) -> str:
        return ngettext(
            "You have {count} image left.", "You have {count} images left.", self._remaining
        )


def _lasting(limit: Limit, passes_at_ms: int | None) -> int:
    if passes_at_ms is not None:
        return passes_at_ms
    return 0 if limit in {Limit.ACTIVE, Limit.ACTIVE_HERE} else _NEVER


def _limit(limit: Limit, images: int) -> str:
    match limit:
        case Limit.HERE:
            return ngettext(
                "Your limit in this server is {count} image in 24 hours.",
                "Your limit in this server is {count} images in 24 hours.",
                images,
            )
        case Limit.SERVER:
            return ngettext(
                "The limit of this server for everybody together is {count} image in 24 hours.",
                "The limit of this server for everybody together is {count} images in 24 hours.",
                images,
            )
        case _:
            return ngettext(
                "Your limit over all servers is {count} image in 24 hours.",
                "Your limit over all servers is {count} images in 24 hours.",
                images,
            )


def _left(images: int) -> str:
    if images == 0:
        return _("None is left.")
    return ngettext("{count} is left.", "{count} are left.", images)


def _pause(seconds: int) -> str:
    return ngettext(
        "This server asks for a pause of {count} second between your requests.",
        "This server asks for a pause of {count} seconds between your requests.",
        seconds,
    )


def _active(jobs: int) -> str:
    return ngettext("You have {count} unfinished job.", "You have {count} unfinished jobs.", jobs)


def _active_here(jobs: int) -> str:
    return ngettext(
        "You have {count} unfinished job in this server.",
        "You have {count} unfinished jobs in this server.",
        jobs,
    )


def _allowed(jobs: int) -> str:
    return ngettext("{count} at once is allowed.", "{count} at once are allowed.", jobs)
