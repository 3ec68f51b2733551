"""What fits: every limit by itself, all together, and what grants pay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.quota import (
    WINDOW_MS,
    Grant,
    Limit,
    QuotaLimits,
    QuotaStatus,
    QuotaUsage,
    ServerLimits,
    Spent,
    broken_limits,
    draw,
    overdraft,
    rests_until,
    room,
)
from tests.fakes.clock import NOON

SERVER = ServerLimits(daily_images=10, server_images=50, max_active=2, cooldown_seconds=60)
LIMITS = QuotaLimits(daily_images=20, max_active=3, server=SERVER)


def grants(*left: int) -> list[Grant]:
    """Grants that expire an hour after one another."""
    return [Grant(n, images, NOON + n * 3_600_000) for n, images in enumerate(left, 1)]


def broken(usage: QuotaUsage, cost: int = 1, limits: QuotaLimits = LIMITS) -> set[Limit]:
    return set(broken_limits(limits, usage, cost, NOON))


def test_what_fits_exactly_passes() -> None:
    usage = QuotaUsage(
        here=Spent(8),
        server=Spent(48),
        everywhere=Spent(18),
        active_here=1,
        active_jobs=2,
        last_here_ms=NOON - 60_000,
    )
    assert broken(usage, 2) == set()


@pytest.mark.parametrize(
    ("usage", "limit"),
    [
        (QuotaUsage(here=Spent(9)), Limit.HERE),
        (QuotaUsage(server=Spent(49)), Limit.SERVER),
        (QuotaUsage(everywhere=Spent(19)), Limit.EVERYWHERE),
        (QuotaUsage(active_here=2), Limit.ACTIVE_HERE),
        (QuotaUsage(active_jobs=3), Limit.ACTIVE),
        (QuotaUsage(last_here_ms=NOON - 59_999), Limit.COOLDOWN),
    ],
)
def test_each_limit_refuses_by_itself(usage: QuotaUsage, limit: Limit) -> None:
    assert broken(usage, 2) == {limit}


def test_without_rules_of_a_server_only_the_operator_s_ceiling_holds() -> None:
    usage = QuotaUsage(here=Spent(99), server=Spent(99), active_here=99, last_here_ms=NOON)
    limits = QuotaLimits(daily_images=20, max_active=3)
    assert broken(usage, 20, limits) == set()
    assert broken(usage, 21, limits) == {Limit.EVERYWHERE}


def test_a_limit_of_no_images_lets_nobody_pass() -> None:
    assert broken(QuotaUsage(), 1, QuotaLimits(9, 9, ServerLimits(daily_images=0))) == {Limit.HERE}


def test_grants_lift_a_member_s_limit_in_the_server_and_no_other() -> None:
    usage = QuotaUsage(here=Spent(10), grants=grants(1, 2))
    assert broken(usage, 3) == set()
    assert broken(usage, 4) == {Limit.HERE}
    full = QuotaUsage(server=Spent(50), everywhere=Spent(20), grants=grants(100))
    assert broken(full) == {Limit.SERVER, Limit.EVERYWHERE}


def test_a_limit_lowered_below_what_is_used_leaves_nothing_and_takes_nothing_from_grants() -> None:
    usage = QuotaUsage(here=Spent(15), everywhere=Spent(99), grants=grants(3))
    assert room(LIMITS, usage) == {Limit.HERE: 3, Limit.SERVER: 50, Limit.EVERYWHERE: 0}
    assert overdraft(LIMITS, usage, 2) == 2


@pytest.mark.parametrize(("used", "cost", "over"), [(0, 4, 0), (8, 2, 0), (8, 4, 2), (10, 4, 4)])
def test_grants_pay_only_what_is_beyond_the_daily_limit(used: int, cost: int, over: int) -> None:
    assert overdraft(LIMITS, QuotaUsage(here=Spent(used)), cost) == over


def test_without_a_daily_limit_grants_pay_nothing() -> None:
    assert overdraft(QuotaLimits(9, 9), QuotaUsage(here=Spent(99)), 4) == 0


def test_the_grant_that_expires_first_is_used_first() -> None:
    early, late = grants(1, 3)
    assert list(draw([late, early], 3)) == [(early, 1), (late, 2)]
    assert list(draw([late, early], 1)) == [(early, 1)]
    assert list(draw([early], 0)) == []


def test_a_pause_is_counted_from_the_last_job_here() -> None:
    assert rests_until(LIMITS, QuotaUsage(last_here_ms=NOON)) == NOON + 60_000
    assert rests_until(LIMITS, QuotaUsage()) is None
    assert rests_until(QuotaLimits(9, 9), QuotaUsage(last_here_ms=NOON)) is None


def test_the_status_says_what_is_left_and_when_the_first_come_back() -> None:
    usage = QuotaUsage(here=Spent(4, NOON - 5), everywhere=Spent(19, NOON - 9), grants=grants(5))
    status = QuotaStatus(LIMITS, usage, NOON)
    assert status.remaining == 1
    assert usage.here.more_at_ms == NOON - 5 + WINDOW_MS
    assert Spent().more_at_ms is None


@pytest.mark.parametrize(("ago", "shown"), [(1, True), (59_999, True), (60_000, False)])
def test_a_pause_is_told_while_it_lasts(ago: int, shown: bool) -> None:
    status = QuotaStatus(LIMITS, QuotaUsage(last_here_ms=NOON - ago), NOON)
    assert (status.rests_until_ms is not None) is shown


maybe = st.none() | st.integers(0, 30)
some_limits = st.builds(
    QuotaLimits,
    st.integers(1, 60),
    st.integers(1, 5),
    st.builds(
        ServerLimits,
        daily_images=maybe,
        server_images=maybe,
        max_active=st.none() | st.integers(1, 5),
        cooldown_seconds=st.none() | st.integers(1, 100),
    ),
)
spent = st.builds(Spent, st.integers(0, 40))
some_usage = st.builds(
    QuotaUsage,
    everywhere=spent,
    here=spent,
    server=spent,
    active_jobs=st.integers(0, 6),
    active_here=st.integers(0, 6),
    last_here_ms=st.none() | st.integers(NOON - 120_000, NOON),
    grants=st.lists(st.integers(1, 5), max_size=3).map(lambda left: grants(*left)),
)


@given(some_limits, some_usage, st.integers(1, 8))
def test_a_request_passes_if_and_only_if_it_fits_every_limit(
    limits: QuotaLimits, usage: QuotaUsage, cost: int
) -> None:
    server = limits.server
    fits = {
        Limit.HERE: server.daily_images is None
        or cost <= max(0, server.daily_images - usage.here.images) + usage.granted,
        Limit.SERVER: server.server_images is None
        or usage.server.images + cost <= server.server_images,
        Limit.EVERYWHERE: usage.everywhere.images + cost <= limits.daily_images,
        Limit.ACTIVE_HERE: server.max_active is None or usage.active_here < server.max_active,
        Limit.ACTIVE: usage.active_jobs < limits.max_active,
        Limit.COOLDOWN: server.cooldown_seconds is None
        or usage.last_here_ms is None
        or usage.last_here_ms + server.cooldown_seconds * 1000 <= NOON,
    }
    assert broken(usage, cost, limits) == {limit for limit, passes in fits.items() if not passes}


@given(some_limits, some_usage, st.integers(1, 8))
def test_what_passes_takes_from_grants_what_is_over_and_never_more_than_they_hold(
    limits: QuotaLimits, usage: QuotaUsage, cost: int
) -> None:
    if Limit.HERE in broken(usage, cost, limits):
        return
    drawn = list(draw(usage.grants, overdraft(limits, usage, cost)))
    assert sum(images for _, images in drawn) == overdraft(limits, usage, cost) <= cost
    assert all(0 < images <= grant.left for grant, images in drawn)
    assert len({grant.id for grant, _ in drawn}) == len(drawn)


@given(some_limits, some_usage)
def test_what_is_left_is_never_negative_and_all_of_it_can_be_ordered(
    limits: QuotaLimits, usage: QuotaUsage
) -> None:
    remaining = QuotaStatus(limits, usage, NOON).remaining
    images = {Limit.HERE, Limit.SERVER, Limit.EVERYWHERE}
    assert remaining >= 0
    assert not remaining or not broken(usage, remaining, limits) & images
    assert broken(usage, remaining + 1, limits) & images
