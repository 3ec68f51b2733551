"""Whatever is uploaded: it is made fit to start from, or refused privately in words."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from tests.acceptance.remixes import BLUE, RED, flat, half_white, remix, remixed, source_of
from tests.acceptance.stage import Stage, said
from tests.factories.pictures import encoded, noise


def bomb(side: int = 20_000) -> bytes:
    """Return a small file that claims, and has, so many pixels a side."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    lines = zlib.compress(bytes((side // 8 + 1) * side), 9)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", lines), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def moving(encoding: str) -> bytes:
    frames = [Image.new("RGB", (300, 300), colour) for colour in (RED, BLUE)]
    return encoded(frames[0], encoding, save_all=True, append_images=frames[1:], duration=100)


HOSTILE = {
    "cut off": (noise(400)[:-5000], "is damaged or cut off"),
    "a bomb": (bomb(), "has too many pixels"),
    "a GIF": (moving("GIF"), "is a moving picture"),
    "a moving PNG": (moving("PNG"), "is a moving picture"),
    "a moving WebP": (moving("WEBP"), "is a moving picture"),
    "a text": (b"hello, I am a text", "is no picture that I can read"),
    "nothing": (b"", "is no picture that I can read"),
    "a line": (flat((2000, 100)), "is too long and narrow"),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("command", ["remix", "inpaint"])
async def test_it_is_refused_privately_in_words(stage: Stage, name: str, command: str):
    data, words = HOSTILE[name]
    refused = said(await remix(stage, data, command=command))

    assert refused.ephemeral
    assert f"`image` {words}" in refused.content
    assert stage.bodies == []
    assert await stage.images_left() == 100
    assert not [m for m in stage.messages() if m.author.id != stage.member.id]


async def test_a_bad_mask_is_refused_and_names_the_mask(stage: Stage):
    mask = ("mask.png", half_white()[:-40])
    refused = said(await remix(stage, command="inpaint", mask=mask))
    assert "`mask` is damaged or cut off" in refused.content


async def test_a_photo_is_turned_upright_and_freed_of_what_it_tells(stage: Stage):
    photo = Image.new("RGB", (600, 400), RED)
    photo.paste(BLUE, (0, 0, 600, 200))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: the right side is up
    exif[0x010E] = "my address is 12 Elm Street"
    exif.get_ifd(0x8825)[1] = "N"
    data = encoded(photo, "JPEG", exif=exif, comment=b"secret", quality=95)
    job = await remixed(stage, data, name="photo.jpg")

    kept = await source_of(stage, job)
    assert (kept.format, kept.size) == ("PNG", (400, 600))
    right, left = kept.getpixel((390, 300)), kept.getpixel((10, 300))
    assert isinstance(right, tuple)
    assert isinstance(left, tuple)
    assert right[2] > right[0]
    assert left[0] > left[2]
    assert not kept.getexif()
    assert set(kept.info) <= {"dpi"}
    buffer = io.BytesIO()
    kept.save(buffer, "PNG")
    assert b"Elm Street" not in buffer.getvalue()


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ((4000, 3000), (1024, 768)),
        ((801, 603), (800, 600)),
        ((100, 100), (256, 256)),
        ((1024, 1024), (1024, 1024)),
        ((1200, 300), (1024, 256)),
    ],
)
async def test_pictures_are_brought_within_the_limits_in_their_shape(
    stage: Stage, given: tuple[int, int], taken: tuple[int, int]
):
    job = await remixed(stage, flat(given))
    assert (await source_of(stage, job)).size == taken
    assert (stage.bodies[0]["width"], stage.bodies[0]["height"]) == tuple(map(str, taken))


async def test_too_large_an_upload_is_not_even_fetched(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.ui.given_pictures.MAX_BYTES", 100)
    refused = said(await remix(stage))
    assert refused.ephemeral
    assert "is too large: give one of at most 25 MB" in refused.content


@pytest.mark.parametrize("encoding", ["JPEG", "WEBP", "PNG"])
async def test_every_kind_that_is_named_is_taken(stage: Stage, encoding: str):
    job = await remixed(stage, flat(encoding=encoding))
    assert (await source_of(stage, job)).format == "PNG"


async def test_sixteen_bits_and_palettes_are_taken(stage: Stage):
    deep = Image.new("I;16", (300, 300), 40_000)
    palette = Image.new("RGB", (300, 300), RED).quantize()
    for picture in (deep, palette):
        job = await remixed(stage, encoded(picture))
        assert (await source_of(stage, job)).mode == "RGB"
