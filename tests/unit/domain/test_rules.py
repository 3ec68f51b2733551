"""What a server lets a member ask for; only what the member chose is refused."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.asker import Asker
from bot.domain.guild_settings import (
    AllowList,
    Audience,
    Ceilings,
    Setting,
    StoredSetting,
    checked_value,
)
from bot.domain.ids import DIRECT_MESSAGES
from bot.domain.rules import Permitted, may_reuse, permit, usable_defaults
from bot.domain.strictness import Strictness
from bot.errors import InvalidRequest, NotAllowed
from tests.factories.jobs import ALICE, BOB, a_request
from tests.factories.rules import (
    AT_CHANNEL,
    AT_ROLE,
    CATEGORY,
    CHANNEL,
    ROLE,
    a_moderator,
    a_rule,
    a_setting,
    an_asker,
    settings_with,
)


def permitted(
    *stored: StoredSetting, asker: Asker | None = None, inherited: bool = False, **chosen: Any
) -> Permitted:
    return permit(
        a_request(**chosen),
        chosen=() if inherited else set(chosen),
        settings=settings_with(*stored),
        asker=asker or an_asker(),
        floor=Strictness.OFF,
    )


def test_a_server_that_set_nothing_changes_nothing():
    asked: dict[str, Any] = {"samples": 4, "width": 1024, "num_inference_steps": 51, "upscale": 3}
    result = permitted(**asked)
    assert (result.request, result.lowered) == (a_request(**asked), ())


@pytest.mark.parametrize("channel", [CHANNEL, CATEGORY])
def test_a_listed_channel_or_its_category_lets_members_in(channel: int):
    assert permitted(a_setting(Setting.CHANNELS, (channel,)))


def test_elsewhere_members_are_told_where_to_go():
    with pytest.raises(NotAllowed, match="<#77>"):
        permitted(a_setting(Setting.CHANNELS, (77,)))


def test_only_listed_roles_may_ask_where_roles_are_listed():
    listed = a_setting(Setting.ROLES, (ROLE,))
    assert permitted(listed, asker=an_asker(roles=(ROLE,)))
    with pytest.raises(NotAllowed, match=f"<@&{ROLE}>"):
        permitted(listed)


@pytest.mark.parametrize(
    ("setting", "option", "attribute", "value", "other"),
    [
        (Setting.MODELS, "model", "model_id", "anything", "sdxl"),
        (Setting.SCHEDULERS, "scheduler", "scheduler", "DDIMScheduler", "LCMScheduler"),
        (Setting.LORAS, "lora_model", "lora_model", ("detail",), ("gore",)),
    ],
)
@pytest.mark.parametrize("inherited", [True, False])
def test_lists_of_allowed_and_blocked_ids(
    setting: Setting, option: str, attribute: str, value: Any, other: Any, inherited: bool
):
    name = value if isinstance(value, str) else value[0]
    blocked = a_setting(setting, AllowList(blocked=(name.upper(),)))
    allowed = a_setting(setting, AllowList(allowed=(name,)))
    first: dict[str, Any] = {attribute: value}
    second: dict[str, Any] = {attribute: other}
    assert permitted(allowed, inherited=inherited, **first)
    assert permitted(blocked, inherited=inherited, **second)
    for stored, refused in ((blocked, first), (allowed, second)):
        with pytest.raises(InvalidRequest) as caught:
            permitted(stored, inherited=inherited, **refused)
        [problem] = caught.value.problems
        assert problem.option == option
        assert "not allowed in this server" in problem.message


def test_of_several_loras_the_barred_ones_are_counted_out():
    stored = a_setting(Setting.LORAS, AllowList(blocked=("gore",)))
    with pytest.raises(InvalidRequest, match="number 2 of these is not allowed"):
        permitted(stored, lora_model=("detail", "gore", "light"))


CEILINGS = a_setting(Setting.CEILINGS, Ceilings(samples=2, side=512, steps=31, upscale=0))


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"samples": 3}, "samples: must be at most 2"),
        ({"num_inference_steps": 41}, "steps: must be at most 31"),
        ({"width": 768, "height": 512}, "size: must have sides of at most 512"),
        ({"upscale": 2}, "upscale: is not allowed"),
    ],
)
def test_a_chosen_value_above_the_ceiling_is_refused_and_says_what_is_allowed(
    chosen: dict[str, Any], words: str
):
    with pytest.raises(InvalidRequest, match=words):
        permitted(CEILINGS, **chosen)


def test_all_that_goes_too_far_is_said_at_once():
    with pytest.raises(InvalidRequest) as caught:
        permitted(CEILINGS, samples=4, width=1024, height=1024, upscale=1)
    assert [each.option for each in caught.value.problems] == ["samples", "upscale", "size"]


def test_an_inherited_value_above_the_ceiling_is_brought_within_it_and_named():
    result = permitted(
        CEILINGS,
        inherited=True,
        samples=4,
        width=1024,
        height=768,
        num_inference_steps=51,
        upscale=3,
    )
    request = result.request
    assert (request.samples, request.num_inference_steps, request.upscale) == (2, 31, None)
    assert (request.width, request.height) == (512, 384)
    assert set(result.lowered) == {"samples", "steps", "size", "upscale"}


def test_a_shortened_side_stays_one_that_the_api_takes():
    narrow = a_setting(Setting.CEILINGS, Ceilings(side=256))
    request = permitted(narrow, inherited=True, width=1024, height=256).request
    assert (request.width, request.height) == (256, 256)


def test_a_channels_ceiling_stands_before_the_servers():
    roomy = a_setting(Setting.CEILINGS, Ceilings(samples=4), AT_CHANNEL)
    assert permitted(CEILINGS, roomy, samples=4).request.samples == 4


def test_what_holds_for_safety_is_what_is_sent():
    black = permitted(a_rule("black"), safety_checker=False).request
    assert (black.safety_checker, black.safety_checker_type.value) == (True, "black")


def test_yes_to_the_safety_checker_keeps_the_style_that_holds_here():
    open_blur = a_rule("blur", "off")
    in_adult_channel = an_asker(age_restricted=True)
    yes = permitted(open_blur, asker=in_adult_channel, safety_checker=True)
    assert yes.request.safety_checker_type.value == "blur"
    where_off = permitted(a_rule("off"), asker=in_adult_channel, safety_checker=True)
    assert where_off.request.safety_checker


def test_who_may_reuse_a_public_picture():
    nobody_else = settings_with(a_setting(Setting.REUSE, Audience.REQUESTER))
    assert may_reuse(settings_with(), an_asker(BOB), ALICE)
    assert not may_reuse(nobody_else, an_asker(BOB), ALICE)
    assert may_reuse(nobody_else, an_asker(ALICE), ALICE)


def test_moderators_manage_the_server_or_have_a_role_it_named():
    named = settings_with(a_setting(Setting.MODERATORS, (ROLE,)))
    assert settings_with().is_moderator(a_moderator())
    assert named.is_moderator(an_asker(roles=(ROLE,)))
    assert not named.is_moderator(an_asker())
    assert not settings_with().is_moderator(an_asker(roles=(ROLE,)))


@pytest.mark.parametrize("guild_id", [11, DIRECT_MESSAGES])
def test_nobody_moderates_another_server(guild_id: int):
    stranger = a_moderator(guild_id=guild_id, roles=(ROLE,))
    named = settings_with(a_setting(Setting.MODERATORS, (ROLE,)))
    assert not named.is_moderator(stranger)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        (Setting.FLAGGED, "exploded"),
        (Setting.CHANNELS, ()),
        (Setting.CHANNELS, (-1,)),
        (Setting.CEILINGS, {"samples": 9}),
        (Setting.SAFETY, {"level": "blur", "loosest": "black"}),
        (Setting.MODELS, {"allowed": ["x" * 101]}),
        (Setting.LANGUAGE, "tlh"),
        (Setting.LANGUAGE, "DE"),
    ],
)
def test_a_value_that_is_none_is_refused_in_words(setting: Setting, value: object):
    with pytest.raises(InvalidRequest, match=setting.value):
        checked_value(setting, a_setting(Setting.NAME_RULES, value=True).place, value)


def test_a_setting_that_holds_for_the_server_cannot_be_set_for_a_role():
    with pytest.raises(InvalidRequest, match="can be set for the server only"):
        checked_value(Setting.LOG_CHANNEL, AT_ROLE, 5)


def usable(*stored: StoredSetting, **defaults: Any) -> tuple[dict[str, Any], tuple[str, ...]]:
    kept, barred = usable_defaults(defaults, settings_with(*stored), an_asker())
    return dict(kept), barred


def test_own_defaults_that_a_server_bars_are_left_out_and_named():
    barring = (
        a_setting(Setting.MODELS, AllowList(blocked=("Mine",))),
        a_setting(Setting.SCHEDULERS, AllowList(allowed=("LCMScheduler",))),
        a_setting(Setting.LORAS, AllowList(blocked=("b",))),
    )
    defaults: dict[str, Any] = {
        "model_id": "mine",
        "scheduler": "DDIMScheduler",
        "lora_model": ("a", "b"),
        "samples": 4,
    }
    assert usable(*barring, **defaults) == (
        {"samples": 4},
        ("model", "scheduler", "lora_model"),
    )
    assert usable(**defaults) == (defaults, ())
    assert usable(*barring) == ({}, ())
