"""Old pictures go by age and by size; what is younger stays."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.ids import JobId
from bot.domain.job import JobStatus
from bot.jobs.upkeep import Retention
from tests.fakes.image_api import picture_at
from tests.integration.jobs.conftest import Disk


async def _keep(disk: Disk, job_id: int) -> int:
    await disk.left_behind(job_id, JobStatus.DELIVERED)
    kept = await disk.pictures.keep(JobId(job_id), 0, picture_at(f"https://x.test/{job_id}"))
    return kept.size_bytes


async def _remaining(disk: Disk, *job_ids: int) -> list[int]:
    return [n for n in job_ids if await disk.pictures.of_job(JobId(n))]


async def test_pictures_go_by_age(disk: Disk) -> None:
    await _keep(disk, 1)
    disk.clock.advance(timedelta(days=2))
    await _keep(disk, 2)
    retention = Retention(
        pictures=disk.pictures,
        clock=disk.clock,
        keep_for=timedelta(days=1),
        keep_total_bytes=10**9,
    )
    await retention.sweep()
    assert await _remaining(disk, 1, 2) == [2]


async def test_the_oldest_pictures_go_when_there_are_too_many(disk: Disk) -> None:
    size = 0
    for job_id in (1, 2, 3):
        size = await _keep(disk, job_id)
        disk.clock.advance(60)
    retention = Retention(
        pictures=disk.pictures,
        clock=disk.clock,
        keep_for=timedelta(days=30),
        keep_total_bytes=2 * size,
    )
    await retention.sweep()
    assert await _remaining(disk, 1, 2, 3) == [2, 3]
