"""The safety checker: each step may tighten, and loosen only as far as the step above allows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.domain.guild_settings import SERVER, Place, StoredSetting
from bot.domain.ids import DIRECT_MESSAGES
from bot.domain.parameters import SafetyCheckerType
from bot.domain.safety import Reason, SafetyDecision, decide_safety
from bot.domain.strictness import USUAL, SafetyRule, Strictness, strictness_of, tightest
from tests.factories.jobs import a_request
from tests.factories.rules import (
    AT_CATEGORY,
    AT_CHANNEL,
    AT_OTHER_ROLE,
    AT_ROLE,
    GUILD,
    OTHER_ROLE,
    ROLE,
    a_rule,
    an_asker,
    settings_with,
)

OFF, BLUR, PIXELATE, TEXT, BLACK = Strictness

levels = st.sampled_from(Strictness)


def decide(
    *rules: StoredSetting,
    floor: Strictness = OFF,
    asked: Strictness | None = None,
    age_restricted: bool = True,
    roles: tuple[int, ...] = (),
    guild_id: int = GUILD,
) -> SafetyDecision:
    asker = an_asker(age_restricted=age_restricted, roles=roles, guild_id=guild_id)
    return decide_safety(settings_with(*rules), asker, floor=floor, asked=asked)


def test_the_scale_is_that_of_the_api_with_off_before_it():
    assert [each.value for each in Strictness] == ["off", *(t.value for t in SafetyCheckerType)]
    for level in Strictness:
        assert strictness_of(a_request(**level.attributes())) is level


def test_a_rule_cannot_be_loosened_to_something_tighter():
    with pytest.raises(ValidationError, match="must not be tighter"):
        SafetyRule(level=BLUR, loosest=BLACK)


def test_where_nobody_set_anything_the_usual_holds_and_members_may_only_tighten():
    assert decide().level is USUAL
    assert decide(asked=BLACK).level is BLACK
    for looser in (OFF, BLUR, PIXELATE):
        decision = decide(asked=looser)
        assert (decision.level, decision.is_tightened) == (USUAL, True)
        assert decision.cause.reason is Reason.USUAL


SERVER_LOCKED, SERVER_OPEN = a_rule("pixelate"), a_rule("pixelate", "off")

TABLE = [
    # what is set, the roles of the asker, what they ask for → what holds, and who decided
    ("a locked server rule holds", [SERVER_LOCKED], (), None, PIXELATE, Reason.RULE),
    ("a member tightens a locked rule", [SERVER_LOCKED], (), BLACK, BLACK, Reason.ASKED),
    ("nobody loosens a locked rule", [SERVER_LOCKED], (), BLUR, PIXELATE, Reason.RULE),
    ("an open rule is a default", [SERVER_OPEN], (), None, PIXELATE, Reason.RULE),
    ("an open rule is loosened", [SERVER_OPEN], (), OFF, OFF, Reason.ASKED),
    ("as far as it says", [a_rule("black", "blur")], (), OFF, BLUR, Reason.RULE),
    (
        "a channel rule works without a server rule",
        [a_rule("off", place=AT_CHANNEL)],
        (),
        None,
        OFF,
        Reason.RULE,
    ),
    (
        "a channel rule cannot loosen a locked server rule",
        [SERVER_LOCKED, a_rule("off", place=AT_CHANNEL)],
        (),
        None,
        PIXELATE,
        Reason.RULE,
    ),
    (
        "a channel rule tightens an open server rule",
        [SERVER_OPEN, a_rule("black", place=AT_CHANNEL)],
        (),
        OFF,
        BLACK,
        Reason.RULE,
    ),
    (
        "the channel decides before its category",
        [a_rule("blur", place=AT_CHANNEL), a_rule("pixelate", "off", AT_CATEGORY)],
        (),
        None,
        BLUR,
        Reason.RULE,
    ),
    (
        "a role may loosen what is open",
        [SERVER_OPEN, a_rule("off", place=AT_ROLE)],
        (ROLE,),
        None,
        OFF,
        Reason.RULE,
    ),
    (
        "others' roles do not matter",
        [SERVER_OPEN, a_rule("off", place=AT_ROLE)],
        (),
        None,
        PIXELATE,
        Reason.RULE,
    ),
    (
        "of several roles the tightest counts",
        [SERVER_OPEN, a_rule("off", place=AT_ROLE), a_rule("black", place=AT_OTHER_ROLE)],
        (ROLE, OTHER_ROLE),
        None,
        BLACK,
        Reason.RULE,
    ),
    (
        "a role cannot loosen a locked server rule",
        [SERVER_LOCKED, a_rule("off", place=AT_ROLE)],
        (ROLE,),
        OFF,
        PIXELATE,
        Reason.RULE,
    ),
]


@pytest.mark.parametrize(
    ("rules", "roles", "asked", "level", "reason"),
    [row[1:] for row in TABLE],
    ids=[row[0] for row in TABLE],
)
def test_table_of_the_steps(
    rules: list[StoredSetting],
    roles: tuple[int, ...],
    asked: Strictness | None,
    level: Strictness,
    reason: Reason,
):
    decision = decide(*rules, roles=roles, asked=asked)
    assert (decision.level, decision.cause.reason) == (level, reason)


def test_the_rule_that_decided_is_named():
    locked, channel = a_rule("pixelate"), a_rule("off", place=AT_CHANNEL)
    assert decide(locked, channel).cause.rule == locked
    assert decide(channel).cause.rule == channel
    assert decide(locked, asked=OFF).cause.rule == locked


@pytest.mark.parametrize(
    ("missing", "decision"),
    [
        ("nothing", decide(a_rule("off"))),
        ("the operator's floor", decide(a_rule("off"), floor=BLUR)),
        ("a moderator's rule", decide(asked=OFF)),
        ("an age-restricted channel", decide(a_rule("off"), age_restricted=False)),
        ("… for a member too", decide(a_rule("blur", "off"), asked=OFF, age_restricted=False)),
    ],
)
def test_off_needs_three_things_at_once(missing: str, decision: SafetyDecision):
    assert (decision.level is OFF) is (missing == "nothing")


def test_who_misses_only_the_age_restriction_is_told_so():
    assert decide(a_rule("off"), age_restricted=False).cause.reason is Reason.NOT_AGE_RESTRICTED
    asked = decide(a_rule("blur", "off"), asked=OFF, age_restricted=False)
    assert (asked.level, asked.cause.reason) == (BLUR, Reason.NOT_AGE_RESTRICTED)


@pytest.mark.parametrize("floor", Strictness)
def test_in_direct_messages_the_operators_setting_rules(floor: Strictness):
    asked = decide(floor=floor, asked=OFF, guild_id=DIRECT_MESSAGES, age_restricted=False)
    assert asked.level is floor
    assert decide(floor=floor, guild_id=DIRECT_MESSAGES).level is tightest(USUAL, floor)


@st.composite
def servers(draw: st.DrawFn) -> list[StoredSetting]:
    """Any rules at any of the places that matter to the asker."""

    def rule(place: Place) -> StoredSetting:
        level, loosest = sorted((draw(levels), draw(levels)), key=lambda each: -each.rank)
        return a_rule(level, loosest, place)

    places = [SERVER, AT_CHANNEL, AT_CATEGORY, AT_ROLE, AT_OTHER_ROLE]
    return [rule(place) for place in places if draw(st.booleans())]


@given(servers(), levels, levels, st.booleans())
def test_nothing_a_member_asks_for_loosens_what_moderators_or_operator_set(
    rules: list[StoredSetting], floor: Strictness, asked: Strictness, age_restricted: bool
):
    settings = {"floor": floor, "age_restricted": age_restricted, "roles": (ROLE, OTHER_ROLE)}
    unasked = decide(*rules, **settings)  # pyright: ignore[reportArgumentType]
    decision = decide(*rules, asked=asked, **settings)  # pyright: ignore[reportArgumentType]
    assert decision.level.rank >= unasked.loosest.rank >= floor.rank
    assert decision.level is asked or decision.is_tightened


@given(servers(), levels, st.booleans())
def test_a_locked_server_rule_is_never_loosened_from_below(
    rules: list[StoredSetting], asked: Strictness, age_restricted: bool
):
    below = [rule for rule in rules if rule.place != SERVER]
    locked = a_rule("pixelate")
    decision = decide(
        locked, *below, asked=asked, age_restricted=age_restricted, roles=(ROLE, OTHER_ROLE)
    )
    assert decision.level.rank >= PIXELATE.rank


@given(servers(), levels, st.booleans())
def test_another_role_never_makes_it_looser_than_the_tightest_role_alone(
    rules: list[StoredSetting], asked: Strictness, age_restricted: bool
):
    both = decide(*rules, asked=asked, age_restricted=age_restricted, roles=(ROLE, OTHER_ROLE))
    singles = [
        decide(*rules, asked=asked, age_restricted=age_restricted, roles=(role,))
        for role in (ROLE, OTHER_ROLE)
        if any(rule.place.id == role for rule in rules)
    ]
    for single in singles:
        assert both.level.rank >= single.level.rank


@given(servers(), levels)
def test_off_comes_out_only_in_age_restricted_channels(
    rules: list[StoredSetting], asked: Strictness
):
    decision = decide(*rules, asked=asked, age_restricted=False, roles=(ROLE, OTHER_ROLE))
    assert decision.level is not OFF
