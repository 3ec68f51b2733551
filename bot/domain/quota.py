"""Who may ask for how much: images in a rolling 24 hours, and unfinished jobs at once.

A reservation counts from the moment it is made until 24 hours later, unless it is refunded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import QuotaExceeded

WINDOW_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class QuotaLimits:
    """The limits that hold for one member: images a day across all servers, jobs at once."""

    daily_images: int
    max_active: int


@dataclass(frozen=True, slots=True)
class Reservation:
    """Images set aside at a moment (Unix milliseconds)."""

    reserved_at_ms: int
    images: int


@dataclass(frozen=True, slots=True)
class QuotaUsage:
    """What a member has used: live reservations of the window, oldest first, and open jobs."""

    reservations: Sequence[Reservation]
    active_jobs: int

    @property
    def images(self) -> int:
        """Images that count against the window."""
        return sum(entry.images for entry in self.reservations)


@dataclass(frozen=True, slots=True)
class QuotaStatus:
    """What `/quota` tells: used, left, and when more comes back (Unix milliseconds)."""

    limits: QuotaLimits
    used: int
    active_jobs: int
    more_at_ms: int | None

    @property
    def remaining(self) -> int:
        """Images left, never negative (a limit may be lowered below what is used)."""
        return max(0, self.limits.daily_images - self.used)


def quota_status(limits: QuotaLimits, usage: QuotaUsage) -> QuotaStatus:
    """Sum up limits and usage."""
    first = usage.reservations[0] if usage.reservations else None
    more_at = first.reserved_at_ms + WINDOW_MS if first else None
    return QuotaStatus(limits, usage.images, usage.active_jobs, more_at)


def fits(limits: QuotaLimits, *, used: int, active_jobs: int, images: int) -> bool:
    """Tell from mere sums whether a request for so many images passes; a refusal needs more."""
    return active_jobs < limits.max_active and images <= limits.daily_images - used


def check_quota(limits: QuotaLimits, usage: QuotaUsage, images: int) -> None:
    """Let a request for so many images pass.

    Raises:
        QuotaExceeded: saying what is left and when enough comes back.
    """
    if fits(limits, used=usage.images, active_jobs=usage.active_jobs, images=images):
        return
    if usage.active_jobs >= limits.max_active:
        raise QuotaExceeded(
            f"You have {usage.active_jobs} unfinished jobs, and {limits.max_active} at once are "
            "allowed. Wait for one to finish, or cancel one.",
            remaining=max(0, limits.daily_images - usage.images),
            resets_at_ms=None,
        )
    remaining = max(0, limits.daily_images - usage.images)
    raise QuotaExceeded(
        _words(limits, remaining, images),
        remaining=remaining,
        resets_at_ms=_enough_at(limits, usage, images),
    )


def _words(limits: QuotaLimits, remaining: int, images: int) -> str:
    left = "no image is" if remaining == 0 else f"{remaining} of them {_are(remaining)}"
    return (
        f"Your limit is {limits.daily_images} images in 24 hours; {left} left, "
        f"and you asked for {images}."
    )


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _enough_at(limits: QuotaLimits, usage: QuotaUsage, images: int) -> int | None:
    """Find when old reservations have left the window far enough for `images` more."""
    used = usage.images
    for entry in usage.reservations:
        used -= entry.images
        if used + images <= limits.daily_images:
            return entry.reserved_at_ms + WINDOW_MS
    return None
