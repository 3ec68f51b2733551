"""Counters and gauges for Prometheus, filled from what the parts tell."""

from __future__ import annotations

import time
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.domain.ids import moment_of
from bot.domain.job import TERMINAL, Job, JobStatus
from bot.jobs.engine import LocalEngine
from bot.jobs.gate import ProviderGate
from bot.jobs.lifecycle import JobLifecycle

_BUCKETS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200)


class Metrics:
    """What one bot tells, in a registry of its own; nothing global, so that tests can run several.

    The parts beside this class put what they measure into the same registry.
    """

    def __init__(
        self,
        *,
        lifecycle: JobLifecycle,
        engine: LocalEngine,
        gate: ProviderGate,
        registry: CollectorRegistry | None = None,
    ) -> None:
        self._registry = registry or CollectorRegistry()
        self._ended = Counter(
            "imagine_jobs_ended", "Jobs by how they ended", ["status"], registry=self._registry
        )
        self._submissions = Counter(
            "imagine_submissions", "Submissions begun, repeats included", registry=self._registry
        )
        self._seconds = Histogram(
            "imagine_job_seconds",
            "From acceptance to delivery",
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._deliveries = Counter(
            "imagine_webhook_deliveries",
            "Webhook deliveries by what became of them",
            ["verdict"],
            registry=self._registry,
        )
        self._engine = engine
        self._gauge("imagine_in_flight", "Jobs that hold a slot at the API", lambda: engine.running)
        self._gauge("imagine_queue", "Jobs that wait for a slot", lambda: engine.waiting)
        self._gauge("imagine_queue_age_seconds", "How long the oldest has waited", self._queue_age)
        self._gauge("imagine_paused", "1 while submissions wait", lambda: gate.is_closed)
        lifecycle.on_move(self._hear)

    def count_delivery(self, verdict: str) -> None:
        """Count a webhook delivery."""
        self._deliveries.labels(verdict).inc()

    def render(self) -> bytes:
        """Return the text that Prometheus scrapes."""
        return generate_latest(self._registry)

    def _gauge(self, name: str, text: str, read: Callable[[], float]) -> None:
        Gauge(name, text, registry=self._registry).set_function(read)

    def _queue_age(self) -> float:
        oldest = self._engine.oldest_waiting
        return 0.0 if oldest is None else time.time() - moment_of(oldest) / 1000

    def _hear(self, job: Job) -> None:
        if job.status in TERMINAL:
            self._ended.labels(job.status).inc()
        if job.status is JobStatus.SUBMITTING:
            self._submissions.inc()
        if job.status is JobStatus.DELIVERED and job.finished_at_ms is not None:
            self._seconds.observe((job.finished_at_ms - job.created_at_ms) / 1000)
