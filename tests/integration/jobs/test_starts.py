"""Jobs that start from a picture: it reaches the API before them, or they end in words."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.ids import JobId
from bot.domain.job import JobStatus
from bot.domain.outcome import EndReason
from bot.domain.ports import PictureData
from bot.domain.start import MASK, PICTURE, StartLinks
from bot.errors import ProviderFailed, ProviderRejected, ProviderUnavailable
from bot.jobs.start_links import StartLinker
from tests.factories.jobs import ALICE, GENEROUS, a_job, a_request, an_origin
from tests.fakes.image_api import ScriptedImageApi
from tests.integration.jobs.conftest import Disk, Machine

FOX, HOLE = (PictureData(data, "image/png", 512, 512) for data in (b"fox", b"hole"))


async def ask(machine: Machine, disk: Disk, job_id: int = 1, *, masked: bool = False) -> None:
    """Do what `/remix` and `/inpaint` do."""
    picture = await disk.sources.keep(JobId(job_id), PICTURE, FOX, ALICE)
    start: dict[str, Any] = {"init_image": picture.sha256, "strength": 0.5}
    if masked:
        mask = await disk.sources.keep(JobId(job_id), MASK, HOLE, ALICE)
        start["mask_image"] = mask.sha256
    await machine.service.submit(JobId(job_id), an_origin(), a_request(**start), GENEROUS)


async def test_a_job_from_words_has_no_links(machine: Machine, api: ScriptedImageApi):
    await machine.ask(1)
    await machine.until_told(1)
    assert api.submissions[0].links is None
    assert api.hosted == []


@pytest.mark.parametrize("masked", [False, True])
async def test_pictures_are_handed_over_before_the_job(
    machine: Machine, disk: Disk, api: ScriptedImageApi, masked: bool
):
    await ask(machine, disk, masked=masked)
    job = await machine.until_told(1)
    assert job.status is JobStatus.DELIVERED
    assert api.hosted == ([b"fox", b"hole"] if masked else [b"fox"])
    mask = "https://hosted.test/2.png" if masked else None
    assert api.submissions[0].links == StartLinks("https://hosted.test/1.png", mask)


async def test_a_job_sent_again_hands_them_over_again(
    machine: Machine, disk: Disk, api: ScriptedImageApi
):
    api.answers(ProviderFailed("once"))
    await ask(machine, disk)
    assert (await machine.until_told(1)).status is JobStatus.DELIVERED
    assert api.hosted == [b"fox", b"fox"]


async def test_what_the_api_cannot_take_now_is_handed_over_later(
    machine: Machine, disk: Disk, api: ScriptedImageApi
):
    api.host_fails(ProviderUnavailable("down"), ProviderUnavailable("down"))
    await ask(machine, disk)
    job = await machine.until_told(1)
    assert (job.status, job.times_lost) == (JobStatus.DELIVERED, 0)
    assert len(api.submissions) == 1


async def test_what_the_api_will_not_take_ends_the_job_and_gives_back_the_quota(
    machine: Machine, disk: Disk, api: ScriptedImageApi
):
    api.host_fails(ProviderRejected("no picture"))
    await ask(machine, disk)
    job = await machine.until_told(1)
    assert job.end_reason is EndReason.API_REJECTED
    assert api.submissions == []
    assert await disk.used() == 0


@pytest.mark.parametrize("masked", [False, True])
async def test_a_job_whose_picture_is_gone_ends_in_words_and_gives_back_the_quota(
    machine: Machine, disk: Disk, api: ScriptedImageApi, masked: bool
):
    start = {"init_image": "a" * 64, "strength": 0.5}
    mask = {"mask_image": "b" * 64} if masked else {}
    await machine.service.submit(JobId(1), an_origin(), a_request(**start, **mask), GENEROUS)
    job = await machine.until_told(1)
    assert (job.status, job.end_reason) == (JobStatus.FAILED, EndReason.START_GONE)
    assert api.submissions == []
    assert await disk.used() == 0


async def test_where_our_server_is_public_nothing_is_handed_over(disk: Disk, api: ScriptedImageApi):
    picture = await disk.sources.keep(JobId(1), PICTURE, FOX, ALICE)
    linker = StartLinker(
        sources=disk.sources, api=api, own_link=lambda job, n: f"https://bot.test/{job}/{n}"
    )
    job = a_job(init_image=picture.sha256, strength=0.5)
    assert await linker.links_for(job) == StartLinks("https://bot.test/1/0")
    assert api.hosted == []
