"""Suggestions come from memory, forgive typing errors and never ask the network."""

from __future__ import annotations

from typing import Any

from tests.acceptance.stage import Stage


async def suggestions(stage: Stage, option: str, typed: str) -> list[dict[str, Any]]:
    await stage.app.services.catalogue.refresh()
    requests = len(stage.api.requests)
    choices = await stage.member.autocomplete(stage.studio, "imagine", option, typed)
    assert len(stage.api.requests) == requests
    assert len(choices) <= 25
    assert all(0 < len(c["name"]) <= 100 and 0 < len(c["value"]) <= 100 for c in choices)
    return choices


async def values(stage: Stage, option: str, typed: str) -> list[str]:
    return [choice["value"] for choice in await suggestions(stage, option, typed)]


async def test_size_offers_the_four_names_with_their_pixels(stage: Stage) -> None:
    assert await suggestions(stage, "size", "") == [
        {"name": "square (512x512)", "value": "square"},
        {"name": "portrait (512x768)", "value": "portrait"},
        {"name": "landscape (768x512)", "value": "landscape"},
        {"name": "wide (1024x576)", "value": "wide"},
    ]
    assert await values(stage, "size", "POR") == ["portrait"]
    assert await values(stage, "size", "768") == ["portrait", "landscape"]


async def test_model_offers_the_most_used_before_anything_is_typed(stage: Stage) -> None:
    assert len(await values(stage, "model", "")) == 25


async def test_model_is_found_by_its_beginning_its_name_and_in_spite_of_typing_errors(
    stage: Stage,
) -> None:
    assert (await values(stage, "model", "juggernaut"))[0] == "juggernaut-xl"
    assert "dreamshaper-v8" in await values(stage, "model", "DreamShaper 8")
    assert "realistic-vision-v51" in await values(stage, "model", "realstic vison")
    assert (await values(stage, "model", "midjurney"))[0] == "midjourney"


async def test_each_option_offers_its_own_kind(stage: Stage) -> None:
    assert "contrast-fix" in await values(stage, "lora_model", "contrast")
    assert "easynegative" in await values(stage, "embeddings_model", "easy")
    assert "contrast-fix" not in await values(stage, "model", "contrast-fix")


async def test_lora_completes_the_last_of_several_and_keeps_the_others(stage: Stage) -> None:
    offered = await values(stage, "lora_model", "contrast-fix,more_det")

    assert offered[0] == "contrast-fix,more_details"


async def test_lora_after_a_comma_and_a_space_gives_a_value_that_works(stage: Stage) -> None:
    chosen = (await values(stage, "lora_model", "contrast-fix, more_det"))[0]

    await stage.finished(lora_model=chosen)

    assert stage.bodies[0]["lora_model"] == "contrast-fix,more_details"


async def test_nonsense_and_hostile_text_give_an_answer(stage: Stage) -> None:
    for typed in ("", "@", "*" * 500, "'; DROP TABLE--", "💥" * 50, ",,,,", "\x00"):
        for option in ("model", "lora_model", "embeddings_model", "size"):
            await suggestions(stage, option, typed)


async def test_the_last_known_list_serves_while_the_api_is_away(stage: Stage) -> None:
    await stage.app.services.catalogue.refresh()

    await stage.restart(api_base_url="http://127.0.0.1:9/api")

    offered = await stage.member.autocomplete(stage.studio, "imagine", "model", "juggernaut")
    assert offered[0]["value"] == "juggernaut-xl"
