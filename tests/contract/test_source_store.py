"""What the store of pictures to start from promises."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.ids import JobId
from bot.domain.job import JobStatus
from bot.domain.member_ports import SourceStore
from bot.domain.personal import Erasure
from bot.domain.ports import JobStore, PictureData, PictureStore
from bot.domain.start import MASK, PICTURE
from bot.errors import StorageError
from tests.contract.conftest import OpenStores, Stores
from tests.factories.jobs import ALICE, BOB, accept, bring_to
from tests.fakes.clock import FakeClock

FORM = JobId(77)
MUCH = 10**12


def a_picture(data: bytes = b"fox") -> PictureData:
    return PictureData(data, "image/png", 64, 32)


async def test_a_source_is_kept_before_there_is_a_job(sources: SourceStore):
    picture = await sources.keep(FORM, PICTURE, a_picture(), ALICE)
    mask = await sources.keep(FORM, MASK, a_picture(b"mask"), ALICE)
    assert (picture.width, picture.height, picture.size_bytes) == (64, 32, 3)
    assert await sources.of_job(FORM) == [picture, mask]
    assert await sources.read(picture.sha256) == b"fox"


async def test_it_is_held_for_another_job_once_and_again(sources: SourceStore):
    picture = await sources.keep(FORM, PICTURE, a_picture(), ALICE)
    for _ in range(2):
        assert await sources.hold(JobId(5), PICTURE, picture.sha256, BOB)
    assert await sources.of_job(JobId(5)) == [picture]


async def test_what_is_no_longer_kept_cannot_be_held(sources: SourceStore):
    assert not await sources.hold(JobId(5), PICTURE, "0" * 64, ALICE)
    assert await sources.of_job(JobId(5)) == []


async def test_sources_outlive_a_restart(open_stores: OpenStores, tmp_path: Path):
    async with open_stores(tmp_path) as stores:
        kept = await stores.sources.keep(FORM, PICTURE, a_picture(), ALICE)
    async with open_stores(tmp_path) as stores:
        assert await stores.sources.of_job(FORM) == [kept]
        assert await stores.sources.read(kept.sha256) == b"fox"


async def test_forgetting_a_job_forgets_what_it_started_from(
    jobs: JobStore, pictures: PictureStore, sources: SourceStore
):
    await accept(jobs, 1)
    kept = await sources.keep(JobId(1), PICTURE, a_picture(), ALICE)
    await pictures.forget(JobId(1))
    assert await sources.of_job(JobId(1)) == []
    with pytest.raises(StorageError):
        await sources.read(kept.sha256)


async def test_forgetting_a_job_forgets_the_forms_copy_of_what_it_started_from(
    jobs: JobStore, pictures: PictureStore, sources: SourceStore
):
    picture = await sources.keep(FORM, PICTURE, a_picture(), ALICE)
    for job_id in (1, 2):
        await accept(jobs, job_id)
        assert await sources.hold(JobId(job_id), PICTURE, picture.sha256, ALICE)

    await pictures.forget(JobId(1))

    assert await sources.of_job(JobId(1)) == []
    assert await sources.of_job(FORM) == []
    assert await sources.of_job(JobId(2)) == [picture]


async def test_a_job_that_did_not_come_about_leaves_the_forms_copy(sources: SourceStore):
    picture = await sources.keep(FORM, PICTURE, a_picture(), ALICE)
    assert await sources.hold(JobId(1), PICTURE, picture.sha256, ALICE)
    await sources.let_go(JobId(1))
    assert await sources.of_job(JobId(1)) == []
    assert await sources.of_job(FORM) == [picture]
    assert await sources.read(picture.sha256) == b"fox"

    await sources.let_go(FORM)
    with pytest.raises(StorageError):
        await sources.read(picture.sha256)


async def test_of_a_job_that_came_about_nothing_is_let_go(jobs: JobStore, sources: SourceStore):
    picture = await sources.keep(JobId(1), PICTURE, a_picture(), ALICE)
    await accept(jobs, 1)
    await sources.let_go(JobId(1))
    assert await sources.of_job(JobId(1)) == [picture]


async def test_a_file_stays_as_long_as_either_kind_names_it(
    jobs: JobStore, pictures: PictureStore, sources: SourceStore
):
    await accept(jobs, 1)
    kept = await pictures.keep(JobId(1), 0, a_picture())
    await sources.keep(JobId(2), PICTURE, a_picture(), ALICE)
    await pictures.forget(JobId(1))
    assert await sources.read(kept.sha256) == b"fox"
    await pictures.forget(JobId(2))
    with pytest.raises(StorageError):
        await sources.read(kept.sha256)


@pytest.mark.parametrize("by", ["age", "room"])
async def test_a_sweep_spares_what_open_jobs_start_from(
    by: str, clock: FakeClock, jobs: JobStore, pictures: PictureStore, sources: SourceStore
):
    await accept(jobs, 1)
    await accept(jobs, 2)
    await bring_to(jobs, JobId(2), JobStatus.DELIVERED)
    for number in (1, 2):
        await sources.keep(JobId(number), PICTURE, a_picture(bytes([number])), ALICE)
    clock.advance(timedelta(days=40))
    total = MUCH if by == "age" else 0
    older = clock.now_ms() if by == "age" else 0
    assert await pictures.sweep(older_than_ms=older, keep_total_bytes=total) == 1
    assert len(await sources.of_job(JobId(1))) == 1
    assert await sources.of_job(JobId(2)) == []


async def test_a_sweep_takes_the_oldest_of_both_kinds_first(
    clock: FakeClock, jobs: JobStore, pictures: PictureStore, sources: SourceStore
):
    await accept(jobs, 1)
    await bring_to(jobs, JobId(1), JobStatus.DELIVERED)
    await sources.keep(JobId(1), PICTURE, a_picture(b"old"), ALICE)
    clock.advance(timedelta(days=1))
    young = await pictures.keep(JobId(1), 0, a_picture(b"young"))
    assert await pictures.sweep(older_than_ms=0, keep_total_bytes=5) == 3
    assert await sources.of_job(JobId(1)) == []
    assert await pictures.of_job(JobId(1)) == [young]


async def test_unnamed_files_go_and_sources_files_do_not(
    pictures: PictureStore, sources: SourceStore
):
    kept = await sources.keep(FORM, PICTURE, a_picture(), ALICE)
    assert await pictures.remove_unnamed() == 0
    assert await sources.read(kept.sha256) == b"fox"


async def test_whoever_gave_it_has_it_erased_and_others_do_not(stores: Stores):
    for number, giver in ((5, ALICE), (6, BOB)):
        await stores.sources.keep(JobId(number), PICTURE, a_picture(), giver)
    held = await stores.sources.of_job(JobId(6))
    assert await stores.sources.hold(JobId(7), PICTURE, held[0].sha256, ALICE)
    names = [page.name async for page in stores.personal.rows_of(ALICE)]
    rows = [r async for p in stores.personal.rows_of(ALICE) if p.name == "sources" for r in p.rows]
    assert "sources" in names
    assert [row["job_id"] for row in rows] == [5, 7]


async def test_of_an_erased_members_job_nothing_is_left_whoever_gave_the_picture(stores: Stores):
    await accept(stores.jobs, 6, user_id=BOB)
    await bring_to(stores.jobs, JobId(6), JobStatus.DELIVERED)
    await stores.sources.keep(JobId(6), PICTURE, a_picture(), ALICE)
    await stores.personal.erase(Erasure(BOB, stores.clock.now_ms()))
    assert await stores.sources.of_job(JobId(6)) == []


async def test_erasing_the_giver_takes_it_from_everybody(stores: Stores):
    await stores.sources.keep(JobId(5), PICTURE, a_picture(), ALICE)
    [kept] = await stores.sources.of_job(JobId(5))
    assert await stores.sources.hold(JobId(6), PICTURE, kept.sha256, BOB)
    await stores.personal.erase(Erasure(ALICE, stores.clock.now_ms()))
    for number in (5, 6):
        assert await stores.sources.of_job(JobId(number)) == []
    await stores.pictures.remove_unnamed()
    with pytest.raises(StorageError):
        await stores.sources.read(kept.sha256)
