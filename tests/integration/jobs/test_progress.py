"""What acknowledgements say while jobs move."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from bot.domain.ids import ChannelId, JobId, MessageId, UserId
from bot.domain.job import Job, JobStatus
from bot.errors import StorageError
from bot.jobs.progress import EDITS_PER_CHANNEL
from tests.fakes.image_api import ScriptedImageApi, processing
from tests.integration.jobs.conftest import Disk, Machine, OpenMachine

Shown = list[tuple[JobId, JobStatus, int | None]]


@pytest.fixture
async def held(open_machine: OpenMachine) -> AsyncGenerator[Machine]:
    """A machine with one slot, whose API holds what it gets."""
    api = ScriptedImageApi()
    api.hold()
    machine = await open_machine(api=api, slots=1)
    yield machine
    api.release()


async def asked(machine: Machine, job_id: int, channel: int = 1) -> None:
    await machine.ask(job_id, user_id=UserId(job_id), channel_id=ChannelId(channel))
    await machine.service.acknowledged(JobId(job_id), MessageId(job_id + 1000))


def edits(machine: Machine) -> Shown:
    said = [
        (job.id, job.status, standing.place) for job, standing in machine.courier.acknowledgements
    ]
    machine.courier.acknowledgements.clear()
    return said


async def test_a_new_phase_is_shown_once(held: Machine) -> None:
    held.api.answers(processing("p1"))
    held.api.fetch_answers(*[processing("p1")] * 10_000)
    await asked(held, 1)
    await held.api.until_submitted(1)
    await held.progress.round()
    assert edits(held) == [(1, JobStatus.SUBMITTING, None)]
    held.api.release()
    await held.until(1, JobStatus.PROCESSING)
    await held.progress.round()
    assert edits(held) == []  # still "drawing"


async def test_what_moved_twice_between_rounds_is_edited_once_with_the_newest(
    held: Machine,
) -> None:
    await asked(held, 1)
    held.api.release()
    await held.until_told(1)
    await held.progress.round()
    assert edits(held) == [(1, JobStatus.DELIVERED, None)]
    await held.progress.round()
    assert edits(held) == []


async def test_places_in_the_queue_move_up(held: Machine) -> None:
    for job_id in (1, 2, 3):
        await asked(held, job_id, channel=job_id)
    await held.api.until_submitted(1)
    await held.progress.round()
    assert [(job_id, place) for job_id, _, place in edits(held)] == [(1, None), (2, 0), (3, 1)]
    held.api.release()
    await held.until_told(1, 2, 3)
    await held.progress.round()
    assert {status for _, status, _ in edits(held)} == {JobStatus.DELIVERED}


async def test_a_channel_gets_no_more_edits_a_round_than_its_share(held: Machine) -> None:
    for job_id in range(1, 7):
        await asked(held, job_id, channel=1)
    await asked(held, 9, channel=2)
    await held.progress.round()
    first = [job_id for job_id, _, _ in edits(held)]
    assert len(first) == EDITS_PER_CHANNEL + 1
    assert 9 in first
    for _ in range(3):
        await held.progress.round()
    assert {job_id for job_id, _, _ in edits(held)} | set(first) == {1, 2, 3, 4, 5, 6, 9}


async def test_a_job_without_an_acknowledgement_is_not_edited(held: Machine) -> None:
    await held.ask(1)
    held.api.release()
    await held.until_told(1)
    await held.progress.round()
    assert edits(held) == []


async def test_an_acknowledgement_that_a_killed_process_left_behind_is_put_right(
    disk: Disk, open_machine: OpenMachine
) -> None:
    await disk.left_behind(
        1, JobStatus.DELIVERED, acknowledgement_id=MessageId(1001), message_id=MessageId(2001)
    )
    await disk.left_behind(2, JobStatus.DELIVERED)
    machine = await open_machine()
    await machine.progress.recover()
    await machine.progress.round()
    assert edits(machine) == [(1, JobStatus.DELIVERED, None)]


async def test_a_job_that_cannot_be_read_keeps_no_other_edit_back(
    held: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    get, faults = held.disk.jobs.get, [StorageError("database locked")]

    async def refuse(job_id: JobId) -> Job | None:
        if job_id == 1 and faults:
            raise faults.pop()
        return await get(job_id)

    await asked(held, 1, channel=1)
    await asked(held, 2, channel=2)
    await held.api.until_submitted(1)
    monkeypatch.setattr(held.disk.jobs, "get", refuse)
    await held.progress.round()
    assert [job_id for job_id, *_ in edits(held)] == [2]
    await held.progress.round()
    assert [job_id for job_id, *_ in edits(held)] == [1]
