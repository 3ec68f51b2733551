from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, ImageDraw

from bot.errors import DownloadError
from bot.imageapi.pictures import decode


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def drawing(mode: str = "RGB", size: tuple[int, int] = (64, 48)) -> Image.Image:
    image = Image.new("RGB", size, "navy")
    ImageDraw.Draw(image).ellipse((8, 8, 40, 40), fill="gold")
    return image.convert(mode)


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")],
)
def test_the_type_and_size_are_found_by_decoding(kind: str, media_type: str) -> None:
    data = encoded(drawing(), kind)

    picture = decode(data)

    assert (picture.media_type, picture.width, picture.height) == (media_type, 64, 48)
    assert picture.data == data
    assert not picture.blank


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_what_the_api_wrote_into_a_picture_is_left_behind(kind: str) -> None:
    tags = Image.Exif()
    tags[0x010E] = "a secret prompt"
    picture = decode(encoded(drawing(), kind, exif=tags.tobytes()))

    assert b"secret" not in picture.data
    assert decode(picture.data) == picture


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "I;16"])
def test_a_drawing_in_any_mode_is_not_blank(mode: str) -> None:
    kind, source = ("JPEG", "CMYK") if mode == "CMYK" else ("PNG", mode)
    if source == "PA":
        source = "LA"
    image = drawing("L").convert("I;16") if mode == "I;16" else drawing(source)

    assert not decode(encoded(image, kind)).blank


@pytest.mark.parametrize(
    ("mode", "colour"),
    [
        ("RGB", "black"),
        ("RGB", (12, 200, 99)),
        ("L", 0),
        ("L", 255),
        ("1", 0),
        ("P", 3),
        ("RGBA", (0, 0, 0, 255)),
    ],
)
def test_one_colour_is_blank(mode: str, colour: Any) -> None:
    assert decode(encoded(Image.new(mode, (64, 64), colour))).blank


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_one_colour_is_blank_after_rounding_too(kind: str) -> None:
    assert decode(encoded(Image.new("RGB", (64, 64), (12, 200, 99)), kind)).blank


def test_what_is_wholly_transparent_is_blank() -> None:
    image = drawing("RGBA")
    image.putalpha(0)

    assert decode(encoded(image)).blank


def test_a_single_other_pixel_is_not_blank() -> None:
    image = Image.new("RGB", (64, 64), "black")
    image.putpixel((63, 63), (255, 255, 255))

    assert not decode(encoded(image)).blank


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_a_piece_of_a_picture_is_worth_another_try(kind: str, share: float) -> None:
    noise = Image.effect_noise((256, 256), 90).convert("RGB")
    data = encoded(noise, kind)

    with pytest.raises(DownloadError) as raised:
        decode(data[: int(len(data) * share)])

    assert raised.value.retryable


def test_nothing_is_worth_another_try() -> None:
    with pytest.raises(DownloadError) as raised:
        decode(b"")

    assert raised.value.retryable


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"<html>not a picture</html>", id="a page"),
        pytest.param(b'{"status":"processing"}', id="JSON"),
        pytest.param(b"iVBORw0KGgoAAAANSUhEUg", id="base64"),
        pytest.param(encoded(drawing(), "GIF"), id="GIF"),
        pytest.param(encoded(drawing(), "BMP"), id="BMP"),
        pytest.param(encoded(drawing(), "TIFF"), id="TIFF"),
        pytest.param(b'<svg xmlns="http://www.w3.org/2000/svg"/>', id="SVG"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", id="EPS"),
    ],
)
def test_what_is_no_picture_of_ours_is_refused_for_good(data: bytes) -> None:
    with pytest.raises(DownloadError) as raised:
        decode(data)

    assert not raised.value.retryable


def bomb(width: int, height: int) -> bytes:
    """Return a tiny PNG whose header promises many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


@pytest.mark.parametrize("side", [4097, 10_000, 30_000, 2**31 - 1])
def test_a_bomb_is_refused_before_it_is_decoded(side: int) -> None:
    with pytest.raises(DownloadError, match="pixels") as raised:
        decode(bomb(side, side))

    assert not raised.value.retryable


def test_damage_in_the_middle_is_found() -> None:
    noise = encoded(Image.effect_noise((256, 256), 90))
    middle = len(noise) // 2
    damaged = noise[:middle] + bytes(64) + noise[middle + 64 :]

    with pytest.raises(DownloadError) as raised:
        decode(damaged)

    assert raised.value.retryable
