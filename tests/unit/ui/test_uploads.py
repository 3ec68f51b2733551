"""Pictures fit what Discord takes."""

from __future__ import annotations

import io
import random
from collections.abc import Mapping
from typing import Any

import discord
import pytest
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngImageFile, PngInfo

from bot.domain.ids import JobId
from bot.domain.job import Job, JobStatus, Picture
from bot.domain.ports import Attachment
from bot.picture_metadata import inscribe, texts_in
from bot.ui.uploads import REQUEST_LIMIT_BYTES, files_for, preview_for, shrink
from tests.factories.jobs import ALICE, a_request, an_origin


def noise(side: int = 256, mode: str = "RGB") -> bytes:
    """Return a PNG that compresses badly."""
    raw = random.Random(7).randbytes(side * side * len(mode))
    buffer = io.BytesIO()
    Image.frombytes(mode, (side, side), raw).save(buffer, "PNG")
    return buffer.getvalue()


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


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("limit", [100_000, 20_000, 2_000])
def test_a_shrunk_picture_fits_and_is_still_one(mode: str, limit: int) -> None:
    shrunk = shrink(noise(mode=mode), limit)
    assert len(shrunk) <= limit
    picture = Image.open(io.BytesIO(shrunk))
    picture.load()
    assert picture.format == "JPEG"


def test_quality_goes_before_size() -> None:
    assert Image.open(io.BytesIO(shrink(noise(), 60_000))).size == (256, 256)


async def test_a_picture_that_fits_is_sent_as_it_is_with_a_description() -> None:
    data = noise()
    [file] = await files_for(a_job(prompt="a red fox"), [an_attachment(data)])
    assert inscribe(file.fp.read(), None) == data
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
    [file] = await files_for(job, [an_attachment(data)])
    picture = opened(file)
    words = text_of(picture)["parameters"].split("\n")
    assert words[:2] == ["an owl, (snowy)", "Negative prompt: fog"]
    assert words[2].startswith("Steps: 31, Sampler: UniPC, Schedule type: Karras, CFG scale: 7.5,")
    assert "Seed: 42, Size: 512x512, Model: midjourney" in words[2]
    assert picture.tobytes() == Image.open(io.BytesIO(data)).tobytes()


async def test_a_reencoded_picture_has_its_parameters_where_the_web_ui_writes_them() -> None:
    [file] = await files_for(a_job(limit=50_000, prompt="a 🦊"), [an_attachment(noise())])
    data = file.fp.read()
    assert len(data) <= 50_000
    exif = Image.open(io.BytesIO(data)).getexif().get_ifd(ExifTags.IFD.Exif)
    comment = exif[ExifTags.Base.UserComment]
    assert comment.startswith(b"UNICODE\0")
    assert comment[8:].decode("utf-16-be").startswith("a 🦊\nSteps: 31, ")


async def test_the_picture_comes_before_its_parameters_where_there_is_room_for_one() -> None:
    [file] = await files_for(a_job(limit=2_000, prompt="🦊" * 2000), [an_attachment(noise())])
    data = file.fp.read()
    assert len(data) <= 2_000
    assert texts_in(data) == {}


async def test_parameters_stay_here_where_a_server_keeps_them_to_the_requester() -> None:
    with_words = PngInfo()
    with_words.add_text("parameters", "of the API's own")
    buffer = io.BytesIO()
    Image.open(io.BytesIO(noise())).save(buffer, "PNG", pnginfo=with_words)
    attachment = an_attachment(buffer.getvalue())
    [file] = await files_for(a_job(), [attachment], with_parameters=False)
    assert text_of(opened(file)) == {}


async def test_nobodys_name_and_no_secret_travels_in_a_picture() -> None:
    job = a_job().model_copy(
        update={"origin": an_origin(interaction_token="secret-token", application_id=987654321)}
    )
    [file] = await files_for(job, [an_attachment(noise(8))])
    data = file.fp.read()
    for private in (str(ALICE), "987654321", "secret-token", "sha256"):
        assert private.encode() not in data
