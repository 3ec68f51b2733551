"""`/queue` and `/cancel`: what one waits for, in private, and taking it back."""

from __future__ import annotations

from typing import Any

import pytest
import simcord
from simcord.results import ResponseMessage

from bot.domain.job import JobStatus
from bot.errors import ProviderSuspended
from tests.acceptance.conftest import OpenStage
from tests.acceptance.stage import SLOW, Stage, is_over, job_of, said
from tests.acceptance.test_hostile_texts import HOSTILE


async def waiting_stage(open_with: OpenStage, *prompts: str) -> Stage:
    """Open a community where the first of these is being drawn and the others wait."""
    stage: Stage = await open_with(SLOW, max_in_flight=1)
    stage.api.pause()
    first, *others = prompts
    await stage.until_status(job_of(await stage.imagine(first)), JobStatus.PROCESSING)
    for prompt in others:
        await stage.imagine(prompt)
    return stage


async def queue(stage: Stage, by: simcord.MemberActor | None = None) -> ResponseMessage:
    answer = said(await (by or stage.member).slash(stage.studio, "queue"))
    assert answer.ephemeral
    return answer


def menu(page: ResponseMessage) -> dict[str, Any]:
    return page.components[0]["components"][0]


def offered(page: ResponseMessage) -> list[str]:
    """What the menu offers to cancel."""
    return [each["label"] for each in menu(page).get("options", [])]


async def test_with_nothing_open_it_says_so_and_how_busy_the_bot_is(stage: Stage) -> None:
    page = await queue(stage)

    assert "You have nothing in the queue." in page.content
    assert "Of everybody: 0 waiting, 0 being drawn" in page.content
    assert offered(page) == []


async def test_own_jobs_stand_there_with_their_place_and_a_link(open_with: OpenStage) -> None:
    stage = await waiting_stage(open_with, "an owl", "a fox", "a bear")

    page = await queue(stage)

    bear, fox, owl = (
        page.content.split("\n-# Of everybody")[0].split("\n", 1)[1].split("\n-# ")[1:][:3]
    )
    assert "1 before you" in bear
    assert "you are next" in fox
    assert "Drawing" in owl
    assert "Of everybody: 2 waiting, 1 being drawn" in page.content
    assert page.content.count(f"https://discord.com/channels/{stage.guild_id}/") == 3
    assert page.content.count("ready <t:") == 3
    assert offered(page) == ["a bear", "a fox", "an owl"]


async def test_others_see_how_many_wait_and_nothing_of_whose(open_with: OpenStage) -> None:
    stage = await waiting_stage(open_with, "a secret owl", "a fox")

    page = await queue(stage, by=stage.world.newcomer)

    assert "owl" not in page.content
    assert "1 waiting, 1 being drawn" in page.content
    assert offered(page) == []


async def test_one_is_cancelled_from_the_menu_after_a_restart_too(open_with: OpenStage) -> None:
    stage = await waiting_stage(open_with, "an owl", "a fox", "a bear")
    page = await queue(stage)
    fox = next(each for each in menu(page)["options"] if each["label"] == "a fox")

    await stage.restart()
    await stage.member.select(page, [fox["value"]], custom_id=menu(page)["custom_id"])

    assert "Cancelled (not counted): a fox" in page.content
    assert offered(page) == ["a bear", "an owl"]
    stage.api.resume()
    await stage.until_status(job_of_prompt(page, "a bear"), JobStatus.DELIVERED)
    assert sorted(body["prompt"] for body in stage.bodies) == ["a bear", "an owl"]


def job_of_prompt(page: ResponseMessage, prompt: str) -> Any:
    return int(next(e["value"] for e in menu(page)["options"] if e["label"] == prompt))


async def test_looking_again_shows_what_has_become_of_them(stage: Stage) -> None:
    page = await queue(stage)
    stage.api.pause()
    asked = await stage.imagine("an owl")
    button = page.components[-1]["components"][0]["custom_id"]

    await stage.member.click(page, custom_id=button)
    assert "an owl" in page.content

    stage.api.resume()
    await stage.end_of(asked)
    await stage.member.click(page, custom_id=page.components[-1]["components"][0]["custom_id"])
    assert "You have nothing in the queue." in page.content


