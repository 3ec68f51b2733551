"""What is made of pictures and masks that members give."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.domain.mask_area import Area, MaskArea
from bot.domain.size import MAX_SIDE, MIN_SIDE, SIDE_STEP, Size
from bot.errors import InvalidRequest
from bot.sources.masks import draw_mask
from bot.sources.preparing import prepare, prepare_mask
from tests.factories.pictures import encoded, noise, opened

SQUARE = Size(256, 256)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_are_anything_but_a_picture_or_refused(data: bytes):
    with pytest.raises(InvalidRequest):
        prepare(data)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2000), st.binary(min_size=1, max_size=8))
def test_a_spoilt_picture_is_a_picture_or_refused(at: int, junk: bytes):
    whole = noise(24)
    try:
        made = prepare(whole[:at] + junk + whole[at + len(junk) :])
    except InvalidRequest:
        return
    assert opened(made.picture.data).size == (256, 256)


def test_the_same_upload_makes_the_same_file():
    data = noise(300)
    assert prepare(data).picture.data == prepare(data).picture.data


def test_half_see_through_is_half_drawn_anew():
    picture = Image.new("RGBA", (256, 256), (10, 20, 30, 128))
    mask = prepare(encoded(picture)).mask
    assert mask is not None
    assert opened(mask.data).getextrema() == (127, 127)


def test_a_picture_without_see_through_parts_has_no_mask():
    for mode in ("RGB", "RGBA", "L", "P", "CMYK"):
        colour = 255 if mode in {"L", "P"} else "white"
        encoding = "JPEG" if mode == "CMYK" else "PNG"
        assert prepare(encoded(Image.new(mode, (256, 256), colour), encoding)).mask is None


def test_a_mask_is_stretched_to_the_picture():
    mask = Image.new("L", (100, 50), 0)
    mask.paste(255, (0, 0, 50, 50))
    made = opened(prepare_mask(encoded(mask), Size(512, 256)).data)
    assert (made.mode, made.size) == ("L", (512, 256))
    assert (made.getpixel((10, 128)), made.getpixel((500, 128))) == (255, 0)


def test_what_is_see_through_in_a_mask_is_drawn_anew():
    mask = Image.new("RGBA", (256, 256), (0, 0, 0, 255))
    mask.paste((0, 0, 0, 0), (0, 0, 128, 256))
    made = opened(prepare_mask(encoded(mask), SQUARE).data)
    assert (made.getpixel((10, 10)), made.getpixel((250, 10))) == (255, 0)


sides = st.integers(MIN_SIDE // SIDE_STEP, MAX_SIDE // SIDE_STEP).map(lambda n: n * SIDE_STEP)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(Area), st.integers(1, 99), sides, sides)
def test_every_simple_mask_keeps_something_and_changes_something(
    area: Area, percent: int, width: int, height: int
):
    made = opened(draw_mask(MaskArea(area, percent), Size(width, height)).data)
    assert made.size == (width, height)
    assert made.getextrema() == (0, 255)


@pytest.mark.parametrize(
    ("area", "share"),
    [("left", 0.25), ("top", 0.25), ("centre", 0.0625), ("border", 1 - 0.75**2)],
)
def test_it_takes_as_much_as_was_said(area: str, share: float):
    made = opened(draw_mask(MaskArea(Area(area), 25), Size(512, 256)).data)
    assert sum(made.histogram()[255:]) == pytest.approx(share * 512 * 256, rel=0.02)


@pytest.mark.parametrize("percent", ["0", "100", "-1", "x", "9999999999", "٣", "1.5"])
def test_other_percents_are_refused(percent: str):
    with pytest.raises(InvalidRequest, match="percent: must be a whole number from 1 to 99"):
        MaskArea.read("left", percent)


@pytest.mark.parametrize(("percent", "meant"), [("", 50), (" 25 % ", 25), ("7", 7)])
def test_percents_are_read_as_people_write_them(percent: str, meant: int):
    assert MaskArea.read("left", percent) == MaskArea(Area.LEFT, meant)
