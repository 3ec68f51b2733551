"""Counters and gauges for Prometheus, filled from what the job engine tells."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.domain.job import TERMINAL, Job, JobStatus
from bot.jobs.engine import LocalEngine
from bot.jobs.gate import ProviderGate
from bot.jobs.lifecycle import JobLifecycle

_BUCKETS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200)


class Metrics:
    """One registry for one bot; nothing global, so that tests can run several."""

    def __init__(self, *, lifecycle: JobLifecycle, engine: LocalEngine, gate: ProviderGate) -> None:
        self._registry = CollectorRegistry()
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
        self._gauge("imagine_in_flight", "Jobs that hold a slot at the API", lambda: engine.running)
        self._gauge("imagine_queue", "Jobs that wait for a slot", lambda: engine.waiting)
        self._gauge("imagine_paused", "1 while submissions wait", lambda: gate.is_closed)
        lifecycle.on_move(self._hear)

    def count_delivery(self, verdict: str) -> None:
        """Count a webhook delivery."""
        self._deliveries.labels(verdict).inc()

    def render(self) -> bytes:
        """Return the text that Prometheus scrapes."""
        return generate_latest(self._registry)

    def _gauge(self, name: str, text: str, read: object) -> None:
        Gauge(name, text, registry=self._registry).set_function(read)  # pyright: ignore[reportArgumentType]

    def _hear(self, job: Job) -> None:
        if job.status in TERMINAL:
            self._ended.labels(job.status).inc()
        if job.status is JobStatus.SUBMITTING:
            self._submissions.inc()
        if job.status is JobStatus.DELIVERED and job.finished_at_ms is not None:
            self._seconds.observe((job.finished_at_ms - job.created_at_ms) / 1000)
