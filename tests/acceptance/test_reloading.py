"""A model that the image service dropped for idling is loaded again, for who is in need of it."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from simcord.results import InteractionResult

from bot.domain.guild_settings import Setting
from bot.domain.job import JobStatus
from bot.sandbox import Fault
from tests.acceptance.stage import Stage, open_stage, rows, said

COLD = "cold-papercut"


def reloads(stage: Stage) -> list[str]:
    """Return the models that the service was asked to load."""
    return [each.body["model_id"] for each in stage.api.requests if "model_reload" in each.path]


def labels(message: object) -> set[str | None]:
    return {button.label for row in rows(message) for button in row}  # type: ignore[arg-type]


def seconds_shown(stage: Stage, answer: InteractionResult) -> float:
    """Return how far away the moment is that an answer counts down to."""
    found = re.search(r"<t:(\d+):R>", said(answer).content)
    assert found
    return int(found[1]) - stage.app.services.clock.now_ms() / 1000


@pytest.mark.parametrize("dialect", ["v4", "v6"])
async def test_the_requester_reloads_the_model_and_draws_again(
    tmp_path: Path, dialect: str
) -> None:
    async with open_stage(tmp_path / "data", api_dialect=dialect) as stage:
        job = await stage.end_of(await stage.imagine("a paper fox", model=COLD))
        shown = stage.message(job)
        assert job.status is JobStatus.FAILED
        assert "**Reload model** does that, and takes two minutes." in shown.content

        pressed = await stage.member.click(shown, label="Reload model")

        assert pressed.ephemeral
        assert f"loads `{COLD}`" in said(pressed).content
        assert 100 < seconds_shown(stage, pressed) <= 121
        assert reloads(stage) == [COLD]
        again = await stage.member.click(shown, label="Again")
        assert (await stage.end_of(again)).status is JobStatus.DELIVERED


async def test_the_button_works_after_a_restart_too(stage: Stage) -> None:
    job = await stage.end_of(await stage.imagine(model=COLD))

    await stage.restart()
    await stage.member.click(stage.message(job), label="Reload model")

    assert reloads(stage) == [COLD]


async def test_another_member_may_not_but_a_moderator_may(stage: Stage) -> None:
    job = await stage.end_of(await stage.imagine(model=COLD))

    refused = await stage.world.newcomer.click(stage.message(job), label="Reload model")
    assert "for people with Manage Server" in said(refused).content
    assert reloads(stage) == []

    await stage.world.moderator.click(stage.message(job), label="Reload model")
    assert reloads(stage) == [COLD]


async def test_whoever_is_blocked_reloads_nothing(stage: Stage) -> None:
    job = await stage.end_of(await stage.imagine(model=COLD))
    await stage.world.moderator.slash(stage.studio, "block", member=stage.member)

    refused = await stage.member.click(stage.message(job), label="Reload model")

    assert "blocked you" in said(refused).content
    assert reloads(stage) == []


async def test_whoever_asks_again_within_the_two_minutes_joins_in(stage: Stage) -> None:
    job = await stage.end_of(await stage.imagine(model=COLD))

    first = await stage.member.click(stage.message(job), label="Reload model")
    second = await stage.world.moderator.slash(stage.studio, "reload", model=COLD)

    assert said(first).content == said(second).content
    assert reloads(stage) == [COLD]


@pytest.mark.parametrize("fault", [Fault.FAILED, Fault.MODEL_NOT_FOUND])
async def test_it_is_offered_where_the_model_may_be_to_blame(stage: Stage, fault: Fault) -> None:
    stage.api.script("a fox", fault)

    job = await stage.end_of(await stage.imagine("a fox"))

    assert "Reload model" in labels(stage.message(job))


async def test_it_is_not_offered_where_the_model_has_nothing_to_do_with_it(stage: Stage) -> None:
    stage.api.script("a fox", Fault.VALIDATION)

    refused = await stage.end_of(await stage.imagine("a fox"))
    drawn = await stage.finished("a lighthouse")

    for job in (refused, drawn):
        assert "Reload model" not in labels(stage.message(job))
    assert "Reload model" not in stage.message(refused).content


async def test_a_moderator_reloads_any_model_by_command(stage: Stage) -> None:
    answer = await stage.world.moderator.slash(stage.studio, "reload", model="my-trained-model")

    assert answer.ephemeral
    assert "loads `my-trained-model`. It takes about two minutes" in said(answer).content
    assert reloads(stage) == ["my-trained-model"]


async def test_whoever_the_server_names_is_a_moderator_to_it_too(stage: Stage) -> None:
    role = stage.member.guild.create_role("Keepers")
    keeper = stage.member.guild.add_member(stage.env.create_user("kim"), roles=[role])
    await stage.decide(Setting.MODERATORS, (role.id,))

    await keeper.slash(stage.studio, "reload", model=COLD)

    assert reloads(stage) == [COLD]


async def test_a_member_may_not_by_command(stage: Stage) -> None:
    refused = await stage.member.slash(stage.studio, "reload", model=COLD)

    assert refused.ephemeral
    assert "for people with Manage Server" in said(refused).content
    assert reloads(stage) == []


async def test_a_model_that_is_none_is_refused_in_words(stage: Stage) -> None:
    refused = await stage.world.moderator.slash(stage.studio, "reload", model="@everyone `x`")

    assert said(refused).content == "The image service knows no model by that id."


@pytest.fixture
async def deserted(tmp_path: Path) -> AsyncGenerator[Stage]:
    """A community whose image API cannot be reached."""
    async with open_stage(tmp_path / "data", api_base_url="http://127.0.0.1:9/api") as opened:
        yield opened


async def test_a_service_out_of_reach_is_told_in_words_and_can_be_asked_again(
    deserted: Stage,
) -> None:
    refused = await deserted.world.moderator.slash(deserted.studio, "reload", model=COLD)

    assert "does not load models at the moment" in said(refused).content


async def test_ids_are_suggested_while_they_are_typed(stage: Stage) -> None:
    await stage.app.services.catalogue.refresh()

    offered = await stage.world.moderator.autocomplete(stage.studio, "reload", "model", "papercot")

    assert COLD in [choice["value"] for choice in offered]
