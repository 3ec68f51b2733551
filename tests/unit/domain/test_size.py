"""Reading picture sizes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.size import NAMED_SIZES, Size, parse_size, within_limits
from tests.factories.jobs import a_request


@pytest.mark.parametrize("name", NAMED_SIZES)
def test_names_are_sizes_that_a_request_takes(name: str) -> None:
    size = parse_size(f" {name.upper()} ")
    assert a_request(width=size.width, height=size.height).size == size


@pytest.mark.parametrize("text", ["640x832", "640X832", " 640 × 832 ", "640*832"])
def test_sides_may_be_written_in_several_ways(text: str) -> None:
    assert parse_size(text) == Size(640, 832)


@pytest.mark.parametrize(
    "text", ["", "big", "640", "640x", "x832", "-1x5", "1x2x3", "６x", "1e3x9"]
)
def test_what_is_no_size_is_answered_with_the_rule(text: str) -> None:
    with pytest.raises(ValueError, match="square, portrait, landscape, wide, or WIDTHxHEIGHT"):
        parse_size(text)


@given(st.integers(0, 99_999), st.integers(0, 99_999))
def test_a_size_reads_as_it_is_written(width: int, height: int) -> None:
    assert parse_size(str(Size(width, height))) == Size(width, height)


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ((512, 512), (512, 512)),
        ((4000, 3000), (1024, 768)),
        ((801, 603), (800, 600)),
        ((10, 10), (256, 256)),
        ((4096, 1024), (1024, 256)),
        ((400, 100), (1024, 256)),
        ((100, 402), (256, 1024)),
        ((2000, 100), None),
        ((1, 4096), None),
    ],
)
def test_sizes_within_the_limits_keep_their_shape(
    given: tuple[int, int], taken: tuple[int, int] | None
) -> None:
    assert within_limits(Size(*given)) == taken
