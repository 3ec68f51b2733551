"""One's own trained models: ids that no list shows, where the server's rules let them."""

from __future__ import annotations

import pytest

from bot.domain.catalogue import ModelKind
from bot.domain.guild_settings import AllowList, Setting
from bot.domain.job import JobStatus
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
