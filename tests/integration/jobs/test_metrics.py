"""What Prometheus counts."""

from __future__ import annotations

import pytest

from bot.domain.ids import JobId, MessageId
from bot.domain.job import JobStatus
from bot.metrics import Metrics
from tests.fakes.image_api import ScriptedImageApi
from tests.integration.jobs.conftest import Machine


@pytest.fixture
def metrics(machine: Machine) -> Metrics:
    return Metrics(lifecycle=machine.lifecycle, engine=machine.engine, gate=machine.gate)


def lines(metrics: Metrics) -> set[str]:
    return set(metrics.render().decode().splitlines())


async def test_facts_written_beside_a_status_count_no_move_again(
    machine: Machine, metrics: Metrics, api: ScriptedImageApi
) -> None:
    api.hold()
    await machine.ask(1)
    await machine.until(1, JobStatus.SUBMITTING)
    await machine.service.acknowledged(JobId(1), MessageId(77))
    api.release()
    await machine.until_told(1)
    await machine.service.acknowledged(JobId(1), MessageId(77))
    assert lines(metrics) >= {
        "imagine_submissions_total 1.0",
        'imagine_jobs_ended_total{status="delivered"} 1.0',
        "imagine_job_seconds_count 1.0",
    }


async def test_a_job_that_ended_badly_counts_once(
    machine: Machine, metrics: Metrics, api: ScriptedImageApi
) -> None:
    api.hold()
    await machine.ask(1)
    await machine.until(1, JobStatus.SUBMITTING)
    await machine.lifecycle.advance(JobId(1), JobStatus.FAILED)
    await machine.until_told(1)
    assert 'imagine_jobs_ended_total{status="failed"} 1.0' in lines(metrics)
