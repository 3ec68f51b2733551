"""`/models`: what there is to draw with, with pictures, in private."""

from __future__ import annotations

import pytest

from bot.domain.catalogue import CatalogueEntry, ModelKind
from bot.domain.guild_settings import AllowList, Setting
from bot.domain.strictness import Strictness
from tests.acceptance.conftest import OpenStage
from tests.acceptance.models_page import ModelsPage
from tests.acceptance.stage import Stage, said


async def every_id(page: ModelsPage) -> list[str]:
    """Turn all the pages."""
    pages = int(page.heading.rsplit(" ", 1)[1]) if " · page " in page.heading else 1
    ids = page.ids
    for _ in range(pages - 1):
        await page.press("Next")
        ids += page.ids
    return ids


async def test_each_entry_has_its_id_to_copy_its_words_and_its_picture(stage: Stage) -> None:
    page = await ModelsPage.open(stage, search="dreamshaper")

    entry = page.texts[1]
    assert "**DreamShaper 8** `dreamshaper-v8`" in entry
    assert "Between photograph and painting" in entry
    assert "stable diffusion" in entry
    assert page.pictures[0].endswith("/models/dreamshaper-v8.png")
    assert "`model:`" in page.texts[-1]


async def test_all_models_are_there_once_page_by_page(stage: Stage) -> None:
    page = await ModelsPage.open(stage)
    assert len(page.ids) == len(page.pictures) == 5

    first = page.ids
    await page.press("Next")
    await page.press("Back")
    assert page.ids == first

    listed = stage.app.services.catalogue.of_kind(ModelKind.MODEL)
    assert sorted(await every_id(page)) == sorted(each.id for each in listed if not each.nsfw)


async def test_pages_turn_after_a_restart_too(stage: Stage) -> None:
    page = await ModelsPage.open(stage)
    first = page.ids

    await stage.restart()
    await page.press("Next")

    assert len(page.ids) == 5
    assert not set(first) & set(page.ids)
    await page.choose("k", "lora")
    assert "more_details" in page.ids


async def test_models_for_adults_are_hidden_outside_age_restricted_channels(stage: Stage) -> None:
    page = await ModelsPage.open(stage)
    assert "🔞 2 more are shown in age-restricted channels only." in page.texts[-1]
    assert not {"uber-realistic", "hassaku-hentai"} & set(await every_id(page))
    assert (await ModelsPage.open(stage, search="hassaku")).ids == []


async def test_models_for_adults_are_shown_there_with_a_mark_and_covered(stage: Stage) -> None:
    page = await ModelsPage.open(
        stage, channel=stage.world.channel("after-dark"), search="uber realistic"
    )

    assert page.ids[0] == "uber-realistic"
    assert page.texts[1].startswith("**🔞 URPM**")
    assert page.covered[0]
    assert "age-restricted" not in page.texts[-1]


@pytest.mark.parametrize(("floor", "shown"), [(Strictness.BLUR, False), (Strictness.OFF, True)])
async def test_in_direct_messages_the_operators_floor_decides(
    open_with: OpenStage, floor: Strictness, shown: bool
) -> None:
    stage = await open_with(dm_safety_floor=floor)
    await stage.app.services.catalogue.refresh()

    answer = said(await stage.member.user.slash("models", search="hassaku"))

    assert ("hassaku-hentai" in ModelsPage(stage.member, answer).ids) is shown


async def test_what_this_server_uses_most_comes_first_and_says_how_often(stage: Stage) -> None:
    for model in ("lyriel-v16", "sdxl", "lyriel-v16"):
        await stage.finished(model=model)

    page = await ModelsPage.open(stage)

    assert page.ids[:2] == ["lyriel-v16", "sdxl"]
    assert "used here in the last month: 2" in page.texts[1]
    assert "used here in the last month: 1" in page.texts[2]
    assert page.chosen("s") == ["here"]
    await page.choose("s", "name")
    assert page.ids[0] == "absolute-reality-v181"
    await page.choose("s", "service")
    uses = {e.id: e.uses for e in stage.app.services.catalogue.of_kind(ModelKind.MODEL)}
    assert page.ids == sorted(page.ids, key=lambda each: -uses[each])


