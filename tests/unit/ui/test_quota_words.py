"""What `/quota` says fits a message, and its bar is true."""

from __future__ import annotations

import pytest

from bot.domain.costs import FREE, Costs
from bot.domain.ids import RoleId, UserId
from bot.domain.quota import Grant, QuotaLimits, QuotaStatus, QuotaUsage, ServerLimits, Spent
from bot.domain.quota_rule import NO_LIMIT, QuotaRule
from bot.quotas import ServerQuota
from bot.ui import quota_words
from bot.ui.amounts import AS_THE_SERVER, amounts_of
from bot.ui.wording import MESSAGE_LIMIT
from tests.fakes.clock import NOON

CEILING = QuotaLimits(daily_images=10, max_active=2)
ALICE = UserId(111)


@pytest.mark.parametrize(("used", "filled"), [(0, 10), (1, 9), (5, 5), (9, 1), (10, 0), (99, 0)])
def test_what_is_left_is_drawn_as_a_bar(used: int, filled: int) -> None:
    usage = QuotaUsage(everywhere=Spent(used, NOON))
    said = quota_words.own(QuotaStatus(CEILING, usage, NOON), FREE)
    assert f"`{'█' * filled}{'░' * (10 - filled)}` **{max(0, 10 - used)}** of 10 images" in said


@pytest.mark.parametrize(("used", "bar"), [(999, "█" + "░" * 9), (1000, "░" * 10)])
def test_a_bar_is_empty_only_when_nothing_is_left(used: int, bar: str) -> None:
    status = QuotaStatus(QuotaLimits(1000, 1), QuotaUsage(everywhere=Spent(used)), NOON)
    assert f"`{bar}`" in quota_words.own(status, FREE)


def test_a_limit_of_nothing_is_drawn_empty() -> None:
    none = QuotaLimits(10, 2, ServerLimits(daily_images=0))
    assert "`░░░░░░░░░░` **0** of 0" in quota_words.own(QuotaStatus(none, QuotaUsage(), NOON), FREE)


def test_only_the_next_grants_are_listed() -> None:
    limits = QuotaLimits(10, 2, ServerLimits(daily_images=1))
    usage = QuotaUsage(grants=[Grant(n, 1, NOON) for n in range(50)])
    for said in (
        quota_words.own(QuotaStatus(limits, usage, NOON), Costs(upscale=1)),
        quota_words.of_member(ALICE, QuotaStatus(limits, usage, NOON)),
    ):
        assert said.count("1 until <t:") == 5
        assert "and more" in said


def test_the_rules_of_a_hundred_roles_fit_a_message() -> None:
    rule = QuotaRule(daily_images=1, max_active=1, cooldown_seconds=NO_LIMIT)
    roles = [(RoleId(2**63 - n), rule) for n in range(1, 101)]
    said = quota_words.of_server(
        ServerQuota(rule=rule, roles=roles, exempt=[role for role, _ in roles], used=Spent(1))
    )
    assert len(said) <= MESSAGE_LIMIT
    assert "Used in the last 24 hours: 1 image" in said


def test_what_was_left_out_of_a_command_stays_as_it_is() -> None:
    typed = {"daily_images": " 5 ", "at_once": None, "cooldown": AS_THE_SERVER.upper()}
    assert amounts_of(typed, for_role=True) == {"daily_images": 5, "cooldown_seconds": None}


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (QuotaRule(daily_images=1), "1 image a member in 24 hours"),
        (QuotaRule(daily_images=NO_LIMIT), "unlimited images a member"),
        (QuotaRule(server_images=2_000), "2,000 images for everybody together in 24 hours"),
        (QuotaRule(server_images=NO_LIMIT), "unlimited images for everybody together"),
        (QuotaRule(max_active=NO_LIMIT), "unlimited unfinished jobs a member"),
        (QuotaRule(cooldown_seconds=1), "1 second between two requests of a member"),
        (QuotaRule(cooldown_seconds=NO_LIMIT), "no pause between two requests of a member"),
    ],
)
def test_a_limit_is_a_phrase_of_its_own(rule: QuotaRule, words: str) -> None:
    assert quota_words.rule_words(rule) == words


def test_a_role_without_a_rule_has_the_server_s_and_a_server_without_one_has_none() -> None:
    assert quota_words.rule_changed(None, QuotaRule()) == (
        "For everybody in this server now: no limit."
    )
    assert quota_words.rule_changed(RoleId(5), QuotaRule()) == (
        "For <@&5> now: as the server has it."
    )


def test_a_pause_says_when_it_is_over() -> None:
    limits = QuotaLimits(10, 2, ServerLimits(cooldown_seconds=90))
    usage = QuotaUsage(last_here_ms=NOON)
    assert "Pause between two requests: 90 seconds · over <t:" in quota_words.own(
        QuotaStatus(limits, usage, NOON + 1000), FREE
    )
    assert quota_words.own(QuotaStatus(limits, usage, NOON + 90_000), FREE).endswith("90 seconds")


def test_one_image_that_no_longer_counts_is_one() -> None:
    assert quota_words.was_reset(ALICE, 1) == "1 image of <@111> no longer counts in this server."
