"""What acknowledgements say while jobs move."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from bot.domain.ids import ChannelId, JobId, MessageId, UserId
from bot.domain.job import Job, JobStatus
from bot.domain.standing import BLOCKS, Phase, Standing
from bot.errors import DownloadError, StorageError
from bot.jobs.estimates import FIRST_GUESS_SECONDS
from bot.jobs.progress import EDITS_PER_CHANNEL, ROUND_SECONDS
from tests.fakes.courier import slow_down
from tests.fakes.image_api import ScriptedImageApi, links_for, processing
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


async def test_a_channel_that_discord_keeps_waiting_holds_up_no_other(held: Machine) -> None:
    stuck = held.courier.hold_edits(ChannelId(1))
    await asked(held, 1, channel=1)
    await held.api.until_submitted(1)
    async with held.progress.loop():
        await held.courier.until_tried("update_acknowledgement", 1)
        await asked(held, 2, channel=2)
        await held.service.cancel(JobId(2), UserId(2))
        await held.courier.changes.until(lambda: bool(held.courier.acknowledgements))
        assert edits(held) == [(2, JobStatus.CANCELLED, None)]
        stuck.set()
        await held.courier.changes.until(lambda: bool(held.courier.acknowledgements))
        assert edits(held) == [(1, JobStatus.SUBMITTING, None)]


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


def shown(machine: Machine) -> list[Standing]:
    """Return what was shown since this was asked last."""
    said = [standing for _, standing in machine.courier.acknowledgements]
    machine.courier.acknowledgements.clear()
    return said


async def after(machine: Machine, seconds: float) -> list[Standing]:
    """Let time pass, then a round; return what was shown in it."""
    machine.clock.advance(seconds)
    await machine.progress.round()
    return shown(machine)


async def drawing(machine: Machine) -> list[Standing]:
    """Have a job drawn, which no answer ends; return what was shown of it."""
    machine.api.answers(processing("p1", eta=None))
    machine.api.fetch_answers(*[processing("p1", eta=None)] * 10_000)
    await asked(machine, 1)
    await machine.api.until_submitted(1)
    machine.api.release()
    await machine.until(1, JobStatus.PROCESSING)
    return await after(machine, 0)


async def test_the_bar_is_edited_only_when_a_block_changed_and_is_never_full(
    held: Machine,
) -> None:
    bars = [standing.blocks for standing in await drawing(held)]
    edits_made = []
    for _ in range(round(2 * FIRST_GUESS_SECONDS)):
        news = await after(held, 1)
        edits_made.append(len(news))
        bars += [standing.blocks for standing in news]
    assert bars == sorted(bars)
    assert set(bars) == set(range(BLOCKS))
    assert sum(edits_made) <= BLOCKS + 1  # a block each, and that it takes longer than usual


async def test_a_time_is_named_then_any_moment_then_that_it_takes_longer(held: Machine) -> None:
    said = await drawing(held)
    for _ in range(10):
        said += await after(held, ROUND_SECONDS)
    assert all(each.due_at_ms is None or each.blocks < BLOCKS - 1 for each in said)
    words = ["time" if s.due_at_ms else "late" if s.is_late else "soon" for s in said]
    assert list(dict.fromkeys(words)) == ["time", "soon", "late"]


async def test_no_time_that_is_past_is_left_standing(held: Machine) -> None:
    await asked(held, 1)
    await asked(held, 2, channel=2)
    await held.api.until_submitted(1)
    newest: Standing | None = None
    for _ in range(40):
        held.clock.advance(ROUND_SECONDS)
        await held.progress.round()
        for job, standing in held.courier.acknowledgements:
            newest = standing if job.id == 2 else newest
        held.courier.acknowledgements.clear()
        assert newest is not None
        assert newest.phase is Phase.WAITING
        assert newest.due_at_ms
        assert newest.due_at_ms > held.clock.now_ms()


async def test_fetching_is_told_while_links_do_not_work_yet(open_machine: OpenMachine) -> None:
    machine = await open_machine(link_retry=[0.01] * 10_000)
    (url,) = links_for("1")
    machine.api.link_fails(url, *[DownloadError("404", retryable=True)] * 10_000)
    await asked(machine, 1)
    await machine.until(1, JobStatus.READY)
    assert [standing.phase for standing in await after(machine, 0)] == [Phase.FETCHING]
    assert await after(machine, 60) == []
    machine.api._links.clear()
    await machine.until_told(1)
    assert [standing.phase for standing in await after(machine, 0)] == [Phase.OVER]


async def test_posting_is_told_while_discord_takes_no_post(open_machine: OpenMachine) -> None:
    machine = await open_machine()
    machine.courier.fail("post", slow_down(), times=5)
    machine.courier.fail("find_post", slow_down(), times=30)
    await asked(machine, 1)
    await machine.courier.until_tried("find_post", 2)
    assert [standing.phase for standing in await after(machine, 0)] == [Phase.POSTING]
    await machine.until_told(1)
    assert [standing.phase for standing in await after(machine, 0)] == [Phase.OVER]


async def test_words_that_are_known_and_true_are_not_edited(held: Machine) -> None:
    await asked(held, 1)
    await held.api.until_submitted(1)
    job = await held.ask(2, user_id=UserId(2))
    held.cards.put_up(
        job, Standing(phase=Phase.WAITING, place=0, due_at_ms=held.clock.now_ms() + 60_000)
    )
    await held.service.acknowledged(JobId(2), MessageId(1002))
    await held.progress.round()
    assert [job_id for job_id, *_ in edits(held)] == [1]


async def test_a_move_before_the_acknowledgement_is_recorded_is_shown_after_it(
    held: Machine,
) -> None:
    job = await held.ask(1)
    held.cards.put_up(job, Standing(phase=Phase.WAITING, place=0))
    held.api.answers(processing("p1"))
    held.api.fetch_answers(*[processing("p1")] * 10_000)
    held.api.release()
    await held.until(1, JobStatus.PROCESSING)
    await held.progress.round()
    assert edits(held) == []
    await held.service.acknowledged(JobId(1), MessageId(1001))
    (said,) = await after(held, 0)
    assert said.phase is Phase.DRAWING


async def test_a_cancelled_job_that_the_api_still_draws_has_no_bar(held: Machine) -> None:
    await drawing(held)
    await held.service.cancel(JobId(1), UserId(1))
    said = await after(held, 0)
    for _ in range(20):
        said += await after(held, ROUND_SECONDS)
    assert [standing.phase for standing in said] == [Phase.TAKEN_BACK]


async def test_an_estimate_is_learnt_from_what_an_earlier_process_left(
    disk: Disk, open_machine: OpenMachine
) -> None:
    for job_id in range(1, 6):
        await disk.left_behind(job_id, JobStatus.DELIVERED)
        begun = disk.clock.now_ms()
        await disk.jobs.record(JobId(job_id), submitted_at_ms=begun, ready_at_ms=begun + 90_000)
    machine = await open_machine()
    await machine.estimate.recover(disk.jobs)
    request = (await disk.job(1)).request
    assert machine.estimate.seconds_until_done(request, 0) == pytest.approx(90)


async def test_fifty_jobs_in_one_channel_stay_within_its_share_and_each_has_its_turn(
    open_machine: OpenMachine,
) -> None:
    api = ScriptedImageApi()
    api.hold()
    machine = await open_machine(api=api, slots=5)
    for job_id in range(1, 51):
        await asked(machine, job_id)
    await api.until_submitted(5)
    had_a_turn: set[JobId] = set()
    for _ in range(60):
        machine.clock.advance(ROUND_SECONDS)
        await machine.progress.round()
        said = edits(machine)
        assert len(said) <= EDITS_PER_CHANNEL
        had_a_turn |= {job_id for job_id, *_ in said}
    assert sorted(had_a_turn) == list(range(1, 51))
    api.release()
    await machine.until_told(*range(1, 51))
    ends: list[JobId] = []
    for _ in range(50 // EDITS_PER_CHANNEL):
        machine.clock.advance(ROUND_SECONDS)
        await machine.progress.round()
        said = [(job.id, s.phase) for job, s in machine.courier.acknowledgements]
        machine.courier.acknowledgements.clear()
        assert len(said) <= EDITS_PER_CHANNEL
        ends += [job_id for job_id, phase in said if phase is Phase.OVER]
    assert sorted(ends) == list(range(1, 51))
    assert await after(machine, ROUND_SECONDS) == []
