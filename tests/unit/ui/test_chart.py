"""The chart tells the truth, and no name or number breaks it.

With UPDATE_SCREENSHOTS=1 the documents' picture, docs/stats.png, is made anew.
"""

from __future__ import annotations

import io
import itertools
import os
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageColor

from bot.domain.stats import Period, Summary, window_of
from bot.ui import chart
from bot.ui.chart import bucket_name, draw_chart, ticks_up_to
from tests.factories.stats import AFTERNOON, Ends, a_busy_month, a_summary
from tests.fakes.tongue import bracketed

DOCS = Path(__file__).parents[3] / "docs"
Colour = tuple[int, ...]

CARD, DELIVERED, FAILED, STRIPE, CANCELLED, PLAIN = (
    ImageColor.getrgb(colour)
    for colour in (
        chart._CARD,
        chart._BLUE,
        chart._AMBER,
        chart._STRIPE,
        chart._QUIET,
        chart._PLAIN,
    )
)


def drawn(summary: Summary) -> Image.Image:
    return Image.open(io.BytesIO(draw_chart(summary)))


def column(image: Image.Image, summary: Summary, number: int) -> list[Colour]:
    """Return the colours from the legend down to the axis, in the middle of a bucket."""
    slot = (chart._RIGHT - chart._PLOT_LEFT) / len(summary.buckets)
    x = round(chart._PLOT_LEFT + (number + 0.5) * slot)
    return colours(image.crop((x, chart._LEGEND_Y + 20, x + 1, chart._PLOT_BOTTOM)))


def colours(image: Image.Image) -> list[Colour]:
    """Return the colours of a part, from left to right and from the top down."""
    rows = itertools.product(range(image.height), range(image.width))
    return [cast("Colour", image.getpixel((x, y))) for y, x in rows]


def height(image: Image.Image, summary: Summary, number: int) -> int:
    """Return how high the filled part of a bar is."""
    return column(image, summary, number).count(DELIVERED)


def test_it_is_a_png_as_wide_as_discord_shows_well():
    image = drawn(a_busy_month())
    assert (image.format, image.width) == ("PNG", 1200)
    if os.environ.get("UPDATE_SCREENSHOTS"):
        (DOCS / "stats.png").write_bytes(draw_chart(a_busy_month()))


def test_a_bar_is_as_high_as_its_jobs_are_many():
    summary = a_summary([(100, 0, 0), (50, 0, 0), (0, 0, 0), (25, 0, 0)])
    image = drawn(summary)
    full = chart._PLOT_BOTTOM - chart._PLOT_TOP
    heights = [height(image, summary, number) for number in range(4)]
    assert heights == pytest.approx([full, full / 2, 0, full / 4], abs=2)


def test_the_ways_to_end_differ_in_more_than_colour():
    summary = a_summary([(0, 10, 0), (0, 0, 10)])
    image = drawn(summary)
    striped, hollow = column(image, summary, 0), column(image, summary, 1)
    assert {FAILED, STRIPE} <= set(striped)
    assert hollow.count(CANCELLED) < 10
    assert CARD in hollow[hollow.index(CANCELLED) :]


def test_one_failure_among_many_thousands_is_seen():
    summary = a_summary([(90_000, 1, 1)])
    seen = set(column(drawn(summary), summary, 0))
    assert {FAILED, STRIPE} & seen
    assert CANCELLED in seen


number_of_jobs = st.one_of(st.integers(0, 5), st.integers(0, 10**7))


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(Period),
    st.lists(st.tuples(number_of_jobs, number_of_jobs, number_of_jobs), max_size=30),
)
def test_bars_never_reach_the_legend(period: Period, ends: Sequence[Ends]):
    summary = a_summary(ends, period=period)
    image = drawn(summary)
    for number in range(len(summary.buckets)):
        assert column(image, summary, number)[:10] == [CARD] * 10


@pytest.mark.parametrize(
    "name",
    [
        "W" * 500,
        "日本語モデル" * 80,
        "👩‍👩‍👧‍👦" * 70,
        "مرحبا-بالعالم",
        "e" + "\u0301" * 400,
        "\u202eevil\u200bmodel",
        "a\nb\tc\x00",
        "\ud800",
        "",
    ],
    ids=["wide", "cjk", "emoji", "rtl", "marks", "overrides", "controls", "surrogate", "empty"],
)
def test_a_name_never_runs_into_its_bar(name: str):
    image = drawn(a_summary([(5, 0, 0)], models=[(name, 5), ("plain", 1)]))
    before_the_bar = image.crop(
        (chart._BARS_LEFT - 14, chart._FIRST_MODEL_Y - 20, chart._BARS_LEFT, image.height)
    )
    assert set(colours(before_the_bar)) == {CARD}
    bar = image.getpixel((chart._BARS_LEFT + 20, chart._FIRST_MODEL_Y))
    assert bar == PLAIN


def test_without_models_the_picture_ends_below_the_axis():
    ends = [(1, 1, 1)]
    assert drawn(a_summary(ends)).height < drawn(a_summary(ends, models=[("m", 3)])).height


@pytest.mark.parametrize("period", Period)
def test_in_letters_that_the_font_lacks_the_picture_says_nothing_but_numbers(period: Period):
    summary = a_summary([(5, 2, 1)] * 7, period=period, models=[("midjourney", 3)])
    with bracketed("ja"):
        japanese = draw_chart(summary)
    with bracketed("ko"):
        korean = draw_chart(summary)
    assert japanese == korean != draw_chart(summary)


def test_a_space_between_thousands_is_one_that_the_font_has():
    with bracketed("fr"):
        assert chart._figure(12_345) == "12 345"


@pytest.mark.parametrize(
    ("most", "ticks"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (4, [0, 1, 2, 3, 4]),
        (5, [0, 2, 4, 6]),
        (9, [0, 5, 10]),
        (80, [0, 20, 40, 60, 80]),
        (81, [0, 50, 100]),
        (106_000, [0, 50_000, 100_000, 150_000]),
    ],
)
def test_ticks(most: int, ticks: list[int]):
    assert list(ticks_up_to(most)) == ticks


@given(st.integers(0, 10**12))
def test_ticks_are_round_and_few_and_reach_the_top(most: int):
    ticks = list(ticks_up_to(most))
    assert ticks[0] == 0
    assert ticks[-1] >= most
    assert 2 <= len(ticks) <= 5
    assert {later - earlier for earlier, later in itertools.pairwise(ticks)} == {ticks[1]}
    assert str(ticks[1]).rstrip("0") in {"1", "2", "5"}


@pytest.mark.parametrize(
    ("period", "first", "last_but_one", "last"),
    [
        (Period.DAY, "15:00", "13:00", "now"),
        (Period.WEEK, "Fri 20", "Wed 25", "today"),
        (Period.MONTH, "28 Oct", "25 Nov", "today"),
    ],
)
def test_buckets_are_named_by_hour_or_day(period: Period, first: str, last_but_one: str, last: str):
    window = window_of(period, AFTERNOON)
    names = [bucket_name(window, number) for number in range(window.buckets)]
    assert (names[0], names[-2], names[-1]) == (first, last_but_one, last)
    assert len(set(names)) == window.buckets
