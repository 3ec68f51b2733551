"""A shape becomes a size that the image API takes, with about as many pixels as usual."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.aspect import Aspect, parse_aspect, sized
from bot.domain.size import MAX_SIDE, MIN_SIDE, SIDE_STEP, Size

SIDES = st.integers(MIN_SIDE // SIDE_STEP, MAX_SIDE // SIDE_STEP).map(lambda n: n * SIDE_STEP)
SQUARE = Size(512, 512)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1:1", (512, 512)),
        ("3:2", (624, 416)),
        ("2:3", (416, 624)),
        ("16:9", (680, 384)),
        ("9/16", (384, 680)),
        ("4:1", (1024, 256)),
        ("1.91:1", (704, 368)),
    ],
)
def test_a_shape_keeps_the_usual_number_of_pixels(text: str, size: tuple[int, int]) -> None:
    assert sized(parse_aspect(text), SQUARE) == size


def test_a_shape_keeps_the_pixels_of_what_would_have_been_drawn() -> None:
    assert sized(parse_aspect("3:2"), Size(1024, 1024)) == (1024, 680)


@pytest.mark.parametrize(
    "text", ["", "3", "3:0", "0:3", "5:1", "1:5", "a:b", "3:2:1", "-3:2", "∞:1"]
)
def test_what_is_no_shape_a_picture_can_have_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="from 1:4"):
        parse_aspect(text)


@given(st.floats(0.25, 4), st.builds(Size, SIDES, SIDES))
def test_every_shape_becomes_a_size_within_the_limits_and_close_to_it(
    ratio: float, near: Size
) -> None:
    size = sized(Aspect(ratio, 1), near)
    for side in size:
        assert MIN_SIDE <= side <= MAX_SIDE
        assert side % SIDE_STEP == 0
    assert abs(size.width / size.height / ratio - 1) < 0.04
