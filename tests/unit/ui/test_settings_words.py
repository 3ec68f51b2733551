"""What moderators read about their settings: plain, complete, and harmless."""

from __future__ import annotations

from gettext import NullTranslations
from typing import cast

import discord
import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.guild_settings import (
    SERVER,
    AllowList,
    Ceilings,
    Place,
    Scope,
    Setting,
    StoredSetting,
    Tongue,
)
from bot.domain.strictness import SafetyRule, Strictness
from bot.speech import Language, learn, speaking
from bot.translations import CATALOGUES
from bot.ui.settings_panel.effects import Ground, notes_on
from bot.ui.settings_panel.spot import Control, Spot, control_of
from bot.ui.settings_panel.words import (
    TITLES,
    ceiling_words,
    default_words,
    list_words,
    rule_words,
    sentence,
    some,
    source_words,
    value_words,
)
from tests.factories.rules import (
    AT_CATEGORY,
    AT_CHANNEL,
    AT_ROLE,
    CHANNEL,
    GUILD,
    MODERATOR,
    ROLE,
    a_rule,
    a_setting,
    settings_with,
)


class FakeGuild:
    """A server in which no channel can be found."""

    id = GUILD

    def get_channel_or_thread(self, _channel_id: int) -> None:
        return None


def notes(
    setting: Setting,
    *stored: StoredSetting,
    place: Place = SERVER,
    floor: Strictness = Strictness.OFF,
) -> list[str]:
    ground = Ground(cast("discord.Guild", FakeGuild()), floor, {"model_id": "midjourney"})
    return list(notes_on(setting, place, settings_with(*stored), ground))


def test_every_setting_has_words() -> None:
    for setting in Setting:
        assert TITLES[setting]
        assert value_words(setting, None)


def test_every_language_that_is_spoken_can_be_chosen() -> None:
    catalogues = {CATALOGUES[each] for each in Tongue if each in CATALOGUES}
    assert catalogues == set(CATALOGUES.values())
    assert set(Tongue) - CATALOGUES.keys() == {Tongue.ENGLISH}


@pytest.mark.parametrize("tongue", Tongue)
def test_a_language_is_called_what_it_calls_itself(tongue: Tongue) -> None:
    name = Locale.parse(tongue, sep="-").get_language_name()
    assert name
    assert name.casefold() in value_words(Setting.LANGUAGE, tongue).casefold()


@pytest.mark.parametrize("level", Strictness)
def test_every_level_is_said_in_plain_words(level: Strictness) -> None:
    words = rule_words(SafetyRule.locked(level))
    assert "unsafe pictures are **" in words
    assert "members may not loosen that" in words
    assert "_" not in words


def test_how_far_members_may_loosen_is_said() -> None:
    rule = SafetyRule(level=Strictness.BLACK, loosest=Strictness.OFF)
    assert "members may loosen that as far as **Off**" in rule_words(rule)


def test_where_a_value_comes_from() -> None:
    assert source_words(None) == "the usual: nobody has set this"
    stored = a_rule("blur", place=AT_CHANNEL)
    assert source_words(stored) == (
        f"the rule of <#{CHANNEL}>, set by <@{MODERATOR}> <t:{stored.set_at_ms // 1000}:R>"
    )


@pytest.mark.parametrize(
    ("server", "channel", "expected"),
    [
        (
            ("blur", "blur"),
            ("off", "off"),
            "asks for **Off**. But the server's rule only lets it go",
        ),
        (("blur", "off"), ("off", "off"), None),
        (("black", "pixelate"), ("blur", "blur"), "down to **Pixelate**"),
        (("blur", "blur"), ("black", "black"), None),
        (
            ("black", "blur"),
            ("black", "off"),
            "lets members loosen it to **Off**. But the server's",
        ),
        (("blur", "blur"), ("blur", "blur"), None),
    ],
)
def test_a_channels_rule_without_its_effect_is_said(
    server: tuple[str, str], channel: tuple[str, str], expected: str | None
) -> None:
    found = notes(
        Setting.SAFETY, a_rule(*server), a_rule(*channel, place=AT_CHANNEL), place=AT_CHANNEL
    )
    weak = [note for note in found if "But" in note]
    assert bool(weak) is (expected is not None)
    assert expected is None or expected in weak[0]


