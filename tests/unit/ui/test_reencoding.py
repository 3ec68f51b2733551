"""Pictures in fewer bytes are still the pictures they were."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops, ImageStat

from bot.ui.reencoding import preview, reencode
from tests.factories.pictures import encoded, noise, opened


@pytest.mark.parametrize("limit", [180_000, 60_000, 20_000, 2_000])
@pytest.mark.parametrize(("mode", "ending"), [("RGB", "jpg"), ("L", "jpg"), ("RGBA", "webp")])
def test_a_reencoded_picture_fits(mode: str, ending: str, limit: int) -> None:
    smaller = reencode(noise(mode=mode), limit)
    assert smaller is not None
    assert len(smaller.data) <= limit
    assert smaller.extension == ending
    assert opened(smaller.data).format == {"jpg": "JPEG", "webp": "WEBP"}[ending]


def test_quality_goes_step_by_step_and_pixels_last() -> None:
    data = noise()
    limit, widths = len(data) - 1, list[int]()
    for _ in range(6):
        smaller = reencode(data, limit)
        assert smaller is not None
        limit = len(smaller.data) - 1
        widths.append(opened(smaller.data).width)
    assert widths[:5] == [256] * 5
    assert 128 < widths[5] < 256


def test_where_little_is_missing_nobody_sees_a_difference() -> None:
    whole = opened(noise()).resize((600, 600)).convert("RGB")
    data = encoded(whole)
    smaller = reencode(data, len(data) - 1)
    assert smaller is not None
    difference = ImageStat.Stat(ImageChops.difference(opened(smaller.data), whole))
    assert max(difference.mean) < 5


def test_what_is_see_through_stays_so() -> None:
    picture = opened(noise()).convert("RGBA")
    picture.putalpha(Image.linear_gradient("L"))
    smaller = reencode(encoded(picture), 60_000)
    assert smaller is not None
    alpha = opened(smaller.data).convert("RGBA").getchannel("A")
    levels = alpha.tobytes()
    assert min(levels) < 10
    assert max(levels) > 245


def test_an_alpha_channel_that_hides_nothing_needs_no_webp() -> None:
    picture = opened(noise()).convert("RGBA")
    smaller = reencode(encoded(picture), 60_000)
    assert smaller is not None
    assert smaller.extension == "jpg"


def test_what_moves_goes_on_moving() -> None:
    frames = [opened(noise(64 + n)).resize((128, 128)) for n in range(4)]
    options = {"save_all": True, "append_images": frames[1:], "duration": [50, 60, 70, 80]}
    moving = encoded(frames[0], "WEBP", lossless=True, **options)
    smaller = reencode(moving, len(moving) // 4)
    assert smaller is not None
    assert len(smaller.data) <= len(moving) // 4
    again = Image.open(io.BytesIO(smaller.data))
    assert getattr(again, "n_frames", 1) == 4


def test_a_moving_picture_that_is_too_much_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.ui.reencoding._MOVING_PIXELS", 30_000)
    frames = [opened(noise(64 + n)).resize((128, 128)) for n in range(3)]
    moving = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    smaller = reencode(moving, 10_000)
    assert smaller is not None
    assert smaller.extension == "jpg"


def test_sixteen_bits_of_grey_are_not_washed_out() -> None:
    ramp = Image.frombytes(
        "I;16", (256, 256), b"".join(n.to_bytes(2, "little") for n in range(65536))
    )
    smaller = reencode(encoded(ramp), 30_000)
    assert smaller is not None
    grey = opened(smaller.data).convert("L")
    middle = grey.getpixel((128, 128))
    assert isinstance(middle, int | float)
    assert 118 < middle < 138


def test_a_picture_on_its_side_is_put_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    sideways = encoded(opened(noise()).resize((300, 200)), "JPEG", quality=100, exif=exif)
    smaller = reencode(sideways, len(sideways) // 2)
    assert smaller is not None
    assert opened(smaller.data).size == (200, 300)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK"])
def test_odd_pictures_are_no_trouble(mode: str) -> None:
    odd = opened(noise(300)).convert(mode)
    data = encoded(odd, "JPEG" if mode == "CMYK" else "PNG")
    smaller = reencode(data, 3_000)
    assert smaller is not None
    assert len(smaller.data) <= 3_000


@pytest.mark.parametrize("data", [b"", b"\x89PNG", noise()[:5_000], b"RIFF" + bytes(5000)])
def test_what_is_no_picture_is_none_in_fewer_bytes_either(data: bytes) -> None:
    assert reencode(data, 1_000) is None


def test_there_is_an_end_to_making_it_smaller() -> None:
    assert reencode(noise(), 200) is None


def test_a_preview_of_something_see_through_is_on_white() -> None:
    clear = encoded(Image.new("RGBA", (2000, 1000), (0, 0, 0, 0)))
    shown = opened(preview(clear))
    assert shown.size == (768, 384)
    assert shown.getpixel((5, 5)) == (255, 255, 255)