async def test_cancel_takes_the_newest_back(open_with: OpenStage) -> None:
    stage = await waiting_stage(open_with, "an owl", "a fox", "a bear")

    first = said(await stage.member.slash(stage.studio, "cancel"))
    second = said(await stage.member.slash(stage.studio, "cancel"))
    third = said(await stage.member.slash(stage.studio, "cancel"))
    none = said(await stage.member.slash(stage.studio, "cancel"))

    assert "Cancelled (not counted): a bear" in first.content
    assert "Cancelled (not counted): a fox" in second.content
    assert "it counts; nothing will be shown" in third.content
    assert "an owl" in third.content
    assert "You have no unfinished job to cancel." in none.content
    assert all(answer.ephemeral for answer in (first, second, third, none))
    assert await stage.images_left() == 99
    assert offered(await queue(stage)) == []


async def test_cancel_takes_the_chosen_one_back(open_with: OpenStage) -> None:
    stage = await waiting_stage(open_with, "an owl", "a fox", "a bear")
    choices = await stage.member.autocomplete(stage.studio, "cancel", "job", "FOX")
    assert [each["name"] for each in choices] == ["waiting: a fox"]

    answer = await stage.member.slash(stage.studio, "cancel", job=choices[0]["value"])

    assert "Cancelled (not counted): a fox" in said(answer).content
    assert offered(await queue(stage)) == ["a bear", "an owl"]


async def test_nobody_is_offered_or_may_cancel_what_is_not_theirs(open_with: OpenStage) -> None:
    stage = await waiting_stage(open_with, "an owl", "a fox")
    (fox, *_) = await stage.member.autocomplete(stage.studio, "cancel", "job", "fox")
    for somebody in (stage.world.newcomer, stage.world.moderator):
        assert await somebody.autocomplete(stage.studio, "cancel", "job", "") == []
        answer = said(await somebody.slash(stage.studio, "cancel", job=fox["value"]))
        assert answer.ephemeral
        assert "Only the person who asked" in answer.content

    assert "a fox" in (await queue(stage)).content


@pytest.mark.parametrize("text", [*HOSTILE.values(), "0", "9" * 100, "-1", "१२३", "1e9"])
async def test_what_is_no_job_is_refused_in_words(stage: Stage, text: str) -> None:
    text = text[:100]
    assert await stage.member.autocomplete(stage.studio, "cancel", "job", text) == []

    answer = said(await stage.member.slash(stage.studio, "cancel", job=text))

    assert answer.ephemeral
    assert "`job` is no unfinished job of yours" in answer.content or (
        "I no longer know this job" in answer.content
    )


async def test_a_finished_job_is_too_late_to_cancel(stage: Stage) -> None:
    job = await stage.finished()
    answer = said(await stage.member.slash(stage.studio, "cancel", job=str(job.id)))
    assert "too late to cancel" in answer.content


async def test_a_pause_of_the_service_is_told(open_with: OpenStage) -> None:
    stage = await waiting_stage(open_with, "an owl", "a fox")
    stage.app.machine.gate.note_error(ProviderSuspended("no money"))

    page = await queue(stage)

    assert "⏸️ Nothing goes out at the moment, which is not your fault." in page.content
    assert "no money" not in page.content


async def test_hostile_prompts_stand_in_the_queue_as_they_were_typed(open_with: OpenStage) -> None:
    texts = [text for text in HOSTILE.values() if text.strip()]
    stage = await open_with(SLOW, max_in_flight=1, user_max_active=100, user_daily_images=1000)
    stage.api.pause()
    for text in texts:
        await stage.imagine(text[:2000])

    page = await queue(stage)

    assert len(page.content) <= 2000
    assert len(offered(page)) <= 25
    assert "@everyone" not in page.content
    choices = await stage.member.autocomplete(stage.studio, "cancel", "job", "")
    assert all(0 < len(choice["name"]) <= 100 for choice in choices)
    stage.api.resume()
    for job in await stage.app.services.jobs.open_of(stage.member.id):  # type: ignore[arg-type]
        await stage.until(job.id, is_over)
