"""What Discord is told of `/imagine`: 25 options in plain words, within its limits."""

from __future__ import annotations

from typing import Any

from discord import Locale, app_commands

from tests.acceptance.stage import Stage

DESIGNED = [
    "prompt",
    "negative_prompt",
    "model",
    "size",
    "samples",
    "steps",
    "guidance_scale",
    "seed",
    "scheduler",
    "lora_model",
    "lora_strength",
    "embeddings_model",
    "vae",
    "clip_skip",
    "enhance_prompt",
    "tomesd",
    "use_karras_sigmas",
    "multi_lingual",
    "panorama",
    "self_attention",
    "highres_fix",
    "algorithm_type",
    "upscale",
    "safety_checker",
    "safety_checker_type",
]


def characters(command: dict[str, Any]) -> int:
    """Count as Discord does: names, descriptions and choices, options included."""
    own = len(command["name"]) + len(command.get("description", ""))
    choices = sum(len(c["name"]) + len(str(c["value"])) for c in command.get("choices") or ())
    return own + choices + sum(characters(option) for option in command.get("options") or ())


def test_imagine_has_the_25_designed_options_and_no_other(
    imagine_options: list[dict[str, Any]],
) -> None:
    assert sorted(option["name"] for option in imagine_options) == sorted(DESIGNED)


def test_only_the_prompt_is_required(imagine_options: list[dict[str, Any]]) -> None:
    assert [o["name"] for o in imagine_options if o.get("required")] == ["prompt"]


def test_every_option_is_described_within_100_characters(
    imagine_options: list[dict[str, Any]],
) -> None:
    for option in imagine_options:
        assert len(option["description"].strip("… .")) > 3, option["name"]
        assert len(option["description"]) <= 100, option["name"]


def test_each_command_stays_within_8000_characters(published: list[dict[str, Any]]) -> None:
    assert all(characters(command) <= 8000 for command in published)


def test_the_lists_of_choices_are_those_of_the_api(imagine_options: list[dict[str, Any]]) -> None:
    choices = {o["name"]: [c["value"] for c in o.get("choices") or ()] for o in imagine_options}
    assert len(choices["scheduler"]) == 18
    assert choices["steps"] == [21, 31, 41, 51]
    assert choices["algorithm_type"] == ["none", "dpmsolver+++"]
    assert choices["upscale"] == [1, 2, 3]
    assert sorted(choices["safety_checker_type"]) == [
        "black",
        "blur",
        "pixelate",
        "sensitive_content_text",
    ]
    assert choices["panorama"] == ["yes", "no"]


def test_imagine_is_offered_in_servers_direct_messages_and_as_a_users_own_app(
    published: list[dict[str, Any]],
) -> None:
    imagine = next(command for command in published if command["name"] == "imagine")

    assert sorted(imagine["contexts"]) == [0, 1, 2]
    assert sorted(imagine["integration_types"]) == [0, 1]


class BetterWords(app_commands.Translator):
    """Says everything otherwise than the catalogues do."""

    async def translate(self, string: app_commands.locale_str, locale: Locale, context: Any) -> str:
        del context
        return f"{string.message.lower().replace(' ', '-')}-{locale.value.lower()}"[:32]


async def test_a_better_translation_is_published_as_a_change_is_and_once(stage: Stage) -> None:
    bot = stage.app.bot
    assert not await bot.publish_if_changed()
    await bot.tree.set_translator(BetterWords())
    assert await bot.publish_if_changed()
    assert not await bot.publish_if_changed()
