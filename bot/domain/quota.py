"""How much a member may use: the limits, what counts against them, and what still fits.

Images count from the reservation until 24 hours later, unless it is refunded. A server's limits
stand beside the operator's ceiling over all servers, which no grant and no reset lifts. What a
request takes beyond a member's daily images in a server is paid by grants, the first to expire
first, until they are used up; what they paid never counts against the daily images.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

WINDOW_MS = 24 * 60 * 60 * 1000


class Limit(Enum):
    """What a request can be too much for."""

    HERE = "here"
    """A member's images in this server."""
    SERVER = "server"
    """The images of everybody in this server."""
    EVERYWHERE = "everywhere"
    """A user's images over all servers: the operator's ceiling."""
    ACTIVE_HERE = "active_here"
    """A member's unfinished jobs in this server."""
    ACTIVE = "active"
    """A user's unfinished jobs over all servers: the operator's ceiling."""
    COOLDOWN = "cooldown"
    """The pause between a member's jobs in this server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerLimits:
    """What a server allows one member; None is no limit."""

    daily_images: int | None = None
    server_images: int | None = None
    """For everybody together."""
    max_active: int | None = None
    cooldown_seconds: int | None = None


UNLIMITED = ServerLimits()


@dataclass(frozen=True, slots=True)
class QuotaLimits:
    """All that holds for one member: the operator's ceiling over all servers, and the server's."""

    daily_images: int
    max_active: int
    server: ServerLimits = UNLIMITED

    def caps(self) -> Mapping[Limit, int]:
        """Return the limits in images that there are."""
        caps = {
            Limit.HERE: self.server.daily_images,
            Limit.SERVER: self.server.server_images,
            Limit.EVERYWHERE: self.daily_images,
        }
        return {limit: cap for limit, cap in caps.items() if cap is not None}


@dataclass(frozen=True, slots=True)
class Reservation:
    """Images set aside at a moment (Unix milliseconds)."""

    reserved_at_ms: int
    images: int


@dataclass(frozen=True, slots=True)
class Spent:
    """The images that count against a limit, and when the oldest of them were reserved."""

    images: int = 0
    oldest_ms: int | None = None

    @property
    def more_at_ms(self) -> int | None:
        """When the first of them come back."""
        return None if self.oldest_ms is None else self.oldest_ms + WINDOW_MS


NOTHING = Spent()


@dataclass(frozen=True, slots=True)
class Grant:
    """Extra images for a member in a server, as far as they are not used up."""

    id: int
    left: int
    expires_at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaUsage:
    """What counts against one member in one server, and what grants add there."""

    everywhere: Spent = NOTHING
    here: Spent = NOTHING
    """Without what grants paid and what a moderator waived."""
    server: Spent = NOTHING
    active_jobs: int = 0
    active_here: int = 0
    last_here_ms: int | None = None
    """When the member's last job here was accepted."""
    grants: Sequence[Grant] = ()

    @property
    def images(self) -> int:
        """A user's images over all servers."""
        return self.everywhere.images

    @property
    def granted(self) -> int:
        """Images that grants still hold."""
        return sum(grant.left for grant in self.grants)

    def spent(self, limit: Limit) -> Spent:
        """Return what counts against a limit in images."""
        match limit:
            case Limit.HERE:
                return self.here
            case Limit.SERVER:
                return self.server
            case _:
                return self.everywhere


def room(limits: QuotaLimits, usage: QuotaUsage) -> Mapping[Limit, int]:
    """Return the images that each limit still lets through, grants included.

    Never negative: a limit may be lowered below what is used.
    """
    return {
        limit: max(0, cap - usage.spent(limit).images)
        + (usage.granted if limit is Limit.HERE else 0)
        for limit, cap in limits.caps().items()
    }


def overdraft(limits: QuotaLimits, usage: QuotaUsage, cost: int) -> int:
    """Return how many of these images only grants can pay."""
    daily = limits.server.daily_images
    return 0 if daily is None else max(0, cost - max(0, daily - usage.here.images))


def draw(grants: Sequence[Grant], images: int) -> Iterator[tuple[Grant, int]]:
    """Yield how much to take from which grant, the first to expire first."""
    for grant in sorted(grants, key=lambda each: (each.expires_at_ms, each.id)):
        if (taken := min(images, grant.left)) > 0:
            yield grant, taken
            images -= taken


def rests_until(limits: QuotaLimits, usage: QuotaUsage) -> int | None:
    """Return when the member's pause in this server is over; None where there is none."""
    if usage.last_here_ms is None or not limits.server.cooldown_seconds:
        return None
    return usage.last_here_ms + limits.server.cooldown_seconds * 1000


def broken_limits(
    limits: QuotaLimits, usage: QuotaUsage, cost: int, now_ms: int
) -> Sequence[Limit]:
    """Return every limit that a request for so many images would break."""
    server, until = limits.server, rests_until(limits, usage)
    broken: list[Limit] = []
    if overdraft(limits, usage, cost) > usage.granted:
        broken.append(Limit.HERE)
    if _exceeds(usage.server.images + cost, server.server_images):
        broken.append(Limit.SERVER)
    if usage.everywhere.images + cost > limits.daily_images:
        broken.append(Limit.EVERYWHERE)
    if _exceeds(usage.active_here + 1, server.max_active):
        broken.append(Limit.ACTIVE_HERE)
    if usage.active_jobs >= limits.max_active:
        broken.append(Limit.ACTIVE)
    if until is not None and until > now_ms:
        broken.append(Limit.COOLDOWN)
    return broken


def _exceeds(amount: int, cap: int | None) -> bool:
    return cap is not None and amount > cap


@dataclass(frozen=True, slots=True)
class QuotaStatus:
    """What a member has used of what they may."""

    limits: QuotaLimits
    usage: QuotaUsage
    now_ms: int

    @property
    def remaining(self) -> int:
        """Images that the member may still order here and now."""
        return min(room(self.limits, self.usage).values())

    @property
    def rests_until_ms(self) -> int | None:
        """When the member's pause is over, if it is not yet."""
        until = rests_until(self.limits, self.usage)
        return until if until is not None and until > self.now_ms else None
