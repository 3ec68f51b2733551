"""A wish is fulfilled however often it takes, and one member's trouble is nobody else's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.domain.ids import JobId, UserId
from bot.domain.job import Job, JobStatus
from bot.domain.personal import Erasure
from bot.domain.standing import Standing, phase_of
from bot.errors import StorageError
from bot.jobs.lifecycle import JobLifecycle
from bot.privacy import erasures as module
from bot.privacy.erasures import Erasures, is_done
from bot.storage.database import Database
from bot.storage.jobs import SqliteJobStore
from bot.storage.personal_data import SqlitePersonalStore
from bot.storage.pictures import SqlitePictureStore
from tests.factories.jobs import ALICE, BOB, accept, bring_to
from tests.fakes.clock import FakeClock
from tests.fakes.courier import RecordingCourier


class Troubled(SqlitePersonalStore):
    """A store whose disk refuses a member's rows, or whose log is being read, so many times."""

    refuses: UserId | None = None
    times = 0
    is_read = 0
    untidy = 0

    async def tidy(self) -> int:
        if self.untidy > 0:
            self.untidy -= 1
            raise StorageError("The database is locked by another program.")
        return await super().tidy()

    async def erase(self, erasure: Erasure) -> int:
        if erasure.user_id == self.refuses and self.times > 0:
            self.times -= 1
            raise StorageError("The disk is full; nothing was saved.")
        return await super().erase(erasure)

    async def wipe(self) -> bool:
        self.is_read -= 1
        return self.is_read < 0 and await super().wipe()


class Scene:
    """The use case on a real file."""

    def __init__(self, database: Database, directory: Path) -> None:
        clock = FakeClock()
        self.jobs = SqliteJobStore(database, clock)
        self.store = Troubled(database, clock)
        self.courier = RecordingCourier()
        self.lifecycle = JobLifecycle(self.jobs)
        self.erasures = Erasures(
            store=self.store,
            pictures=SqlitePictureStore(database, directory / "images", clock),
            lifecycle=self.lifecycle,
            clock=clock,
        )
        self.erasures.on_taken_back(self.show)
        self.database = database

    async def show(self, job: Job) -> None:
        await self.courier.update_acknowledgement(job, Standing(phase=phase_of(job)))

    async def job_ids(self) -> list[int]:
        return [
            row["id"] for row in await self.database.fetch_all("SELECT id FROM jobs ORDER BY id")
        ]


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncGenerator[Scene]:
    async with Database.open(tmp_path / "imagine.db") as database:
        scene = Scene(database, tmp_path)
        for number, user_id in ((1, ALICE), (2, BOB)):
            await accept(scene.jobs, number, user_id=user_id)
            await bring_to(scene.jobs, JobId(number), JobStatus.DELIVERED)
        yield scene


async def test_where_the_disk_refuses_others_are_erased_and_it_is_tried_again(scene: Scene):
    scene.store.refuses, scene.store.times = ALICE, 2
    of_alice = await scene.erasures.ask(ALICE)
    of_bob = await scene.erasures.ask(BOB)

    await scene.erasures.work_off()
    assert await scene.job_ids() == [1]
    assert (of_alice.done(), of_bob.done()) == (False, True)

    async with scene.erasures.loop():
        assert await is_done(of_alice)
    assert await scene.job_ids() == []


async def test_the_log_is_emptied_as_soon_as_nobody_reads(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "PAUSE_SECONDS", 0.01)
    scene.store.is_read = 2
    async with scene.erasures.loop():
        assert await is_done(await scene.erasures.ask(ALICE))
        assert scene.store.is_read >= 0
        async with asyncio.timeout(10):
            while scene.store.is_read >= 0:
                await scene.database.fetch_all("SELECT 1")


async def test_who_is_erased_hears_of_it_although_tidying_up_took_two_tries(scene: Scene):
    scene.store.untidy = 1
    waiting = await scene.erasures.ask(ALICE)
    with pytest.raises(StorageError):
        await scene.erasures.work_off()
    assert not waiting.done()
    await scene.erasures.work_off()
    assert waiting.done()


async def test_who_asks_twice_hears_of_it_twice(scene: Scene):
    first, second = await scene.erasures.ask(ALICE), await scene.erasures.ask(ALICE)
    await scene.erasures.work_off()
    assert await is_done(first)
    assert await is_done(second)


async def test_a_member_does_not_wait_for_ever(scene: Scene, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "ANSWER_SECONDS", 0.0)
    assert not await is_done(await scene.erasures.ask(ALICE))
    await scene.erasures.work_off()
    assert await scene.job_ids() == [2]


async def test_a_job_whose_row_is_unreadable_is_erased_all_the_same(scene: Scene):
    await accept(scene.jobs, 3)
    await bring_to(scene.jobs, JobId(3), JobStatus.PROCESSING)
    for sql in (
        "PRAGMA ignore_check_constraints = ON",
        "UPDATE jobs SET used = 'not json', can_post = 7 WHERE id = 3",
        "PRAGMA ignore_check_constraints = OFF",
    ):
        await scene.database.write(lambda tx, sql=sql: tx.execute(sql))
    with pytest.raises(StorageError, match="damaged"):
        await scene.jobs.get(JobId(3))

    await scene.erasures.ask(ALICE)
    await scene.erasures.work_off()

    (row,) = await scene.database.fetch_all("SELECT user_id, used FROM jobs WHERE id = 3")
    assert tuple(row) == (0, None)


async def test_discord_being_slow_holds_nothing_up(scene: Scene, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "SHOW_SECONDS", 0.01)
    await accept(scene.jobs, 3)
    scene.erasures.on_taken_back(lambda _job: asyncio.sleep(3600))

    await scene.erasures.ask(ALICE)
    await scene.erasures.work_off()

    assert await scene.job_ids() == [2]


async def test_the_end_of_a_job_left_to_the_api_is_noticed(scene: Scene):
    await accept(scene.jobs, 3)
    await bring_to(scene.jobs, JobId(3), JobStatus.PROCESSING)
    async with scene.erasures.loop():
        assert await is_done(await scene.erasures.ask(ALICE))
        assert await scene.job_ids() == [2, 3]
        await scene.lifecycle.advance(JobId(3), JobStatus.FAILED)
        async with asyncio.timeout(10):
            while await scene.job_ids() != [2]:
                pass
