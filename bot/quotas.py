"""What a member has used and has left."""

from __future__ import annotations

from bot.domain.clock import Clock
from bot.domain.ids import UserId
from bot.domain.ports import JobStore
from bot.domain.quota import WINDOW_MS, QuotaLimits, QuotaStatus, quota_status


class Quotas:
    """Reads the ledger; reserving and refunding happen with the job's own moves."""

    def __init__(self, *, jobs: JobStore, clock: Clock, limits: QuotaLimits) -> None:
        self._jobs = jobs
        self._clock = clock
        self._limits = limits

    async def status(self, user_id: UserId) -> QuotaStatus:
        """Return what `/quota` shows."""
        usage = await self._jobs.quota_usage(user_id, self._clock.now_ms() - WINDOW_MS)
        return quota_status(self._limits, usage)
