"""One gate before the image API, so that everything waits once and not each job for itself.

It closes for a while (rate limit, a burst of failures) or until further notice (key, credit,
monthly limit). Closed until further notice it still lets one job through from time to time, to see
whether the cause is gone; the others wait for what becomes of it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

import structlog

from bot.domain.clock import Clock
from bot.errors import (
    ProviderBusy,
    ProviderError,
    ProviderFailed,
    ProviderSuspended,
    ProviderUnavailable,
)

log = structlog.stdlib.get_logger(__name__)

PROBE_SECONDS = 600.0
"""How often a suspended account is tried again; nothing closes the gate for longer at once."""

BREAKER_THRESHOLD = 5
"""Failures in a row, of whatever jobs, that close the gate."""

BREAKER_SECONDS = (30.0, 60.0, 120.0, 300.0)

_SUSPENDED = "the image service's account needs the operator"


class ProviderGate:
    """Says when submissions may go out."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._opens_at_ms = 0
        self._reason: str | None = None
        self._suspended = False
        self._probing = False
        self._failures = 0
        self._trips = 0
        self._changed = asyncio.Event()
        self._listeners: list[Callable[[str], None]] = []

    @property
    def reason(self) -> str | None:
        """Why submissions wait; None while they do not."""
        return self._reason if self.is_closed else None

    @property
    def is_closed(self) -> bool:
        """True while submissions wait; what seems longer than any pause is a clock set back."""
        return 0 < self._opens_at_ms - self._clock.now_ms() <= PROBE_SECONDS * 1000

    @property
    def opens_at_ms(self) -> int:
        """When submissions may go out again, in Unix milliseconds."""
        return self._opens_at_ms

    @property
    def is_suspended(self) -> bool:
        """True while the operator's help is needed."""
        return self._suspended

    def on_suspended(self, listener: Callable[[str], None]) -> None:
        """Have `listener` called with the reason, once for each suspension."""
        self._listeners.append(listener)

    async def wait_open(self, until_ms: int) -> bool:
        """Wait until submissions may go out; False when `until_ms` comes first."""
        while self.is_closed:
            now = self._clock.now_ms()
            if now >= until_ms:
                return False
            self._changed.clear()
            pause = (min(self._opens_at_ms, until_ms) - now) / 1000
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._changed.wait()
        if self._suspended:
            self._probing = True
            self._close(PROBE_SECONDS, _SUSPENDED)
        return True

    def note_success(self) -> None:
        """Hear that the API took a job; one that was sent before a suspension does not end it."""
        if self._probing:
            self.resume()
        elif not self._suspended:
            self._failures = self._trips = 0

    def note_unused(self) -> None:
        """Hear that what was let through was not sent: if it was the probe, the next one is."""
        if self._probing:
            self._probing = False
            self._opens_at_ms = self._clock.now_ms()
            self._changed.set()

    def note_error(self, error: ProviderError) -> None:
        """Hear of an error, and close if it concerns every job."""
        if self._probing and not isinstance(error, ProviderSuspended):
            self._probe_again(error)
            return
        match error:
            case ProviderBusy():
                self._close(error.retry_after_seconds, "the image service asks everyone to wait")
            case ProviderSuspended():
                self._suspend(str(error))
            case ProviderFailed() | ProviderUnavailable() if not self.is_closed:
                self._failures += 1
                if self._failures >= BREAKER_THRESHOLD:
                    self._trip()
            case _:
                pass

    def resume(self) -> None:
        """Open at once: the operator says that the cause is gone."""
        self._failures = self._trips = 0
        self._suspended = self._probing = False
        self._opens_at_ms = 0
        self._changed.set()

    def _trip(self) -> None:
        seconds = BREAKER_SECONDS[min(self._trips, len(BREAKER_SECONDS) - 1)]
        self._trips += 1
        self._failures = BREAKER_THRESHOLD - 1
        self._close(seconds, "the image service keeps failing")

    def _suspend(self, reason: str) -> None:
        first = not self._suspended
        self._suspended = True
        self._probing = False
        self._close(PROBE_SECONDS, _SUSPENDED)
        if first:
            log.error("submissions suspended", reason=reason)
            for listener in self._listeners:
                listener(reason)

    def _probe_again(self, error: ProviderError) -> None:
        """Try sooner than in ten minutes: the probe's end says nothing of the account."""
        is_busy = isinstance(error, ProviderBusy)
        seconds = error.retry_after_seconds if is_busy else BREAKER_SECONDS[0]
        self._probing = False
        self._opens_at_ms = self._clock.now_ms() + int(seconds * 1000)
        self._changed.set()

    def _close(self, seconds: float, reason: str) -> None:
        opens_at_ms = self._clock.now_ms() + int(min(seconds, PROBE_SECONDS) * 1000)
        self._opens_at_ms = max(self._opens_at_ms if self.is_closed else 0, opens_at_ms)
        self._reason = reason
        log.warning("submissions paused", seconds=seconds, reason=reason)
