"""What the channel sees of a job, from the command to the link that is left of it."""

from __future__ import annotations

import dataclasses
import re

import pytest
from simcord.results import InteractionResult

from bot.domain.guild_settings import Setting
from bot.domain.job import JobStatus
from bot.sandbox import Fault
from tests.acceptance import stage as scenery
from tests.acceptance.conftest import OpenStage
from tests.acceptance.stage import SLOW, Stage, job_of, said

READY_SOON = r"ready (<t:\d+:R>|any moment)"


def buttons_of(asked: InteractionResult) -> list[str]:
    """Return the labels of the buttons below the bot's answer."""
    return [each["label"] for row in said(asked).components for each in row["components"]]


def edits_so_far(stage: Stage) -> int:
    return sum(request.method == "PATCH" for request in stage.env.http_requests)


async def test_one_message_tells_of_waiting_drawing_and_the_end(open_with: OpenStage) -> None:
    stage = await open_with(SLOW, max_in_flight=1)
    stage.api.pause()
    first = await stage.imagine("first", by=stage.world.newcomer)
    await stage.until_status(job_of(first), JobStatus.PROCESSING)
    await stage.app.progress.round()
    assert re.search(rf"🖌️ \*\*Drawing\*\* [▰▱]{{4}}▱ · {READY_SOON}$", said(first).content)

    asked = await stage.imagine("a ((red)) fox", size="wide", samples=2)
    member, options, progress = said(asked).content.splitlines()
    assert member == f"🎨 {stage.member.mention} — a ((red)) fox"
    assert options == "-# 1024x576 · samples 2"
    assert re.fullmatch(rf"⏳ \*\*Waiting\*\* · you are next · {READY_SOON}", progress)
    assert buttons_of(asked) == ["Cancel"]

    stage.api.resume()
    await stage.end_of(first)
    job = await stage.end_of(asked)
    await stage.app.progress.round()
    assert re.fullmatch(
        rf"-# ✅ Done: a \(\(red\)\) fox · \[see it\]\(.*/{job.message_id}\)", said(asked).content
    )
    assert buttons_of(asked) == []


async def test_a_message_is_edited_only_when_it_would_say_something_else(
    open_with: OpenStage,
) -> None:
    stage = await open_with(SLOW)
    stage.api.pause()
    asked = await stage.imagine()
    await stage.until_status(job_of(asked), JobStatus.PROCESSING)
    await stage.app.progress.round()
    edits = edits_so_far(stage)
    for _ in range(5):
        await stage.app.progress.round()
    assert edits_so_far(stage) == edits
    stage.api.resume()
    await stage.end_of(asked)


async def test_fetching_is_told_and_can_no_longer_be_cancelled(
    open_with: OpenStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = dataclasses.replace(scenery.BRISK, link_retry_seconds=(0.1,) * 100)
    monkeypatch.setattr(scenery, "BRISK", patient)
    stage = await open_with(SLOW)
    stage.api.script("", Fault.LINK_404, count=30)
    asked = await stage.imagine()
    await stage.until_status(job_of(asked), JobStatus.READY)

    await stage.app.progress.round()

    assert said(asked).content.endswith("📥 **Fetching** · drawn, and on its way here")
    assert buttons_of(asked) == []
    assert (await stage.end_of(asked)).status is JobStatus.DELIVERED


@pytest.mark.parametrize("restarts", [0, 1])
async def test_what_was_remarked_on_stays_while_the_message_is_edited(
    open_with: OpenStage, restarts: int
) -> None:
    stage = await open_with(SLOW)
    await stage.decide(
        Setting.DEFAULTS,
        {"scheduler": "DPMSolverMultistepScheduler", "algorithm_type": "dpmsolver+++"},
    )
    stage.api.pause()
    asked = await stage.imagine(scheduler="EulerDiscreteScheduler")
    remark = "-# Left out, since your other options rule it out: algorithm_type"
    assert remark in said(asked).content

    await stage.until_status(job_of(asked), JobStatus.PROCESSING)
    for _ in range(restarts):
        await stage.restart()
    await stage.app.progress.round()

    assert "**Drawing**" in said(asked).content
    assert remark in said(asked).content
    stage.api.resume()
    await stage.end_of(asked)


async def test_after_a_restart_the_message_goes_on_and_can_be_cancelled(
    open_with: OpenStage,
) -> None:
    stage = await open_with(SLOW, max_in_flight=1)
    stage.api.pause()
    first = await stage.imagine("first")
    await stage.until_status(job_of(first), JobStatus.PROCESSING)
    second = await stage.imagine("second")

    await stage.restart()
    await stage.app.progress.round()
    assert "**Drawing**" in said(first).content
    assert "you are next" in said(second).content

    await stage.member.click(said(second), label="Cancel")
    assert "Cancelled (not counted): second" in said(second).content
    stage.api.resume()
    await stage.end_of(first)
    await stage.app.progress.round()
    assert said(first).content.startswith("-# ✅ Done: first")


async def test_every_picture_is_described_in_words(stage: Stage) -> None:
    job = await stage.finished("a ((red)) fox", samples=3)
    descriptions = [each.description for each in stage.message(job).attachments]
    assert descriptions == [
        f"Picture {n} of 3. Generated from the prompt: a ((red)) fox" for n in (1, 2, 3)
    ]
