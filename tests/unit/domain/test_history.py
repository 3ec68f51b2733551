"""Days as members name them, and the ids that belong to them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.flagged import is_withheld
from bot.domain.guild_settings import Flagged
from bot.domain.history import (
    DAY_WORDS,
    EVERYTHING,
    HistoryFilter,
    may_show,
    parse_day,
    parse_span,
)
from bot.domain.ids import first_id_at
from bot.domain.job import Picture
from bot.domain.outcome import UsedSettings
from bot.errors import InvalidRequest
from tests.factories.jobs import a_job

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-01", date(2026, 11, 1)),
        (" 2026-11-01 ", date(2026, 11, 1)),
        ("20261101", date(2026, 11, 1)),
        ("Today", TODAY),
        ("yesterday", date(2026, 11, 25)),
        ("a month ago", date(2026, 10, 27)),
        ("a year ago", date(2025, 11, 26)),
    ],
)
def test_a_day_is_a_date_or_a_word(text: str, day: date):
    assert parse_day("since", text, today=TODAY) == day


@given(st.text(max_size=40))
def test_any_other_text_is_refused_in_words(text: str):
    try:
        date.fromisoformat(text.strip().lower())
    except ValueError:
        with pytest.raises(InvalidRequest, match="since: must be a day such as 2026-11-01"):
            parse_day("since", f"{text}?", today=TODAY)


def test_the_span_may_be_one_day_but_not_turned_round():
    assert parse_span("today", "today", today=TODAY) == (TODAY, TODAY)
    assert parse_span(None, None, today=TODAY) == (None, None)
    with pytest.raises(InvalidRequest, match="must not be before `since`, which is 26 Nov 2026"):
        parse_span("today", "yesterday", today=TODAY)


@given(st.dates(date(2015, 1, 2), date(2099, 12, 31)), st.integers(0, 86_399_999))
def test_a_filter_lets_through_the_snowflakes_of_its_days(day: date, millisecond: int):
    midnight = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)
    first, beyond = HistoryFilter(since=day, until=day).span
    assert first <= first_id_at(midnight + millisecond) < beyond
    assert first_id_at(midnight - 1) + (1 << 22) - 1 < first
    assert first_id_at(midnight + 86_400_000) == beyond


@given(st.integers(1_420_070_400_000, 4_102_444_800_000))
def test_ids_are_dated_as_discord_does(moment_ms: int):
    dated = discord.utils.snowflake_time(first_id_at(moment_ms))
    assert round(dated.timestamp() * 1000) == moment_ms


def test_only_a_filter_that_leaves_something_out_is_one():
    assert EVERYTHING.is_empty
    assert HistoryFilter(search=" \x00 ").is_empty
    assert not HistoryFilter(favourites=True).is_empty


@pytest.mark.parametrize("words", DAY_WORDS)
def test_every_word_for_a_day_is_understood(words: str):
    assert parse_day("until", words, today=TODAY) <= TODAY


def test_what_was_withheld_or_taken_down_is_not_shown():
    picture = Picture(
        position=0, sha256="0" * 64, media_type="image/png", width=8, height=8, size_bytes=9
    )
    flagged = UsedSettings(flagged=True)
    assert may_show(a_job(), picture)
    assert may_show(a_job(used=flagged, flagged=Flagged.SPOILER), picture)
    withheld = a_job(used=flagged, flagged=Flagged.WITHHELD)
    assert is_withheld(withheld, picture)
    assert not may_show(withheld, picture)
    assert not may_show(a_job().model_copy(update={"removed_at_ms": 1}), picture)
