"""How long a busy API asks us to wait."""

from __future__ import annotations

import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

DEFAULT_SECONDS = 30.0
"""What the spam filter's words ask for (contract, section 4.4)."""

MAX_SECONDS = 600.0


def retry_after_seconds(from_body: float | None, headers: Mapping[str, str]) -> float:
    """Return the wait: the body's word, else the headers', else 30 s; never beyond bounds."""
    candidates = (
        from_body,
        _seconds_or_date(headers.get("Retry-After")),
        _until_epoch(headers.get("X-RateLimit-Reset")),
    )
    wait = next((seconds for seconds in candidates if seconds is not None), DEFAULT_SECONDS)
    return min(max(wait, 1.0), MAX_SECONDS)


def _seconds_or_date(text: str | None) -> float | None:
    if text is None:
        return None
    if text.strip().isdigit():
        return float(text.strip()[:9])
    try:
        return parsedate_to_datetime(text).timestamp() - time.time()
    except (ValueError, OverflowError):
        return None


def _until_epoch(text: str | None) -> float | None:
    """Read the vendor's own header: the Unix second at which the limit is lifted."""
    if text is None or not text.strip().isdecimal():
        return None
    return float(text.strip()[:12]) - time.time()
