"""A bare picture has no words in it, and every pixel as it was."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterator

import pytest
from PIL import Image, ImageCms, ImageSequence
from PIL.PngImagePlugin import PngInfo

from bot.domain.inscription import Inscription
from bot.picture_metadata import inscribe
from tests.factories.pictures import encoded, noise, opened
from tests.unit.picture_metadata.chunks import png_chunk

WORDS = b"a secret fox"
PICTURE = opened(noise(48))
CLEAR = opened(noise(48, "RGBA"))
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def exif() -> bytes:
    tags = Image.Exif()
    tags[0x010E] = WORDS.decode()
    return tags.tobytes()


def png() -> bytes:
    info = PngInfo()
    info.add_text("Comment", WORDS.decode())
    whole = encoded(
        CLEAR, pnginfo=info, exif=exif(), icc_profile=PROFILE, dpi=(72, 72), transparency=None
    )
    manifest, moment = png_chunk(b"caBX", WORDS), png_chunk(b"tIME", WORDS)
    return whole[:33] + manifest + moment + whole[33:] + WORDS


def moving_png() -> bytes:
    info = PngInfo()
    info.add_text("Comment", WORDS.decode())
    return encoded(CLEAR, pnginfo=info, save_all=True, append_images=[CLEAR.rotate(90)])


def jpeg(*, picture: Image.Image = PICTURE, progressive: bool = False) -> bytes:
    whole = encoded(
        picture,
        "JPEG",
        comment=WORDS,
        exif=exif(),
        xmp=WORDS,
        icc_profile=PROFILE,
        progressive=progressive,
    )
    iptc = b"\xff\xed" + struct.pack(">H", len(WORDS) + 2) + WORDS
    comment = b"\xff\xfe" + struct.pack(">H", len(WORDS) + 2) + WORDS
    filled = b"\xff\xff\xff" + comment[1:]
    return whole[:2] + iptc + filled + whole[2:-2] + comment + whole[-2:] + WORDS


def jpeg_between_scans() -> bytes:
    whole = jpeg(progressive=True)
    comment = b"\xff\xfe" + struct.pack(">H", len(WORDS) + 2) + WORDS
    last_scan = whole.rindex(b"\xff\xda")
    return whole[:last_scan] + comment + whole[last_scan:]


def webp(*, picture: Image.Image = CLEAR, lossless: bool = True) -> bytes:
    return encoded(picture, "WEBP", exif=exif(), xmp=WORDS, icc_profile=PROFILE, lossless=lossless)


def strange_webp() -> bytes:
    strange = b"fox " + struct.pack("<I", len(WORDS)) + WORDS
    whole = webp() + strange
    return whole[:4] + struct.pack("<I", len(whole) - 8) + whole[8:] + WORDS


def moving_webp() -> bytes:
    return encoded(
        CLEAR, "WEBP", exif=exif(), xmp=WORDS, save_all=True, append_images=[CLEAR.rotate(90)]
    )


def frames(data: bytes) -> Iterator[bytes]:
    with Image.open(io.BytesIO(data)) as picture:
        for frame in ImageSequence.Iterator(picture):
            yield frame.convert("RGBA").tobytes()


@pytest.mark.parametrize(
    "write",
    [
        png,
        moving_png,
        jpeg,
        lambda: jpeg(progressive=True),
        lambda: jpeg(picture=PICTURE.convert("CMYK")),
        jpeg_between_scans,
        webp,
        lambda: webp(picture=PICTURE, lossless=False),
        strange_webp,
        moving_webp,
    ],
)
def test_no_words_stay_and_every_pixel_does(write: Callable[[], bytes]):
    whole = write()
    assert WORDS in whole

    bare = inscribe(whole, None)

    assert WORDS not in bare
    assert list(frames(bare)) == list(frames(whole))
    before, after = opened(whole), opened(bare)
    assert after.info.get("icc_profile") == before.info.get("icc_profile")
    assert not after.info.keys() & {"comment", "exif", "xmp", "Comment"}
    assert inscribe(bare, None) == bare


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_what_is_bare_already_stays_byte_for_byte(form: str):
    data = encoded(PICTURE, form)
    assert inscribe(data, None) == data


@pytest.mark.parametrize("write", [png, jpeg, webp])
def test_our_words_take_the_place_of_all_others(write: Callable[[], bytes]):
    assert WORDS not in inscribe(write(), Inscription("ours", "{}"))


def test_a_picture_in_very_many_pieces_stays_whole():
    data = encoded(PICTURE)
    body = data[data.index(b"IDAT") + 4 : -16]
    pieces = [png_chunk(b"IDAT", body[n : n + 1]) for n in range(len(body))]
    pieces += [png_chunk(b"IDAT", b"")] * 20_000
    whole = data[:33] + b"".join(pieces) + png_chunk(b"tEXt", b"a\0" + WORDS) + data[-12:]
    bare = inscribe(whole, None)
    assert WORDS not in bare
    assert opened(bare).tobytes() == PICTURE.tobytes()


def test_of_a_png_without_an_end_the_words_go_all_the_same():
    whole = encoded(PICTURE)[:-12] + png_chunk(b"tEXt", b"a\0" + WORDS)
    bare = inscribe(whole, None)
    assert WORDS not in bare
    assert opened(bare).tobytes() == PICTURE.tobytes()
