"""What `/audit` says of an act."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.audit import Act, StoredAuditEntry
from bot.ui.audit_words import audit_line
from bot.ui.escaping import quoted
from tests.factories.rules import CHANNEL, GUILD, MODERATOR
from tests.fakes.clock import NOON


def line_of(act: Act, **details: Any) -> str:
    return audit_line(
        StoredAuditEntry(
            id=1, guild_id=GUILD, actor_id=MODERATOR, act=act, at_ms=NOON, details=details
        )
    )


def change(setting: str, before: Any, after: Any) -> str:
    where = {"scope": "channel", "place_id": CHANNEL}
    return line_of(Act.SET, setting=setting, before=before, after=after, **where)


@pytest.mark.parametrize("act", Act)
def test_every_act_has_words(act: Act) -> None:
    assert line_of(act).startswith(f"<t:{NOON // 1000}:R> <@{MODERATOR}> ")


def test_a_change_is_said_in_the_panels_words() -> None:
    said = change("safety", None, {"level": "blur", "loosest": "blur"})
    assert (
        f"changed **Safety checker** in <#{CHANNEL}>: not set → unsafe pictures are **blurred**"
        in said
    )


def test_what_is_no_longer_understood_is_shown_harmlessly() -> None:
    assert "@everyone" not in change("safety", "@everyone", {"level": "`x` <@1>"})
    assert "mystery" in change("mystery", 1, 2)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "yes"),
        (7.5, "7.5"),
        ("soft", "soft"),
        (["sdxl", "midjourney"], "sdxl, midjourney"),
        ({"level": "blur", "locked": False, "for": None}, "level blur · locked no · for not set"),
        ({"steps": {"most": 31}, "roles": [1, 2]}, "steps most 31 · roles 1, 2"),
        ([], "–"),
        ("", "–"),
        ({"<@1>": "*`@everyone`*"}, quoted("<@1> *`@everyone`*", 150)),
        (["x" * 9000], f"{'x' * 149}…"),
    ],
)
def test_a_setting_that_is_no_longer_known_is_shown_readably(value: Any, words: str) -> None:
    said = change("mystery", None, value)
    assert said.endswith(f"changed **mystery** in <#{CHANNEL}>: not set → {words}")


def test_a_name_that_is_no_longer_known_is_shown_harmlessly() -> None:
    assert "@everyone" not in change("**@everyone", 1, 2)


def test_prompt_rules_are_named_and_imports_counted() -> None:
    assert "`gore`" in line_of(Act.RULE_ADDED, kind="word", text="gore")
    assert "(2 changed)" in line_of(Act.IMPORT, settings=[{}, {}], prompt_rules=0)


def test_presets_are_named_with_what_they_say_and_harmlessly() -> None:
    assert "saved a preset: `ink` · `--seed 7`" in line_of(
        Act.PRESET_SAVED, name="ink", text="--seed 7"
    )
    assert "@everyone" not in line_of(Act.PRESET_DELETED, name="`@everyone", text="@everyone" * 99)
