"""Discord's rate limits as they are felt: buckets, headers and 429s.

The numbers of the buckets are not documented; those here are the ones commonly observed.
"""

from __future__ import annotations

import hashlib
import time
from collections import deque
from dataclasses import dataclass, field

from tests.discord_server.errors import Json

GLOBAL_LIMIT = 50
"""Requests a second for one bot token; answers and follow-ups to interactions do not count."""
ROOMY_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests in so many seconds."""

    requests: int
    seconds: float


LIMITS: dict[tuple[str, str], Limit] = {
    ("POST", "/channels/{channel_id}/messages"): Limit(5, 5.0),
    ("GET", "/channels/{channel_id}/messages"): Limit(5, 5.0),
    ("PATCH", "/channels/{channel_id}/messages/{message_id}"): Limit(5, 5.0),
    ("DELETE", "/channels/{channel_id}/messages/{message_id}"): Limit(5, 1.0),
    ("POST", "/webhooks/{application_id}/{token}"): Limit(5, 2.0),
    ("PATCH", "/webhooks/{application_id}/{token}/messages/{message_id}"): Limit(5, 2.0),
    ("PATCH", "/webhooks/{application_id}/{token}/messages/@original"): Limit(5, 2.0),
    ("POST", "/users/@me/channels"): Limit(10, 10.0),
    ("PUT", "/applications/{application_id}/commands"): Limit(10, 10.0),
}
DEFAULT_LIMIT = Limit(50, 1.0)
MAJOR_PARAMETERS = ("channel_id", "guild_id", "application_id", "token")


@dataclass(slots=True)
class Bucket:
    """One counter; a window opens with the first request in it."""

    limit: Limit
    name: str
    reset_at: float = 0.0
    used: int = 0

    def take(self, now: float) -> bool:
        """Count a request and say whether it fits."""
        if now >= self.reset_at:
            self.reset_at = now + self.limit.seconds
            self.used = 0
        if self.used >= self.limit.requests:
            return False
        self.used += 1
        return True

    def headers(self, now: float) -> dict[str, str]:
        """Write the headers of the bucket's present state."""
        reset_after = max(0.0, self.reset_at - now)
        return {
            "X-RateLimit-Limit": str(self.limit.requests),
            "X-RateLimit-Remaining": str(self.limit.requests - self.used),
            "X-RateLimit-Reset": f"{now + reset_after:.3f}",
            "X-RateLimit-Reset-After": f"{reset_after:.3f}",
            "X-RateLimit-Bucket": self.name,
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request may pass, and the headers of its answer."""

    headers: dict[str, str]
    refusal: Json | None = None


@dataclass(slots=True)
class RateLimiter:
    """All buckets of the one bot."""

    _buckets: dict[str, Bucket] = field(default_factory=dict[str, Bucket])
    _recent: deque[float] = field(default_factory=deque[float])

    def judge(self, method: str, route: str, parameters: dict[str, str], *, roomy: bool) -> Verdict:
        """Count a request; `roomy` sends headers but never refuses."""
        if route.startswith("/interactions/"):
            return Verdict({})
        now = time.time()
        if not roomy and not route.startswith("/webhooks/") and not self._global(now):
            return _refused("global", self._recent[0] + 1.0 - now, {})
        bucket = self._bucket(method, route, parameters, roomy=roomy)
        passed = bucket.take(now)
        headers = bucket.headers(now)
        return Verdict(headers) if passed else _refused("user", bucket.reset_at - now, headers)

    def _bucket(
        self, method: str, route: str, parameters: dict[str, str], *, roomy: bool
    ) -> Bucket:
        limit = Limit(ROOMY_LIMIT, 0.05) if roomy else LIMITS.get((method, route), DEFAULT_LIMIT)
        major = [parameters[name] for name in MAJOR_PARAMETERS if name in parameters]
        key = " ".join([method, route, str(roomy), *major])
        name = hashlib.sha256(f"{method} {route}".encode()).hexdigest()[:32]
        return self._buckets.setdefault(key, Bucket(limit, name))

    def _global(self, now: float) -> bool:
        while self._recent and self._recent[0] <= now - 1.0:
            self._recent.popleft()
        if len(self._recent) >= GLOBAL_LIMIT:
            return False
        self._recent.append(now)
        return True


def _refused(scope: str, retry_after: float, headers: dict[str, str]) -> Verdict:
    is_global = scope == "global"
    seconds = max(0.001, round(retry_after, 3))
    more = {"Via": "1.1 google", "Retry-After": str(int(seconds) + 1), "X-RateLimit-Scope": scope}
    if is_global:
        more["X-RateLimit-Global"] = "true"
    body: Json = {
        "message": "You are being rate limited.",
        "retry_after": seconds,
        "global": is_global,
    }
    return Verdict({**headers, **more}, body)
