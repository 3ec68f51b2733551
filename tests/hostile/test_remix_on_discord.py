"""`/remix` where Discord does not do as asked: shown once, or refused privately in words."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.ids import JobId
from bot.sandbox import SandboxServer, SandboxSettings
from tests.discord_server import (
    BOT_PERMISSIONS,
    Permission,
    answer_with,
    drop_connection,
    lose_reply,
)
from tests.factories.pictures import noise
from tests.hostile.rows import drawn, finish
from tests.hostile.stage import Place, Stage, open_stage, short_pauses

PROMPT = "an owl"
FOLLOWUPS = "/webhooks/*/*"
GONE = answer_with(404, 10015)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncGenerator[Stage]:
    with short_pauses():
        async with (
            SandboxServer(SandboxSettings(cheap_pictures=True)) as api,
            open_stage(api, tmp_path / "data") as opened,
        ):
            yield opened


async def remix(stage: Stage, place: Place, **options: Any) -> JobId:
    image = await stage.discord.upload("owl.png", noise(256), channel_id=place.channel_id)
    return await stage.ask(place.where, PROMPT, "remix", image=image, **options)


async def test_where_nothing_may_be_posted_the_acknowledgement_becomes_the_result(stage: Stage):
    place = await stage.place()
    closed = BOT_PERMISSIONS & ~Permission.SEND_MESSAGES
    await stage.discord.set_permissions(place.channel_id, closed)
    job_id = await remix(stage, place)

    outcome = await finish(stage, place, job_id, PROMPT)
    outcome.check(drawn("Send Messages"))
    assert outcome.shown[0].id == outcome.job.acknowledgement_id
    assert not outcome.shown[0].ephemeral


@pytest.mark.parametrize("fault", [answer_with(500), GONE, drop_connection(), lose_reply()])
async def test_an_acknowledgement_that_fails_changes_nothing_about_the_job(
    stage: Stage, fault: Any
):
    place = await stage.place()
    await stage.discord.inject("POST", FOLLOWUPS, fault, times=1)
    job_id = await remix(stage, place)

    outcome = await finish(stage, place, job_id, PROMPT)
    outcome.check(drawn())
    assert outcome.shown[0].id != outcome.job.acknowledgement_id
    assert await stage.discord.requests("POST", FOLLOWUPS)
    if fault == GONE:
        assert outcome.job.acknowledgement_id is None


async def test_an_upload_that_discord_does_not_hand_out_is_refused(stage: Stage):
    place = await stage.place()
    image = await stage.discord.upload("owl.png", noise(256), channel_id=place.channel_id)
    lost = {**image, "url": image["url"].replace("owl.png", "gone.png")}
    used = await stage.discord.slash("remix", {"prompt": PROMPT, "image": lost}, where=place.where)
    answered = await stage.discord.wait_for_answer(used.id)
    core = stage.discord.core
    message_id = answered.message_id or 0

    def told() -> str | None:
        found = core.messages.find_anywhere(message_id)
        record = found.record() if found else None
        return record.content if record and record.ephemeral and not record.loading else None

    words = await core.changes.wait_for(told, 10, "the refusal")
    assert words == "Discord did not hand me that picture. Give it again."
    assert stage.submitted(PROMPT) == 0
    assert stage.ledger(JobId(used.id)) == "nothing"
