"""A button of `/history` says all it means in its id."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.history import Spot
from bot.domain.ids import JobId
from bot.ui.buttons import ALL_BUTTONS
from bot.ui.history_press import TEMPLATE, Act, Press
from bot.ui.job_button import job_id_of

LARGEST = 2**63 - 1
snowflakes = st.integers(0, LARGEST)
presses = st.builds(
    Press, st.sampled_from(Act), snowflakes, snowflakes, snowflakes, st.integers(0, 4)
)


def read(custom_id: str) -> Press:
    match = re.fullmatch(TEMPLATE, custom_id)
    assert match is not None
    return Press.read(match)


@given(presses)
def test_an_id_reads_back_as_what_it_meant(press: Press):
    assert read(press.custom_id) == press


@pytest.mark.parametrize("act", Act)
def test_the_largest_ids_stay_within_discords_limit(act: Act):
    assert len(Press(act, LARGEST, LARGEST, JobId(LARGEST), 4).custom_id) <= 100


@given(presses)
def test_no_other_button_answers_to_it(press: Press):
    others = [each.__discord_ui_compiled_template__ for each in ALL_BUTTONS]
    assert [each for each in others if each.fullmatch(press.custom_id)] == []
    assert job_id_of(press.custom_id) is None


def test_what_another_version_meant_is_not_guessed():
    with pytest.raises(ValueError, match="frame"):
        read("imagine:history:frame:0:0:1:0")


def test_a_press_leads_to_its_page():
    assert Press(Act.PAGE).spot == Spot()
    assert Press(Act.PAGE, 0, 7).spot == Spot(start=JobId(7))
    assert Press(Act.NEWER, 0, 7).spot == Spot(after=JobId(7))
    assert Press(Act.FAVOURITE, 0, 7, JobId(3)).spot == Spot(start=JobId(7))
