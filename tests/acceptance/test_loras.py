"""`/loras`: what can be added to a model, in private; several at once, each with its strength."""

from __future__ import annotations

from bot.domain.catalogue import ModelKind
from bot.domain.guild_settings import AllowList, Setting
from tests.acceptance.models_page import ModelsPage
from tests.acceptance.stage import Stage, said


class LorasPage(ModelsPage):
    command = "loras"


async def test_all_loras_are_there_and_nothing_else(stage: Stage) -> None:
    page = await LorasPage.open(stage)
    ids = page.ids
    await page.press("Next")
    ids += page.ids

    assert page.heading.startswith("## LoRAs")
    listed = stage.app.services.catalogue.of_kind(ModelKind.LORA)
    assert sorted(ids) == sorted(each.id for each in listed if not each.nsfw)
    assert page.pictures


async def test_it_says_how_to_use_one_and_several(stage: Stage) -> None:
    page = await LorasPage.open(stage)

    assert "`lora_model:`" in page.texts[-1]
    assert "`lora_model:one,two lora_strength:0.8,0.5`" in page.texts[-1]
    assert "lora_strength" not in (await ModelsPage.open(stage)).texts[-1]


async def test_a_search_forgives_typing_errors(stage: Stage) -> None:
    page = await LorasPage.open(stage, search="mroe detials")

    assert page.ids[0] == "more_details"


async def test_those_for_adults_are_shown_in_age_restricted_channels_only(stage: Stage) -> None:
    here = await LorasPage.open(stage, search="bodylines")
    assert here.ids == []
    assert "🔞 1 more is shown in age-restricted channels only." in here.texts[-1]

    there = await LorasPage.open(
        stage, channel=stage.world.channel("after-dark"), search="bodylines"
    )
    assert there.ids == ["bodylines-lora"]
    assert there.covered == [True]


async def test_what_the_server_forbids_is_not_shown_and_not_taken(stage: Stage) -> None:
    await stage.decide(Setting.LORAS, AllowList(allowed=("more_details", "contrast-fix")))

    assert sorted((await LorasPage.open(stage)).ids) == ["contrast-fix", "more_details"]
    refused = await stage.imagine(lora_model="more_details,film-grain-lora")
    assert refused.ephemeral
    assert "number 2 of these is not allowed" in said(refused).content


async def test_pages_turn_after_a_restart_too(stage: Stage) -> None:
    page = await LorasPage.open(stage)
    first = page.ids

    await stage.restart()
    await page.press("Next")

    assert not set(first) & set(page.ids)
    assert page.heading.startswith("## LoRAs")


async def test_several_with_strengths_of_their_own_make_one_picture(stage: Stage) -> None:
    await stage.finished(lora_model="contrast-fix, more_details", lora_strength="0.8, 0.5")

    body = stage.bodies[0]
    assert (body["lora_model"], body["lora_strength"]) == ("contrast-fix,more_details", "0.8,0.5")
