"""One's own trained models: ids that no list shows, where the server's rules let them."""

from __future__ import annotations

import pytest

from bot.domain.catalogue import ModelKind
from bot.domain.guild_settings import AllowList, Setting
from bot.domain.job import JobStatus
from bot.sandbox.settings import SandboxSettings
from tests.acceptance.conftest import OpenStage
from tests.acceptance.stage import Stage, said

OWN = "my-trained-model"


async def test_an_id_that_is_not_listed_is_taken(stage: Stage) -> None:
    await stage.app.services.catalogue.refresh()
    assert stage.app.services.catalogue.get(ModelKind.MODEL, OWN) is None

    job = await stage.finished(model=OWN)

    assert stage.bodies[0]["model_id"] == OWN
    assert f"model {OWN}" in stage.message(job).content


async def test_a_flag_in_the_prompt_names_one_too(stage: Stage) -> None:
    await stage.finished(f"a fox --model {OWN}")

    assert stage.bodies[0]["model_id"] == OWN


async def test_a_server_that_allows_some_models_only_must_allow_it(stage: Stage) -> None:
    await stage.decide(Setting.MODELS, AllowList(allowed=("midjourney",)))
    refused = await stage.imagine(model=OWN)
    assert refused.ephemeral
    assert "`model` is not allowed in this server" in said(refused).content

    await stage.decide(Setting.MODELS, AllowList(allowed=("midjourney", OWN)))
    await stage.finished(model=OWN)


@pytest.mark.parametrize("typed", [OWN, OWN.upper()])
async def test_a_blocked_one_is_refused_however_it_is_spelt(stage: Stage, typed: str) -> None:
    await stage.decide(Setting.MODELS, AllowList(blocked=(OWN,)))

    refused = await stage.imagine(model=typed)

    assert refused.ephemeral
    assert stage.bodies == []


async def test_one_that_does_not_exist_ends_in_words_and_is_not_charged(stage: Stage) -> None:
    before = await stage.images_left()

    job = await stage.end_of(await stage.imagine(model="my-other-model"))

    assert job.status is JobStatus.FAILED
    assert "does not have this model ready" in stage.message(job).content
    assert await stage.images_left() == before


async def test_one_that_looks_misspelt_is_taken_and_asked_about(stage: Stage) -> None:
    await stage.app.services.catalogue.refresh()

    asked = await stage.imagine(model="midjurney")

    assert "lists no model `midjurney`. Did you mean `midjourney`?" in said(asked).content
    job = await stage.end_of(asked)
    assert job.status is JobStatus.FAILED
    told = stage.message(job).content
    assert "lists no model `midjurney`. Did you mean `midjourney`?" in told
    assert "has to be loaded first" not in told


@pytest.mark.parametrize("model", ["midjourney", OWN])
async def test_nothing_is_asked_about_one_that_is_listed_or_unlike_any(
    stage: Stage, model: str
) -> None:
    await stage.app.services.catalogue.refresh()

    asked = await stage.imagine(model=model)

    assert "Did you mean" not in said(asked).content


async def test_one_of_their_own_that_is_like_another_is_asked_about_once(
    open_with: OpenStage,
) -> None:
    own = "midjourney2"
    stage: Stage = await open_with(SandboxSettings(cheap_pictures=True, own_models=(own,)))
    await stage.app.services.catalogue.refresh()
    first = await stage.imagine(model=own)
    assert "Did you mean" in said(first).content
    await stage.end_of(first)

    asked = await stage.imagine(model=own)

    assert "Did you mean" not in said(asked).content


async def test_no_model_for_adults_is_guessed_where_there_are_none(stage: Stage) -> None:
    catalogue = stage.app.services.catalogue
    await catalogue.refresh()
    adult = next(each.id for each in catalogue.of_kind(ModelKind.MODEL) if each.nsfw)

    asked = await stage.imagine(model=f"{adult}x")

    assert "Did you mean" not in said(asked).content


async def test_one_that_was_not_found_is_not_offered_again(stage: Stage) -> None:
    await stage.end_of(await stage.imagine(model="my-other-model"))

    offered = await stage.member.autocomplete(stage.studio, "imagine", "model", "my-other")

    assert "my-other-model" not in [choice["value"] for choice in offered]