async def test_elsewhere_nothing_is_known_of_this_server(stage: Stage) -> None:
    await stage.finished(model="lyriel-v16")
    guild = stage.env.create_guild("Elsewhere")
    channel = guild.create_text_channel("art")
    visitor = guild.add_member(stage.member.user)
    await stage.env.settle()

    page = await ModelsPage.open(stage, by=visitor, channel=channel)

    assert "here in the last month" not in "\n".join(page.texts)
    assert "here" not in page.menu("s")
    assert page.chosen("s") == ["service"]


async def test_a_category_leaves_the_others_out(stage: Stage) -> None:
    page = await ModelsPage.open(stage)
    large = next(key for key, label in page.menu("c").items() if label == "stable diffusion xl")

    await page.choose("c", large)

    assert sorted(await every_id(page)) == ["animagine-xl-31", "juggernaut-xl", "sdxl"]
    await page.choose("c", "-")
    assert len(page.ids) == 5


async def test_loras_and_embeddings_have_pages_of_their_own(stage: Stage) -> None:
    page = await ModelsPage.open(stage, kind="lora")
    assert "`lora_model:`" in page.texts[-1]
    assert not page.has_menu("c")
    loras = await every_id(page)
    assert "more_details" in loras
    assert "bodylines-lora" not in loras

    await page.choose("k", "embedding")
    assert sorted(page.ids) == ["bad-hands-5", "charturner-v2", "easynegative"]


async def test_a_search_forgives_typing_errors_and_survives_turning_pages(stage: Stage) -> None:
    page = await ModelsPage.open(stage, search="diffsion")
    assert "Models: “diffsion”" in page.heading
    first = page.ids
    assert all("diffusion" in text.lower() for text in page.texts[1:-1])
    assert not page.has_menu("s")

    await page.press("Next")
    assert "Models: “diffsion”" in page.heading
    assert not set(first) & set(page.ids)


async def test_what_the_server_forbids_is_not_shown(stage: Stage) -> None:
    await stage.decide(Setting.MODELS, AllowList(allowed=("sdxl", "midjourney")))
    assert sorted((await ModelsPage.open(stage)).ids) == ["midjourney", "sdxl"]

    await stage.decide(Setting.MODELS, AllowList(blocked=("sdxl",)))
    assert "sdxl" not in await every_id(await ModelsPage.open(stage))


async def test_whatever_the_service_lists_makes_a_page(stage: Stage) -> None:
    await stage.app.stores.catalogue.replace(
        [
            CatalogueEntry(
                id=f"id-{number}" + "x" * 90,
                name="@everyone **<@1>** " + "💥" * 300,
                category="`_*" * 60,
                description="d\n# " * 2000,
                trigger="||" * 100,
                screenshot=link,
                uses=10**12,
            )
            for number, link in enumerate(
                (
                    "javascript:alert(1)",
                    "https://user:secret@example.com/a.png",
                    "https://example.com/" + "a" * 3000,
                    "https://exa mple.com/a.png",
                    "https://example.com/a.png",
                )
            )
        ]
    )
    await stage.app.services.catalogue.load()

    answer = said(await stage.member.slash(stage.studio, "models"))

    page = ModelsPage(stage.member, answer)
    assert len(page.ids) == 5
    assert page.pictures == ["https://example.com/a.png"]
    assert "@everyone" not in "".join(page.texts)


async def test_without_a_list_it_says_so(open_with: OpenStage) -> None:
    stage = await open_with(api_base_url="http://127.0.0.1:9/api")

    answer = said(await stage.member.slash(stage.studio, "models"))

    assert answer.ephemeral
    assert "no list of models yet" in answer.content
