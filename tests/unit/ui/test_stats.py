"""The words of `/stats`, and the chart's alt text."""

from __future__ import annotations

import dataclasses

import pytest

from bot.domain.ids import UserId
from bot.domain.outcome import EndReason
from bot.domain.stats import MemberCount, ModelCount, Period, Waits
from bot.ui.stats import chart_in_words, nothing_yet, stats
from tests.factories.stats import a_busy_month, a_summary
from tests.fakes.tongue import bracketed


def test_a_busy_month_in_words():
    assert stats(a_busy_month()).splitlines() == [
        "📊 **This server in the last 30 days**",
        "**8,058 jobs** · 56 members · **16,382 pictures** · 3 under way now",
        "✅ 7,123 (88 %) delivered · ⚠️ 626 (8 %) without a picture · ✖️ 309 (4 %) cancelled",
        "⏱️ From asking to pictures: median **6.2 s**, 95 % within **48 s**",
        "**Without a picture, because**",
        "- 513 × the image service tried twice and failed",
        "- 113 × it took too long",
        "**Models**",
        "1. `midjourney` 3,380 jobs, 6,760 pictures",
        "2. `dreamshaper-v8` 1,652 jobs, 3,304 pictures",
        "3. `realistic-vision-v51` 901 jobs, 1,802 pictures",
        "4. `anything-v5` 525 jobs, 1,050 pictures",
        "5. `sdxl-base` 225 jobs, 450 pictures",
        "**Members**",
        "1. <@100000000000000812> 812 jobs, 1,624 pictures",
        "2. <@100000000000000640> 640 jobs, 1,280 pictures",
        "3. <@100000000000000411> 411 jobs, 822 pictures",
        "4. <@100000000000000300> 300 jobs, 600 pictures",
        "5. <@100000000000000287> 287 jobs, 574 pictures",
    ]


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-2.0, "0.0 s"),
        (0.0, "0.0 s"),
        (9.94, "9.9 s"),
        (10.0, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (1265.0, "21 min 5 s"),
    ],
)
def test_waits_in_words(seconds: float, shown: str):
    summary = dataclasses.replace(a_summary([(1, 0, 0)]), waits=Waits(seconds, seconds))
    assert f"median **{shown}**, 95 % within **{shown}**" in stats(summary)


def test_without_a_delivery_nothing_is_said_of_waiting():
    assert "From asking" not in stats(a_summary([(0, 3, 1)]))


def test_a_share_too_small_to_round_is_not_called_none():
    text = stats(a_summary([(9_999, 1, 0)]))
    assert "9,999 (100 %) delivered" in text
    assert "1 (under 1 %) without a picture" in text
    assert "0 (0 %) cancelled" in text


def test_everything_at_its_longest_fits_one_message():
    summary = dataclasses.replace(
        a_busy_month(),
        failures=[(reason, 10**9) for reason in EndReason],
        models=[ModelCount("<@" * 50, 10**9, 10**9)] * 5,
        members=[MemberCount(UserId(2**63 - 1), 10**9, 10**9)] * 5,
    )
    text = stats(summary)
    assert len(text) <= 2000
    assert text.count("1,000,000,000 jobs") == 10


def test_alt_text_says_the_numbers_of_the_chart():
    summary = a_summary([(3, 1, 0), (0, 0, 0), (12, 0, 2)], models=[("midjourney", 18)])
    assert chart_in_words(summary) == (
        "This server in the last 7 days: 15 delivered, 1 without a picture, 2 cancelled. "
        "Jobs per day (UTC): Fri 20: 4, Sat 21: 0, Sun 22: 14, Mon 23: 0, Tue 24: 0, Wed 25: 0, "
        "today: 0. Models by jobs: midjourney: 18."
    )


@pytest.mark.parametrize("period", Period)
def test_alt_text_stays_within_discord_s_limit(period: Period):
    ends = [(10**6, 10**6, 10**6)] * 30
    models = [("👩‍👩‍👧‍👦" * 100, 10**6)] * 5
    assert len(chart_in_words(a_summary(ends, period=period, models=models))) <= 1024


def test_nothing_yet_names_the_command_and_a_longer_period():
    assert nothing_yet(a_summary([], period=Period.DAY)) == (
        "📊 **This server in the last 24 hours**\n"
        "No picture was asked for. `/imagine` makes one.\n"
        "-# A longer `period` may have more to tell."
    )
    assert "longer" not in nothing_yet(a_summary([], period=Period.MONTH))


def test_nothing_ended_yet_tells_of_what_is_under_way():
    text = nothing_yet(a_summary([], open_jobs=2))
    assert "\nNothing has ended yet.\n2 under way now\n" in text


def test_where_the_chart_has_no_words_the_message_says_what_it_shows():
    caption = (
        "-# ⟦Jobs per day (UTC)⟧ · ⟦filled: delivered · striped: without a picture · "
        "hollow: cancelled⟧"
    )
    with bracketed():
        assert stats(a_busy_month()).splitlines()[3] == caption
    assert "filled" not in stats(a_busy_month())
