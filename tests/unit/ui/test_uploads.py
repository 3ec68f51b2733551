"""Pictures fit what Discord takes."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import discord
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngImageFile, PngInfo

from bot.domain.ids import JobId
from bot.domain.job import Job, JobStatus, Picture
from bot.domain.ports import Attachment
from bot.picture_metadata import inscribe, texts_in
from bot.ui.uploads import (
    REQUEST_LIMIT_BYTES,
    USUAL_LIMIT_BYTES,
    files_for,
    next_limit,
    preview_for,
    share_out,
    upload_of,
)
from tests.factories.jobs import ALICE, a_request, an_origin
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
    assert inscribe(file.fp.read(), None) == small.data


def opened(file: discord.File) -> Image.Image:
    return Image.open(io.BytesIO(file.fp.read()))


def text_of(picture: Image.Image) -> Mapping[str, str]:
    assert isinstance(picture, PngImageFile)
    return picture.text


async def test_a_posted_png_has_its_parameters_in_it_and_every_pixel_as_it_was() -> None:
    data = noise()
    job = a_job(prompt="an owl, (snowy)", negative_prompt="fog", seed=42)
    [file] = await files_for(job, [an_attachment(data)], with_parameters=True)
    picture = opened(file)
    words = text_of(picture)["parameters"].split("\n")
    assert words[:2] == ["an owl, (snowy)", "Negative prompt: fog"]
    assert words[2].startswith("Steps: 31, Sampler: UniPC, Schedule type: Karras, CFG scale: 7.5,")
    assert "Seed: 42, Size: 512x512, Model: midjourney" in words[2]
    assert picture.tobytes() == Image.open(io.BytesIO(data)).tobytes()


async def test_a_reencoded_picture_has_its_parameters_where_the_web_ui_writes_them() -> None:
    job = a_job(limit=50_000, prompt="a 🦊")
    [file] = await files_for(job, [an_attachment(noise())], with_parameters=True)
    data = file.fp.read()
    assert len(data) <= 50_000
    exif = Image.open(io.BytesIO(data)).getexif().get_ifd(ExifTags.IFD.Exif)
    comment = exif[ExifTags.Base.UserComment]
    assert comment.startswith(b"UNICODE\0")
    assert comment[8:].decode("utf-16-be").startswith("a 🦊\nSteps: 31, ")


async def test_the_picture_comes_before_its_parameters_where_there_is_room_for_one() -> None:
    job = a_job(limit=2_000, prompt="🦊" * 2000)
    [file] = await files_for(job, [an_attachment(noise())], with_parameters=True)
    data = file.fp.read()
    assert len(data) <= 2_000
    assert texts_in(data) == {}


async def test_a_picture_that_just_fits_is_not_made_smaller_for_its_parameters() -> None:
    data = noise()
    upload = await upload_of(
        a_job(), [an_attachment(data)], limit_bytes=len(data) + 10, with_parameters=True
    )
    assert upload.files[0].fp.read() == data
    assert upload.smaller == []


async def test_what_is_told_of_making_pictures_fit_is_the_same_without_parameters() -> None:
    large = an_attachment(noise())
    upload = await upload_of(a_job(), [large], limit_bytes=50_000)
    assert texts_in(upload.files[0].fp.read()) == {}
    assert upload.smaller == [large.picture]


async def test_parameters_stay_here_where_a_server_keeps_them_to_the_requester() -> None:
    with_words = PngInfo()
    with_words.add_text("parameters", "of the API's own")
    buffer = io.BytesIO()
    Image.open(io.BytesIO(noise())).save(buffer, "PNG", pnginfo=with_words)
    attachment = an_attachment(buffer.getvalue())
    [file] = await files_for(a_job(), [attachment])
    assert text_of(opened(file)) == {}


async def test_nobodys_name_and_no_secret_travels_in_a_picture() -> None:
    job = a_job().model_copy(
        update={"origin": an_origin(interaction_token="secret-token", application_id=987654321)}
    )
    [file] = await files_for(job, [an_attachment(noise(8))], with_parameters=True)
    data = file.fp.read()
    for private in (str(ALICE), "987654321", "secret-token", "sha256"):
        assert private.encode() not in data
