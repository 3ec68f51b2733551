"""What moderators decided holds for every way of asking, and members are told what changed."""

from __future__ import annotations

from bot.domain.guild_settings import (
    AllowList,
    Audience,
    Ceilings,
    Place,
    Scope,
    Setting,
)
from bot.domain.job import JobStatus
from bot.domain.strictness import SafetyRule, Strictness
from tests.acceptance.stage import Stage, said


async def test_members_cannot_loosen_the_safety_checker_unless_their_server_says_so(stage: Stage):
    asked = await stage.imagine(safety_checker="no")
    await stage.end_of(asked)

    assert stage.bodies[0]["safety_checker"] == "yes"
    assert "Safety checker: a text instead of the picture" in said(asked).content


async def test_a_channels_rule_is_sent_and_survives_a_restart(stage: Stage):
    here = Place(Scope.CHANNEL, stage.studio.id)
    await stage.decide(Setting.SAFETY, SafetyRule.locked(Strictness.BLACK), here)
    await stage.finished()
    await stage.restart()
    asked = await stage.imagine(safety_checker_type="blur")
    await stage.end_of(asked)

    assert [body["safety_checker_type"] for body in stage.bodies] == ["black", "black"]
    assert "this channel's rule" in said(asked).content


async def test_off_reaches_the_api_only_from_an_age_restricted_channel(stage: Stage):
    await stage.decide(Setting.SAFETY, SafetyRule(level=Strictness.BLUR, loosest=Strictness.OFF))
    await stage.end_of(await stage.imagine(safety_checker="no"))
    adult = stage.world.channel("after-dark")
    await stage.end_of(await stage.member.slash(adult, "imagine", prompt="a", safety_checker="no"))

    assert [body["safety_checker"] for body in stage.bodies] == ["yes", "no"]


async def test_elsewhere_a_member_is_told_privately_where_pictures_are_made(stage: Stage):
    await stage.decide(Setting.CHANNELS, (stage.studio.id,))
    refused = await stage.member.slash(stage.world.channel("general"), "imagine", prompt="a fox")

    assert said(refused).ephemeral
    assert f"<#{stage.studio.id}>" in said(refused).content
    assert await stage.images_left() == 100
    await stage.finished()


async def test_a_blocked_model_is_refused_also_under_again(stage: Stage):
    job = await stage.finished(model="sdxl")
    await stage.decide(Setting.MODELS, AllowList(blocked=("sdxl",)))
    pressed = await stage.member.click(stage.message(job), label="Again")
    typed = await stage.imagine(model="sdxl")

    for refused in (pressed, typed):
        assert said(refused).ephemeral
        assert "not allowed in this server" in said(refused).content
    assert len(stage.bodies) == 1


async def test_a_ceiling_refuses_what_is_typed_and_lowers_what_is_made_again(stage: Stage):
    job = await stage.finished(samples=4)
    await stage.decide(Setting.CEILINGS, Ceilings(samples=2))
    typed = await stage.imagine(samples=4)
    pressed = await stage.member.click(stage.message(job), label="Again")
    await stage.end_of(pressed)

    assert "must be at most 2 in this server" in said(typed).content
    assert "Brought within this server's limits: samples" in said(pressed).content
    assert [body["samples"] for body in stage.bodies] == ["4", "2"]


async def test_the_servers_defaults_stand_in_for_what_a_member_leaves_out(stage: Stage):
    await stage.decide(Setting.DEFAULTS, {"model_id": "sdxl", "num_inference_steps": 21})
    here = Place(Scope.CHANNEL, stage.studio.id)
    await stage.decide(Setting.DEFAULTS, {"num_inference_steps": 41}, here)
    await stage.finished()
    await stage.finished(steps=51)

    sent = [(body["model_id"], body["num_inference_steps"]) for body in stage.bodies]
    assert sent == [("sdxl", "41"), ("sdxl", "51")]


async def test_private_progress_shows_the_channel_nothing_but_the_pictures(stage: Stage):
    await stage.decide(Setting.PROGRESS, Audience.REQUESTER)
    before = len(stage.messages())
    asked = await stage.imagine()
    job = await stage.end_of(asked)

    assert said(asked).ephemeral
    assert job.status is JobStatus.DELIVERED
    shown = [message for message in stage.studio.history() if message.id != job.acknowledgement_id]
    assert len(shown) == before + 1
    assert stage.message(job).reference is None


async def test_parameters_stay_with_their_owner_where_the_server_says_so(stage: Stage):
    job = await stage.finished()
    await stage.decide(Setting.REUSE, Audience.REQUESTER)
    stranger = stage.world.newcomer
    for label in ("Again", "Details"):
        refused = await stranger.click(stage.message(job), label=label)
        assert said(refused).ephemeral
        assert "only the person who asked" in said(refused).content
    mine = await stage.member.click(stage.message(job), label="Details")
    assert "seed" in said(mine).content
