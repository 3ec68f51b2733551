"""A settings file says everything, is read whole or not at all, and never trusted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.guild_settings import (
    KINDS,
    SERVER,
    AllowList,
    Audience,
    Ceilings,
    Decision,
    Flagged,
    Place,
    Scope,
    Setting,
    StoredSetting,
    Tongue,
    checked_value,
)
from bot.domain.ids import UserId
from bot.domain.prompt_rules.rule import RuleKind
from bot.domain.quota_rule import QuotaRule
from bot.domain.settings_file import (
    ID_SCOPES,
    MAX_BYTES,
    PromptRuleText,
    fitted,
    places_named,
    read,
    written,
)
from bot.domain.strictness import SafetyRule, Strictness
from bot.errors import InvalidRequest
from tests.factories.rules import AT_CHANNEL, AT_ROLE, CHANNEL, ROLE, a_rule, a_setting

SNOWFLAKES = st.integers(1, 2**63 - 1)
API_IDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Z", "C"]), min_size=1, max_size=9
)
LISTS = st.builds(
    AllowList,
    allowed=st.lists(API_IDS.filter(lambda x: "," not in x), max_size=3).map(tuple),
    blocked=st.lists(API_IDS.filter(lambda x: "," not in x), max_size=3).map(tuple),
)
SOME_IDS = st.lists(SNOWFLAKES, min_size=1, max_size=4, unique=True).map(tuple)
RULES = st.tuples(st.sampled_from(Strictness), st.sampled_from(Strictness)).map(
    lambda two: SafetyRule(
        level=max(two, key=lambda each: each.rank), loosest=min(two, key=lambda each: each.rank)
    )
)
DEFAULTS = st.fixed_dictionaries(
    {},
    optional={
        "negative_prompt": st.text(max_size=40),
        "samples": st.integers(1, 4),
        "guidance_scale": st.floats(1, 20),
        "lora_strength": st.lists(st.floats(0, 2), max_size=3).map(tuple),
        "panorama": st.booleans(),
        "scheduler": st.just("LCMScheduler"),
    },
).filter(bool)
VALUES: dict[Setting, st.SearchStrategy[Any]] = {
    Setting.SAFETY: RULES,
    Setting.FLAGGED: st.sampled_from(Flagged),
    Setting.CHANNELS: SOME_IDS,
    Setting.ROLES: SOME_IDS,
    Setting.MODERATORS: SOME_IDS,
    Setting.DEFAULTS: DEFAULTS,
    Setting.MODELS: LISTS,
    Setting.SCHEDULERS: LISTS,
    Setting.LORAS: LISTS,
    Setting.CEILINGS: st.builds(Ceilings, samples=st.none() | st.integers(1, 4)),
    Setting.PROGRESS: st.sampled_from(Audience),
    Setting.REUSE: st.sampled_from(Audience),
    Setting.LOG_CHANNEL: SNOWFLAKES,
    Setting.LANGUAGE: st.sampled_from(Tongue),
    Setting.NAME_RULES: st.booleans(),
    Setting.QUOTA: st.builds(QuotaRule, daily_images=st.just("no limit") | st.integers(0, 99)),
    Setting.QUOTA_EXEMPT: SOME_IDS,
}


@st.composite
def stored_settings(draw: st.DrawFn) -> StoredSetting:
    setting = draw(st.sampled_from(sorted(VALUES)))
    scope = draw(st.sampled_from(sorted(KINDS[setting].scopes)))
    place = SERVER if scope is Scope.SERVER else Place(scope, draw(SNOWFLAKES))
    value = checked_value(setting, place, draw(VALUES[setting]))
    return StoredSetting(place, setting, value, UserId(1), 1)


def test_every_setting_is_tried() -> None:
    assert set(VALUES) == set(Setting)


@given(
    st.lists(stored_settings(), max_size=8, unique_by=lambda each: (each.setting, each.place)),
    st.lists(st.text(min_size=1, max_size=30), max_size=3),
    st.text(max_size=30),
)
def test_what_is_written_is_read_back(
    stored: list[StoredSetting], rules: list[str], server: str
) -> None:
    texts = [PromptRuleText(kind=RuleKind.WORD, text=each) for each in rules]
    names = {place.id: f"#{server}" for place in places_named(stored)}

    file = read(written(stored, texts, server=server, names=names).encode())

    assert list(file.decisions) == [
        Decision(each.setting, each.place, each.value) for each in stored
    ]
    assert list(file.prompt_rules) == texts


@given(st.binary(max_size=300))
def test_whatever_is_given_is_read_or_refused_in_words(data: bytes) -> None:
    with pytest.raises(InvalidRequest):
        read(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4)
    ),
    max_leaves=9,
)


@given(
    st.sampled_from(sorted(Setting)), st.sampled_from(sorted(Scope)), st.none() | SNOWFLAKES, JSON
)
def test_any_value_is_taken_as_a_valid_one_or_refused_in_words(
    setting: Setting, scope: Scope, place_id: int | None, value: Any
) -> None:
    entry = {"setting": setting, "scope": scope, "id": place_id, "value": value}
    data = json.dumps({"imagine_settings": 1, "settings": [entry]}).encode()
    try:
        file = read(data)
    except InvalidRequest:
        return
    [decision] = file.decisions
    assert decision.value == checked_value(setting, decision.place, decision.value)


def problems_of(**content: Any) -> list[str]:
    with pytest.raises(InvalidRequest) as caught:
        read(json.dumps({"imagine_settings": 1, **content}).encode())
    return [f"{each.option}: {each.message}" for each in caught.value.problems]


def test_problems_name_the_entry_and_the_field() -> None:
    settings = [
        {"setting": "flagged", "value": "shown"},
        {"setting": "safety", "scope": "channel", "value": {"level": "off", "loosest": "off"}},
        {"setting": "safety", "id": "5", "value": {"level": "off", "loosest": "off"}},
        {"setting": "ceilings", "value": {"side": 513}},
        {"setting": "flagged", "value": "withheld"},
        {"setting": "channels", "value": []},
    ]
    assert problems_of(settings=settings) == [
        "settings 2, id: belongs to a channel or a role, and only there",
        "settings 3, id: belongs to a channel or a role, and only there",
        "settings 4, value: ceilings side should be a multiple of 8",
        "settings 5: is there twice; keep one of them",
        "settings 6, value: channels must not be empty",
    ]


def test_problems_are_said_in_plain_words() -> None:
    settings = [
        {"setting": "flagged", "value": "hidden"},
        {"setting": "name_rules", "value": "maybe"},
        {"setting": "ceilings", "value": {"samples": 9}},
        {"setting": "language", "value": "tlh"},
        {"setting": "quota", "value": {"daily_images": "many"}},
        {"setting": "reuse", "scope": "role", "id": "5", "value": "everyone"},
    ]
    said = " · ".join(problems_of(settings=settings))
    assert "flagged should be 'withheld', 'spoiler'" in said
    assert "language should be 'en-US', 'de', 'fr'" in said
    assert "name_rules should be true or false" in said
    assert "ceilings samples should be 4 or less" in said
    assert "quota daily_images should be a whole number" in said
    assert "daily_images should be 'no limit'" in said
    assert "reuse can be set for the server or channel only" in said


def test_a_misspelt_field_is_named() -> None:
    [problem] = problems_of(
        settings=[{"seting": "flagged", "setting": "flagged", "value": "shown"}]
    )
    assert problem == "settings 1, seting: does not belong there"


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read(b'\xef\xbb\xbf{"imagine_settings": 1}').decisions == ()


def test_a_file_that_is_too_large_is_not_even_parsed() -> None:
    with pytest.raises(InvalidRequest, match="512 KB"):
        read(b'{"imagine_settings": 1}' + b" " * MAX_BYTES)


def test_places_that_are_not_there_are_left_out() -> None:
    stored = [
        a_rule("black"),
        a_rule("off", place=AT_CHANNEL),
        a_rule("off", place=AT_ROLE),
        a_setting(Setting.CHANNELS, (CHANNEL, 77)),
        a_setting(Setting.ROLES, (88,)),
        a_setting(Setting.LOG_CHANNEL, 77),
    ]
    file = read(written(stored, (), server="", names={}).encode())

    fit = fitted(file, {AT_CHANNEL}.__contains__)

    assert [(each.setting, each.place) for each in fit.decisions] == [
        (Setting.SAFETY, SERVER),
        (Setting.SAFETY, AT_CHANNEL),
        (Setting.CHANNELS, SERVER),
    ]
    assert fit.decisions[-1].value == (CHANNEL,)
    assert set(fit.missing) == {
        Place(Scope.ROLE, ROLE),
        Place(Scope.CHANNEL, 77),
        Place(Scope.ROLE, 88),
    }
    assert fit.emptied == [Setting.ROLES, Setting.LOG_CHANNEL]


def test_every_setting_that_holds_ids_is_known_as_such() -> None:
    holding = {each for each, values in VALUES.items() if values in (SOME_IDS, SNOWFLAKES)}
    assert set(ID_SCOPES) == holding
