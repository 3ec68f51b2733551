"""Pictures fit what Discord takes."""

from __future__ import annotations

import io
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.domain.ids import JobId
from bot.domain.job import Job, JobStatus, Picture
from bot.domain.ports import Attachment
from bot.ui.uploads import (
    REQUEST_LIMIT_BYTES,
    USUAL_LIMIT_BYTES,
    files_for,
    next_limit,
    preview_for,
    share_out,
    upload_of,
)
from tests.factories.jobs import a_request, an_origin
from tests.factories.pictures import noise


def a_job(*, limit: int = 10**7, **request: Any) -> Job:
    return Job(
        id=JobId(5),
        origin=an_origin(upload_limit_bytes=limit),
        request=a_request(**request),
        status=JobStatus.READY,
        fair_tag=0,
        created_at_ms=1,
    )


def an_attachment(data: bytes, position: int = 0, media_type: str = "image/png") -> Attachment:
    picture = Picture(
        position=position,
        sha256="0" * 64,
        media_type=media_type,
        width=256,
        height=256,
        size_bytes=len(data),
    )
    return Attachment(picture, data)


async def test_a_picture_that_fits_is_sent_as_it_is_with_a_description() -> None:
    data = noise()
    [file] = await files_for(a_job(prompt="a red fox"), [an_attachment(data)])
    assert file.fp.read() == data
    assert file.filename == "imagine-5-1.png"
    assert file.description == "Generated from the prompt: a red fox"


async def test_a_picture_over_the_channels_limit_is_shrunk() -> None:
    [file] = await files_for(a_job(limit=50_000), [an_attachment(noise())])
    assert len(file.fp.read()) <= 50_000
    assert file.filename == "imagine-5-1.jpg"


async def test_several_pictures_fit_one_request_together() -> None:
    files = await files_for(a_job(limit=10**9), [an_attachment(noise(), n) for n in range(4)])
    assert sum(len(file.fp.read()) for file in files) <= REQUEST_LIMIT_BYTES
    assert [file.filename[-5] for file in files] == list("1234")
    assert str(files[1].description).startswith("Picture 2 of 4. ")


async def test_what_was_done_to_make_pictures_fit_is_told() -> None:
    small, large = an_attachment(noise(16), 0), an_attachment(noise(), 1)
    broken = an_attachment(b"\x89PNG" + bytes(100_000), 2)
    upload = await upload_of(a_job(samples=3), [small, large, broken], limit_bytes=50_000)
    assert [file.filename for file in upload.files] == ["imagine-5-1.png", "imagine-5-2.jpg"]
    assert upload.smaller == [large.picture]
    assert upload.left_out == [broken.picture]


async def test_where_no_file_may_be_sent_all_are_left_out() -> None:
    upload = await upload_of(a_job(), [an_attachment(noise())], limit_bytes=0)
    assert (upload.files, len(upload.left_out)) == ([], 1)


def test_small_files_leave_their_room_to_large_ones() -> None:
    mib = 1024 * 1024
    assert share_out([mib, 20 * mib], 50 * mib)[1] == REQUEST_LIMIT_BYTES - mib
    assert share_out([20 * mib, mib], 50 * mib)[0] == REQUEST_LIMIT_BYTES - mib
    assert share_out([9 * mib] * 4, 10 * mib) == [REQUEST_LIMIT_BYTES // 4] * 4
    assert share_out([9 * mib, 9 * mib], 10 * mib) == [10 * mib] * 2


@given(st.lists(st.integers(1, 40_000_000), max_size=10), st.integers(0, 60_000_000))
def test_shares_never_come_to_more_than_a_request(sizes: list[int], limit: int) -> None:
    shares = share_out(sizes, limit)
    assert sum(map(min, sizes, shares)) <= REQUEST_LIMIT_BYTES
    assert all(share <= limit for share in shares)
    if sum(sizes) <= REQUEST_LIMIT_BYTES and max(sizes, default=0) <= limit:
        assert all(size <= share for size, share in zip(sizes, shares, strict=True))


def test_refused_sizes_are_lowered_to_what_discord_takes_anywhere_and_then_by_halves() -> None:
    limits = [500 * 1024 * 1024]
    while limits[-1]:
        limits.append(next_limit(limits[-1]))
    assert limits[1:4] == [USUAL_LIMIT_BYTES, USUAL_LIMIT_BYTES // 2, USUAL_LIMIT_BYTES // 4]
    assert 64 * 1024 > limits[-2] > 0
    assert len(limits) < 12


async def test_without_pictures_there_are_no_files() -> None:
    assert await files_for(a_job(), []) == []


async def test_a_description_is_never_longer_than_discord_takes() -> None:
    [file] = await files_for(a_job(prompt="🦊*" * 1000), [an_attachment(noise())])
    assert 1000 < len(str(file.description)) <= 1024


async def test_a_preview_is_small_and_says_what_it_shows() -> None:
    large = an_attachment(noise(1024, "RGBA"), position=2)
    file = await preview_for(a_job(prompt="an owl"), large)
    data = file.fp.read()
    picture = Image.open(io.BytesIO(data))
    assert picture.format == "JPEG"
    assert picture.size == (768, 768)
    assert len(data) < len(large.data) / 4
    assert file.filename == "imagine-5-3.jpg"
    assert file.description == "Generated from the prompt: an owl"


async def test_what_is_small_already_is_its_own_preview() -> None:
    small = an_attachment(noise(64))
    file = await preview_for(a_job(), small)
    assert file.fp.read() == small.data
