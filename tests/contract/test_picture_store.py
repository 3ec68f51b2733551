"""What the picture store promises."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.ids import JobId
from bot.domain.ports import JobStore, PictureData, PictureStore
from bot.errors import StorageError
from tests.contract.conftest import OpenStores
from tests.factories.jobs import accept
from tests.fakes.clock import NOON, FakeClock

MUCH = 10**12


def a_picture(data: bytes = b"fox", *, blank: bool = False) -> PictureData:
    return PictureData(data, "image/png", 64, 32, blank)


@pytest.fixture(autouse=True)
async def three_jobs(jobs: JobStore) -> None:
    for number in (1, 2, 3):
        await accept(jobs, number)


async def test_a_kept_picture_reads_back(pictures: PictureStore):
    kept = await pictures.keep(JobId(1), 0, a_picture(b"fox" * 1000, blank=True))
    assert (kept.width, kept.height, kept.size_bytes, kept.blank) == (64, 32, 3000, True)
    assert await pictures.read(kept.sha256) == b"fox" * 1000
    assert await pictures.of_job(JobId(1)) == [kept]


async def test_keeping_again_is_harmless(pictures: PictureStore):
    first = await pictures.keep(JobId(1), 0, a_picture())
    assert await pictures.keep(JobId(1), 0, a_picture()) == first
    assert await pictures.of_job(JobId(1)) == [first]


async def test_a_jobs_pictures_come_in_order(pictures: PictureStore):
    await asyncio.gather(*(pictures.keep(JobId(1), n, a_picture(bytes([n]))) for n in (3, 1, 0, 2)))
    assert [picture.position for picture in await pictures.of_job(JobId(1))] == [0, 1, 2, 3]


async def test_a_job_without_pictures_has_none(pictures: PictureStore):
    assert await pictures.of_job(JobId(2)) == []


async def test_a_picture_of_no_job_is_refused(pictures: PictureStore):
    with pytest.raises(StorageError):
        await pictures.keep(JobId(404), 0, a_picture())


async def test_an_unknown_picture_is_gone(pictures: PictureStore):
    with pytest.raises(StorageError, match="no longer kept"):
        await pictures.read("0" * 64)


async def test_old_pictures_are_forgotten_and_their_bytes_freed(
    pictures: PictureStore, clock: FakeClock
):
    old = await pictures.keep(JobId(1), 0, a_picture(b"old"))
    clock.advance(timedelta(days=1))
    new = await pictures.keep(JobId(2), 0, a_picture(b"newer"))
    assert await pictures.sweep(older_than_ms=NOON + 1, keep_total_bytes=MUCH) == 3
    assert await pictures.of_job(JobId(1)) == []
    assert await pictures.read(new.sha256) == b"newer"
    with pytest.raises(StorageError):
        await pictures.read(old.sha256)


async def test_equal_bytes_live_until_the_last_job_that_has_them_is_forgotten(
    pictures: PictureStore, clock: FakeClock
):
    await pictures.keep(JobId(1), 0, a_picture())
    clock.advance(1)
    second = await pictures.keep(JobId(2), 0, a_picture())
    assert await pictures.sweep(older_than_ms=NOON + 1, keep_total_bytes=MUCH) == 0
    assert await pictures.of_job(JobId(1)) == []
    assert await pictures.read(second.sha256) == b"fox"
    assert await pictures.sweep(older_than_ms=NOON + 1001, keep_total_bytes=MUCH) == 3


async def test_a_forgotten_jobs_pictures_go_and_shared_bytes_stay(pictures: PictureStore):
    for number in (1, 2):
        await pictures.keep(JobId(number), 0, a_picture(b"shared"))
    mine = await pictures.keep(JobId(1), 1, a_picture(b"mine alone"))
    await pictures.forget(JobId(1))
    assert await pictures.of_job(JobId(1)) == []
    with pytest.raises(StorageError):
        await pictures.read(mine.sha256)
    (shared,) = await pictures.of_job(JobId(2))
    assert await pictures.read(shared.sha256) == b"shared"
    await pictures.forget(JobId(1))


async def test_past_the_total_the_oldest_go_first(pictures: PictureStore, clock: FakeClock):
    for number in (1, 2, 3):
        await pictures.keep(JobId(number), 0, a_picture(bytes([number]) * 10))
        clock.advance(1)
    assert await pictures.sweep(older_than_ms=0, keep_total_bytes=25) == 10
    left = [len(await pictures.of_job(JobId(number))) for number in (1, 2, 3)]
    assert left == [0, 1, 1]


async def test_equal_bytes_count_once_towards_the_total(pictures: PictureStore):
    for number in (1, 2, 3):
        await pictures.keep(JobId(number), 0, a_picture(b"x" * 10))
    assert await pictures.sweep(older_than_ms=0, keep_total_bytes=10) == 0
    assert await pictures.sweep(older_than_ms=0, keep_total_bytes=9) == 10


async def test_a_sweep_never_takes_a_picture_being_kept_again(
    pictures: PictureStore, clock: FakeClock
):
    for turn in range(30):
        await pictures.keep(JobId(1), 0, a_picture())
        clock.advance(1)
        await asyncio.gather(
            pictures.sweep(older_than_ms=clock.now_ms(), keep_total_bytes=MUCH),
            pictures.keep(JobId(2), turn, a_picture()),
        )
        (latest,) = [p for p in await pictures.of_job(JobId(2)) if p.position == turn]
        assert await pictures.read(latest.sha256) == b"fox"


async def test_pictures_are_there_after_a_restart(open_stores: OpenStores, tmp_path: Path):
    directory = tmp_path / "restarted"
    directory.mkdir()
    async with open_stores(directory) as stores:
        await accept(stores.jobs, 9)
        kept = await stores.pictures.keep(JobId(9), 0, a_picture())
    async with open_stores(directory) as stores:
        assert await stores.pictures.of_job(JobId(9)) == [kept]
        assert await stores.pictures.read(kept.sha256) == b"fox"
