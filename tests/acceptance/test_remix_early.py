"""Whoever can have no picture at all is told so before theirs is fetched and decoded."""

from __future__ import annotations

import discord
import pytest

from bot.domain.guild_settings import AllowList, Setting
from tests.acceptance.conftest import OpenStage
from tests.acceptance.remixes import flat, remix, remixed
from tests.acceptance.stage import SLOW, Stage, said


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note every picture that is fetched from Discord."""
    names: list[str] = []

    async def fetch(_: discord.Attachment) -> bytes:
        names.append("a picture")
        return flat()

    monkeypatch.setattr(discord.Attachment, "read", fetch)
    return names


async def test_what_no_picture_could_mend_is_refused_before_one_is_fetched(
    stage: Stage, fetched: list[str]
):
    await stage.decide(Setting.MODELS, AllowList(blocked=("midjourney",)))
    refused = said(await remix(stage))
    assert refused.ephemeral
    assert "`model` is not allowed" in refused.content
    assert fetched == []
    await remixed(stage, model="sdxl", strength=0.5)
    assert fetched == ["a picture"]


@pytest.mark.parametrize("command", ["remix", "inpaint"])
async def test_who_has_no_picture_left_is_refused_before_one_is_fetched(
    open_with: OpenStage, fetched: list[str], command: str
):
    stage = await open_with(user_daily_images=3)
    await stage.finished(samples=2)

    refused = said(await remix(stage, command=command, samples=2))
    assert refused.ephemeral
    assert "1 is left. You asked for 2 pictures." in refused.content
    assert fetched == []

    await stage.finished()
    refused = said(await remix(stage, command=command))
    assert "None is left. You asked for 1 picture." in refused.content
    assert fetched == []


async def test_what_an_option_costs_that_no_remix_has_is_no_reason_to_refuse_one(
    open_with: OpenStage,
):
    stage = await open_with(user_daily_images=1, cost_highres=5)
    await stage.member.slash(stage.studio, "defaults set", option="highres_fix", value="yes")
    await remixed(stage)


async def test_who_waits_for_as_many_as_is_allowed_is_refused_before_one_is_fetched(
    open_with: OpenStage, fetched: list[str]
):
    stage = await open_with(SLOW, user_max_active=1)
    stage.api.pause()
    await stage.imagine()

    refused = said(await remix(stage))
    assert "Wait for one to finish" in refused.content
    assert fetched == []


async def test_the_form_for_a_part_is_refused_before_the_part_is_cut_out(
    open_with: OpenStage, monkeypatch: pytest.MonkeyPatch
):
    waits: list[str] = []

    async def defer(*_: object, **__: object) -> None:
        waits.append("while the picture is worked on")

    stage = await open_with(user_daily_images=1)
    asked = said(await remix(stage, flat(), command="inpaint"))
    await stage.finished()
    monkeypatch.setattr(discord.InteractionResponse, "defer", defer)
    form = await stage.member.click(asked, label="Choose the part")
    sent = await stage.member.submit_modal(form, {"area": ["top"], "percent": "25"})

    assert said(sent).ephemeral
    assert "None is left. You asked for 1 picture." in said(sent).content
    assert waits == []
