"""What a server and its roles say about quotas, in every combination."""

from __future__ import annotations

import itertools
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.domain.asker import Asker
from bot.domain.guild_settings import (
    SERVER,
    GuildSettings,
    Place,
    Scope,
    Setting,
    StoredSetting,
    checked_value,
)
from bot.domain.ids import DIRECT_MESSAGES, GuildId, RoleId, UserId
from bot.domain.quota import UNLIMITED, QuotaLimits, ServerLimits
from bot.domain.quota_policy import limits_for
from bot.domain.quota_rule import BOUNDS, NO_LIMIT, Amount, QuotaRule, limits_of
from bot.errors import InvalidRequest

CEILING = QuotaLimits(daily_images=100, max_active=5)
GUILD, ALICE = GuildId(10), UserId(111)
BOOSTER, NEWCOMER, STAFF = RoleId(1), RoleId(2), RoleId(3)

SAID: list[Amount | None] = [None, 0, 3, 20, NO_LIMIT]
"""What one place can say about a number of images: nothing, numbers, no limit."""


@pytest.mark.parametrize(("server", "one", "other"), list(itertools.product(SAID, repeat=3)))
def test_roles_stand_in_the_place_of_the_server_and_the_most_generous_counts(
    server: Amount | None, one: Amount | None, other: Amount | None
) -> None:
    roles = [QuotaRule(daily_images=one), QuotaRule(daily_images=other)]
    decided = limits_of(QuotaRule(daily_images=server), roles).daily_images

    said = [amount for amount in (one, other) if amount is not None]
    if NO_LIMIT in said or (not said and server in {None, NO_LIMIT}):
        assert decided is None
    elif said:
        assert decided == max(amount for amount in said if amount != NO_LIMIT)
    else:
        assert decided == server


@pytest.mark.parametrize(
    ("server", "one", "other"), list(itertools.product([None, 5, 60, NO_LIMIT], repeat=3))
)
def test_of_pauses_the_shortest_is_the_most_generous(
    server: Amount | None, one: Amount | None, other: Amount | None
) -> None:
    roles = [QuotaRule(cooldown_seconds=one), QuotaRule(cooldown_seconds=other)]
    decided = limits_of(QuotaRule(cooldown_seconds=server), roles).cooldown_seconds

    said = [amount for amount in (one, other) if amount is not None]
    if NO_LIMIT in said or (not said and server in {None, NO_LIMIT}):
        assert decided is None
    elif said:
        assert decided == min(amount for amount in said if amount != NO_LIMIT)
    else:
        assert decided == server


def test_limits_are_decided_one_by_one() -> None:
    server = QuotaRule(daily_images=10, server_images=50, max_active=1, cooldown_seconds=60)
    roles = [QuotaRule(daily_images=5), QuotaRule(max_active=3)]
    assert limits_of(server, roles) == ServerLimits(
        daily_images=5, server_images=50, max_active=3, cooldown_seconds=60
    )


def test_roles_have_no_say_in_what_the_whole_server_may_use() -> None:
    generous = QuotaRule(server_images=NO_LIMIT)
    assert limits_of(QuotaRule(server_images=50), [generous]).server_images == 50


rules = st.builds(
    QuotaRule,
    daily_images=st.sampled_from(SAID),
    max_active=st.sampled_from([None, 1, 4, NO_LIMIT]),
    cooldown_seconds=st.sampled_from([None, 5, 60, NO_LIMIT]),
)


@given(rules, st.lists(rules, max_size=4), rules)
def test_another_role_with_a_say_never_takes_away_from_roles_that_have_one(
    server: QuotaRule, roles: list[QuotaRule], another: QuotaRule
) -> None:
    before, after = limits_of(server, roles), limits_of(server, [*roles, another])
    if any(role.daily_images is not None for role in roles):
        assert after.daily_images is None or (
            before.daily_images is not None and after.daily_images >= before.daily_images
        )
    if any(role.cooldown_seconds is not None for role in roles):
        assert after.cooldown_seconds is None or (
            before.cooldown_seconds is not None
            and after.cooldown_seconds <= before.cooldown_seconds
        )


@given(rules, st.lists(rules, max_size=4), st.randoms())
def test_the_order_of_roles_does_not_matter(
    server: QuotaRule, roles: list[QuotaRule], rng: Random
) -> None:
    shuffled = list(roles)
    rng.shuffle(shuffled)
    assert limits_of(server, roles) == limits_of(server, shuffled)


def settings(*stored: tuple[Place, Setting, object]) -> GuildSettings:
    return GuildSettings.of(
        GUILD,
        [StoredSetting(p, s, checked_value(s, p, v), UserId(9), 0) for p, s, v in stored],
    )


def asker(*roles: RoleId) -> Asker:
    return Asker(user_id=ALICE, guild_id=GUILD, role_ids=frozenset(roles))


RULES = settings(
    (SERVER, Setting.QUOTA, {"daily_images": 10, "cooldown_seconds": 30}),
    (Place(Scope.ROLE, BOOSTER), Setting.QUOTA, {"daily_images": 40}),
    (Place(Scope.ROLE, NEWCOMER), Setting.QUOTA, {"daily_images": 2, "cooldown_seconds": 300}),
    (SERVER, Setting.QUOTA_EXEMPT, (STAFF,)),
)


@pytest.mark.parametrize(
    ("roles", "images", "pause"),
    [
        ((), 10, 30),
        ((BOOSTER,), 40, 30),
        ((NEWCOMER,), 2, 300),
        ((BOOSTER, NEWCOMER), 40, 300),
        ((RoleId(99),), 10, 30),
    ],
)
def test_a_member_s_roles_decide(roles: tuple[RoleId, ...], images: int, pause: int) -> None:
    limits = limits_for(asker(*roles), RULES, CEILING)
    assert (limits.server.daily_images, limits.server.cooldown_seconds) == (images, pause)


@pytest.mark.parametrize("roles", [(STAFF,), (STAFF, NEWCOMER)])
def test_an_exempt_role_frees_of_the_server_s_limits_and_not_of_the_operator_s(
    roles: tuple[RoleId, ...],
) -> None:
    assert limits_for(asker(*roles), RULES, CEILING) == QuotaLimits(100, 5, UNLIMITED)


def test_direct_messages_have_only_the_operator_s_ceiling() -> None:
    nobody = GuildSettings(DIRECT_MESSAGES)
    assert limits_for(Asker(user_id=ALICE), nobody, CEILING) == CEILING


@pytest.mark.parametrize(("field", "bounds"), BOUNDS.items())
def test_amounts_have_bounds(field: str, bounds: tuple[int, int]) -> None:
    for amount in bounds:
        assert getattr(QuotaRule.model_validate({field: amount}), field) == amount
    for amount in (bounds[0] - 1, bounds[1] + 1, "many"):
        with pytest.raises(ValidationError):
            QuotaRule.model_validate({field: amount})


def test_quotas_are_set_for_the_server_and_for_roles_and_not_for_channels() -> None:
    with pytest.raises(InvalidRequest):
        checked_value(Setting.QUOTA, Place(Scope.CHANNEL, 5), {"daily_images": 1})
    with pytest.raises(InvalidRequest):
        checked_value(Setting.QUOTA_EXEMPT, Place(Scope.ROLE, 5), (5,))
