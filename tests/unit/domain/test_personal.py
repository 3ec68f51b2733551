"""A stored row as a person can read it: nothing is lost, rounded or broken on the way."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.personal import presented

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
INT64 = st.integers(-(2**63), 2**63 - 1)


@given(INT64)
def test_ids_survive_programs_that_round_large_numbers(number: int):
    row = presented({"id": number, "user_id": number, "set_by": number})
    assert {int(value) for value in row.values()} == {number}
    assert all(isinstance(value, str) for value in row.values())


@given(st.integers(0, 4_000_000_000_000))
def test_moments_are_spelt_out_to_the_millisecond(ms: int):
    (spelt,) = presented({"created_at_ms": ms}).values()
    assert (datetime.fromisoformat(spelt) - EPOCH) / timedelta(milliseconds=1) == ms


@given(INT64)
def test_a_moment_beyond_the_calendar_is_not_lost(ms: int):
    assert presented({"told_at_ms": ms})["told_at"]


def test_what_is_not_there_stays_so():
    row = {"told_at_ms": None, "message_id": None, "used": None, "end_detail": None}
    assert set(presented(row).values()) == {None}


@given(st.text())
def test_text_stays_as_it_is(text: str):
    assert presented({"end_detail": text, "reason": text}) == {"end_detail": text, "reason": text}


@given(st.recursive(st.none() | st.booleans() | st.text() | INT64, st.lists))
def test_json_in_a_column_is_unfolded(value: Any):
    assert presented({"request": json.dumps(value)}) == {"request": value}


@pytest.mark.parametrize("text", ["", "{", "not json", "\x00", "NaN}"])
def test_what_is_no_json_after_all_is_given_as_it_is(text: str):
    assert presented({"used": text}) == {"used": text}
