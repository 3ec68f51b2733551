"""Suggestions come from memory, forgive typing errors and never ask the network."""

from __future__ import annotations

from typing import Any

from bot.domain.guild_settings import AllowList, Setting
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


async def test_what_the_member_used_lately_comes_first_for_them_alone(stage: Stage) -> None:
    await stage.finished(model="lyriel-v16", lora_model="film-grain-lora")
    await stage.finished(model="my-trained-model", embeddings_model="bad-hands-5")

    assert (await values(stage, "model", ""))[:2] == ["my-trained-model", "lyriel-v16"]
    assert (await values(stage, "lora_model", ""))[0] == "film-grain-lora"
    assert (await values(stage, "embeddings_model", ""))[0] == "bad-hands-5"
    assert (await values(stage, "model", "my-train"))[0] == "my-trained-model"

    others = await stage.world.newcomer.autocomplete(stage.studio, "imagine", "model", "")
    assert "my-trained-model" not in [choice["value"] for choice in others]


async def test_of_equals_the_one_used_lately_comes_first(stage: Stage) -> None:
    diffusions = await values(stage, "model", "diffusion")
    last = next(each for each in reversed(diffusions) if each.endswith("-diffusion"))
    assert diffusions[0] != last
    await stage.finished(model=last)
    await stage.restart()  # so that what was used is looked up anew

    assert (await values(stage, "model", "diffusion"))[0] == last


async def test_models_for_adults_are_offered_in_age_restricted_channels_alone(
    stage: Stage,
) -> None:
    assert "hassaku-hentai" not in await values(stage, "model", "hassaku")

    there = stage.world.channel("after-dark")
    [first, *_] = await stage.member.autocomplete(there, "imagine", "model", "hassaku")
    assert first == {"name": "🔞 hassaku-hentai — Hassaku", "value": "hassaku-hentai"}


async def test_what_the_server_forbids_is_not_offered(stage: Stage) -> None:
    await stage.decide(Setting.MODELS, AllowList(allowed=("SDXL", "midjourney")))
    await stage.decide(Setting.LORAS, AllowList(blocked=("more_details",)))

    assert sorted(await values(stage, "model", "")) == ["midjourney", "sdxl"]
    assert await values(stage, "model", "juggernaut") == []
    assert "more_details" not in await values(stage, "lora_model", "more")


async def test_moderators_are_offered_everything_to_decide_about(stage: Stage) -> None:
    await stage.app.services.catalogue.refresh()
    await stage.decide(Setting.MODELS, AllowList(allowed=("sdxl",)))

    choices = await stage.world.moderator.autocomplete(
        stage.studio, "settings models", "model", "hassaku"
    )

    assert choices[0]["value"] == "hassaku-hentai"


async def test_a_lora_that_is_in_the_list_is_not_offered_again(stage: Stage) -> None:
    assert "contrast-fix" in await values(stage, "lora_model", "contrast")
    assert "contrast-fix,contrast-fix" not in await values(
        stage, "lora_model", "contrast-fix,contrast"
    )


async def test_a_long_list_still_shows_what_would_be_added(stage: Stage) -> None:
    before = f"{'x' * 60},{'y' * 20}"
    [first, *_] = await suggestions(stage, "lora_model", f"{before},more_det")

    assert first["value"] == f"{before},more_details"
    assert first["name"].endswith("…,more_details — More Details")
