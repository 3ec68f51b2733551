"""Days and amounts are written as each language has them."""

from __future__ import annotations

from datetime import date

import pytest

from bot.speech import day, day_of_month, day_of_week, number, roughly
from tests.fakes.tongue import bracketed

DAY = date(2026, 11, 5)


def test_english_is_that_of_the_texts() -> None:
    assert (day(DAY), day_of_month(DAY), day_of_week(DAY)) == ("5 Nov 2026", "5 Nov", "Thu 5")
    assert (number(12_345), roughly(12_345), roughly(999)) == ("12,345", "12.3k", "999")


@pytest.mark.parametrize(
    ("language", "whole", "in_a_year", "in_a_week", "amount"),
    [
        ("de", "05.11.2026", "5. Nov.", "Do., 5.", "1,2 Mio."),
        ("ja", "2026/11/05", "11月5日", "5日(木)", "123.5万"),
        ("ru", "5 нояб. 2026 г.", "5 нояб.", "чт, 5", "1,2 млн"),
        ("tr", "5 Kas 2026", "5 Kas", "5 Per", "1,2 Mn"),
    ],
)
def test_other_languages_have_theirs(
    language: str, whole: str, in_a_year: str, in_a_week: str, amount: str
) -> None:
    with bracketed(language):
        said = (day(DAY), day_of_month(DAY), day_of_week(DAY), roughly(1_234_567))
    assert tuple(" ".join(each.split()) for each in said) == (
        whole,
        in_a_year,
        in_a_week,
        amount,
    )