def test_a_tighter_server_rule_names_the_rules_it_overrules() -> None:
    found = notes(
        Setting.SAFETY,
        a_rule("blur"),
        a_rule("off", place=AT_CHANNEL),
        a_rule("off", place=AT_ROLE),
    )
    [note] = found
    assert note.startswith("Looser than the rules above them allow")
    assert note.endswith(f": <#{CHANNEL}>, <@&{ROLE}>.")


def test_the_operators_floor_is_named_as_the_cause() -> None:
    [note] = notes(Setting.SAFETY, a_rule("off"), floor=Strictness.BLUR)
    assert "asks for **Off**. But whoever runs this bot only lets it go down to **Blur**" in note


@pytest.mark.parametrize("place", [SERVER, AT_ROLE, AT_CATEGORY])
def test_off_for_more_than_one_channel_is_for_age_restricted_ones_only(place: Place) -> None:
    [note] = notes(Setting.SAFETY, a_rule("blur", "off", place=place), place=place)
    assert "Off holds in age-restricted channels only" in note


def test_defaults_that_the_lists_rule_out_are_named() -> None:
    blocked = a_setting(Setting.MODELS, AllowList(blocked=("midjourney",)))
    [note] = notes(Setting.MODELS, blocked)
    assert "`midjourney` is not allowed" in note
    assert notes(Setting.MODELS, blocked, a_setting(Setting.DEFAULTS, {"model_id": "sdxl"})) == []
    loras = a_setting(Setting.LORAS, AllowList(allowed=("good",)))
    both = a_setting(Setting.DEFAULTS, {"lora_model": ["good", "bad"]})
    [note] = notes(Setting.LORAS, loras, both)
    assert "`bad` is not allowed" in note


def test_a_list_of_channels_that_are_all_gone_is_said() -> None:
    [note] = notes(Setting.CHANNELS, a_setting(Setting.CHANNELS, (CHANNEL,)))
    assert "cannot be used anywhere" in note


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        (AllowList(), "all"),
        (AllowList(blocked=("a",)), "all, but not `a`"),
        (AllowList(allowed=("a", "b")), "only `a`, `b`"),
        (AllowList(allowed=("a",), blocked=("b",)), "only `a`, but not `b`"),
    ],
)
def test_lists(listed: AllowList, words: str) -> None:
    assert list_words(listed) == words


def test_limits() -> None:
    assert ceiling_words(Ceilings()) == "whatever the image service allows"
    full = Ceilings(samples=1, side=768, steps=31, upscale=2)
    assert ceiling_words(full) == (
        "at most 1 picture at once, sides of 768 pixels, 31 steps, enlarged 2 times"
    )


def test_one_of_something_is_said_as_one() -> None:
    assert ceiling_words(Ceilings(upscale=1)) == "at most enlarged 1 time"
    assert ceiling_words(Ceilings(upscale=0)) == "at most no enlarging"


def test_a_sentence_begins_as_the_language_has_it() -> None:
    learn("turkish", Language("tr", NullTranslations()))
    assert sentence("in every channel") == "In every channel."
    with speaking("turkish"):
        assert sentence("izin verilir") == "İzin verilir."
        assert sentence("herkes") == "Herkes."


def test_long_lists_are_cut_short_and_counted() -> None:
    assert some(map(str, range(20))).endswith("and 12 more")


@given(st.text(min_size=1, max_size=300))
def test_whatever_is_a_default_is_shown_harmlessly(text: str) -> None:
    words = default_words({"negative_prompt": text})
    assert "@everyone" not in words
    assert "<@" not in words
    assert words.count("`") == 2
    assert len(words) < 200


@given(
    st.sampled_from(["level", "go_channel", "name_rules"]),
    st.sampled_from(["safety", "moderation"]),
    st.sampled_from(Scope),
    st.integers(0, 2**63 - 1),
    st.integers(-1, 10**15),
    st.integers(0, 10**15),
)
def test_a_controls_id_says_everything_within_discords_limit(
    action: str, section: str, scope: Scope, place_id: int, seen_ms: int, drawn_ms: int
) -> None:
    control = Control(action, Spot(section, Place(scope, place_id)), seen_ms)
    for text in (control.custom_id(drawn_ms=drawn_ms), control.form_id):
        assert len(text) <= 100
        assert control_of(text) == control


@pytest.mark.parametrize("text", ["", "imagine:set:", "imagine:again:5", "imagine:set:x:y:z1:0"])
def test_other_ids_are_none_of_the_panels(text: str) -> None:
    assert control_of(text) is None
