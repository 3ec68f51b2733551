"""Waits that follow from how the image API behaves, and so are no operator's setting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.jobs.collection import RETRY_SECONDS
from bot.jobs.polling import POLL_ONLY, WITH_WEBHOOKS, PollSchedule
from bot.jobs.worker import WorkerTiming


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The real ones; the crash test, which has no minutes to spare, brings its own."""

    lost_submission_seconds: float = 35.0
    """The API's longest hold, and past its 30 s filter of identical requests."""

    lost_webhook_seconds: float = 180.0
    """How long a webhook may take: pictures take up to 150 s."""

    polls: PollSchedule = POLL_ONLY
    polls_beside_webhooks: PollSchedule = WITH_WEBHOOKS
    link_retry_seconds: Sequence[float] = RETRY_SECONDS
    """Pauses between tries of a link, and between polls of a success that gives none."""

    def for_worker(self, *, job_timeout_seconds: float, webhooks: bool) -> WorkerTiming:
        """Return what holds with webhooks or without."""
        return WorkerTiming(
            job_timeout=job_timeout_seconds,
            polls=self.polls_beside_webhooks if webhooks else self.polls,
            lost_submission=(
                self.lost_webhook_seconds if webhooks else self.lost_submission_seconds
            ),
            link_retry=self.link_retry_seconds,
        )
