"""Quotas as members meet them and as moderators set them."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from bot.domain.job import JobStatus
from tests.acceptance.conftest import OpenStage
from tests.acceptance.stage import SLOW, Stage, job_of, said


async def moderate(stage: Stage, command: str, **options: Any) -> str:
    """Use a subcommand of `/quota` as the server's moderator; return the private answer."""
    answer = said(await stage.world.moderator.slash(stage.studio, f"quota {command}", **options))
    assert answer.ephemeral
    return answer.content


async def refusal(stage: Stage, **options: Any) -> str:
    answer = said(await stage.imagine(**options))
    assert answer.ephemeral
    return answer.content


async def test_a_servers_daily_limit_holds_and_says_when_more_comes(stage: Stage):
    assert "For everybody in this server now" in await moderate(stage, "set", daily_images="2")
    await stage.finished(samples=2)
    words = await refusal(stage)

    assert "Your limit in this server is 2 images in 24 hours; none is left" in words
    assert "You can ask again <t:" in words
    mine = await stage.quota()
    assert "**0** of 2 images left in this server" in mine
    assert "the first come back <t:" in mine


async def test_the_highest_of_a_members_roles_wins(stage: Stage):
    guild = stage.member.guild
    low, high = guild.create_role("low"), guild.create_role("high")
    member = guild.add_member(stage.env.create_user("kim"), roles=[low, high])
    await moderate(stage, "set", daily_images="1")
    await moderate(stage, "set", role=low, daily_images="2")
    await moderate(stage, "set", role=high, daily_images="3")

    for _ in range(3):
        await stage.end_of(await stage.imagine(by=member))
    assert "is 3 images" in said(await stage.imagine(by=member)).content
    await stage.finished()
    assert "is 1 image" in await refusal(stage)


async def test_the_whole_servers_limit_counts_everybody(stage: Stage):
    await moderate(stage, "set", server_images="2")
    await stage.finished()
    await stage.end_of(await stage.imagine(by=stage.world.newcomer))
    assert "for everybody together is 2 images" in await refusal(stage)


async def test_unfinished_jobs_at_once_are_limited_by_the_server(open_with: OpenStage):
    stage = await open_with(SLOW)
    stage.api.pause()
    await moderate(stage, "set", at_once="1")
    asked = await stage.imagine()
    assert "You have 1 unfinished job in this server" in await refusal(stage)
    stage.api.resume()
    await stage.end_of(asked)
    await stage.finished()


async def test_a_cooldown_is_told_with_its_end(stage: Stage):
    await moderate(stage, "set", cooldown="60")
    await stage.finished()
    words = await refusal(stage)
    assert "a pause of 60 seconds" in words
    assert "<t:" in words


async def test_an_exempt_role_is_free_of_the_server_but_not_of_the_operator(
    open_with: OpenStage,
):
    stage = await open_with(user_daily_images=2)
    vip = stage.member.guild.create_role("vip")
    guest = stage.member.guild.add_member(stage.env.create_user("kim"), roles=[vip])
    await moderate(stage, "set", daily_images="0")
    await moderate(stage, "exempt", role=vip)

    assert "Your limit in this server is 0 images" in await refusal(stage)
    await stage.end_of(await stage.imagine(by=guest, samples=2))
    assert "over all servers is 2 images" in said(await stage.imagine(by=guest)).content
    await moderate(stage, "exempt", role=vip, exempt="no")
    assert "in this server" in said(await stage.imagine(by=guest)).content


async def test_a_grant_is_used_once_the_limit_is_reached(stage: Stage):
    await moderate(stage, "set", daily_images="1")
    granted = await moderate(stage, "grant", member=stage.member, images=2)
    assert "may order 2 images beyond the daily limit" in granted
    await stage.finished(samples=3)
    assert "none is left" in await refusal(stage)
    assert f"<@{stage.member.id}>" in await moderate(stage, "show", member=stage.member)


async def test_a_reset_begins_anew_and_survives_a_restart(stage: Stage):
    await moderate(stage, "set", daily_images="1")
    await stage.finished()
    assert "1 image" in await moderate(stage, "reset", member=stage.member)
    await stage.restart()
    await stage.finished()
    assert "none is left" in await refusal(stage)
    audit = said(await stage.world.moderator.slash(stage.studio, "audit")).content
    assert f"reset the quota of <@{stage.member.id}>" in audit


@pytest.mark.parametrize("limit", ["daily_images", "server_images", "at_once", "cooldown"])
async def test_no_limit_clears_and_nonsense_is_refused(stage: Stage, limit: str):
    before = await moderate(stage, "show")
    await moderate(stage, "set", **{limit: "5"})
    assert await moderate(stage, "show") != before
    await moderate(stage, "set", **{limit: "no limit"})
    for nonsense in ("many", "-1", "1e9", "٣\u202e", "@everyone"):
        words = await moderate(stage, "set", **{limit: nonsense})
        assert "That does not work yet" in words
        assert "@everyone" not in words
    await stage.finished()
    await stage.finished()


async def test_members_change_nothing(stage: Stage):
    role = stage.member.guild.create_role("x")
    tries: list[tuple[str, dict[str, Any]]] = [
        ("set", {"daily_images": "9"}),
        ("show", {}),
        ("grant", {"member": stage.member, "images": 9}),
        ("reset", {"member": stage.member}),
        ("exempt", {"role": role}),
    ]
    for command, options in tries:
        answer = said(await stage.member.slash(stage.studio, f"quota {command}", **options))
        assert answer.ephemeral
        assert "for people with Manage Server" in answer.content


async def test_another_servers_rules_do_not_reach_here(stage: Stage):
    elsewhere = stage.env.create_guild("Elsewhere")
    boss = elsewhere.create_role("Boss", permissions=discord.Permissions(manage_guild=True))
    channel = elsewhere.create_text_channel("there")
    outsider = elsewhere.add_member(stage.env.create_user("zoe"), roles=[boss])
    await outsider.slash(channel, "quota set", daily_images="0")

    refused = said(await outsider.slash(channel, "imagine", prompt="a fox")).content
    assert "Your limit in this server is 0 images" in refused
    await stage.finished()


async def test_dear_options_cost_what_the_operator_set_and_it_is_said(open_with: OpenStage):
    stage = await open_with(user_daily_images=5, cost_upscale=1)
    asked = await stage.imagine(samples=2, upscale=2)
    await stage.end_of(asked)
    assert await stage.images_left() == 1
    assert "Counts as 4 images" in said(asked).content
    assert "costs 2 with these options" in await refusal(stage, upscale=2)


async def test_what_was_not_drawn_comes_back(open_with: OpenStage):
    stage = await open_with(SLOW, max_in_flight=1)
    await moderate(stage, "set", daily_images="2")
    stage.api.pause()
    first = job_of(await stage.imagine())
    await stage.until_status(first, JobStatus.PROCESSING)
    second = await stage.imagine()
    assert "none is left" in await refusal(stage)
    await stage.member.click(said(second), label="Cancel")
    assert "**1** of 2 images left" in await stage.quota()
    stage.api.resume()
