"""`/quota`: members see their own, moderators decide their server's and nobody else's."""

from __future__ import annotations

from typing import Any

import discord
import pytest
import simcord
from simcord.results import InteractionResult

from bot.domain.audit import Act
from bot.domain.guild_settings import Setting
from bot.domain.ids import GuildId
from bot.domain.job import JobStatus
from tests.acceptance.conftest import OpenStage
from tests.acceptance.stage import QUICK, SLOW, Stage, job_of, said

NOT_YOURS = "This is for people with Manage Server here"


async def quota(
    stage: Stage, what: str, /, *, by: simcord.MemberActor | None = None, **options: Any
) -> str:
    """Use a moderator's command; return the answer, which is private."""
    answer = said(
        await (by or stage.world.moderator).slash(stage.studio, f"quota {what}", **options)
    )
    assert answer.ephemeral
    return answer.content


async def limit(stage: Stage, **options: Any) -> str:
    return await quota(stage, "set", **options)


def refusal(asked: InteractionResult) -> str:
    answer = said(asked)
    assert answer.ephemeral, answer.content
    return answer.content


def a_role(stage: Stage, name: str = "Painter") -> simcord.RoleHandle:
    return stage.member.guild.create_role(name)


def a_member_with(stage: Stage, role: simcord.RoleHandle) -> simcord.MemberActor:
    return stage.member.guild.add_member(stage.env.create_user("kai"), roles=[role])


async def acts(stage: Stage) -> list[Act]:
    page = await stage.app.stores.audit.page(GuildId(stage.guild_id))
    return [entry.act for entry in page]


async def test_a_member_sees_a_bar_what_is_left_and_when_more_comes_back(stage: Stage):
    await limit(stage, daily_images="4", server_images="20", at_once="2", cooldown="1")
    await stage.finished(samples=3)

    said_to_member = await stage.quota()

    assert "`███░░░░░░░` **1** of 4 images left in this server · the first come back <t:" in (
        said_to_member
    )
    assert "**17** of 20 images left for everybody in this server together" in said_to_member
    assert "**97** of 100 images left over all servers" in said_to_member
    assert "Together that lets you order **1** now." in said_to_member
    assert "In this server: 0 of 2 at once" in said_to_member
    assert "Pause between two requests: 1 second" in said_to_member


async def test_more_than_the_server_s_daily_limit_is_refused_in_words(stage: Stage):
    assert "now: 3 images a member in 24 hours." in await limit(stage, daily_images="3")
    await stage.finished(samples=2)

    words = refusal(await stage.imagine(samples=2))

    assert (
        "Your limit in this server is 3 images in 24 hours. 1 is left. You asked for 2 pictures."
        in (words)
    )
    assert "You can ask again <t:" in words
    assert len(stage.bodies) == 1
    await stage.finished()


async def test_what_the_whole_server_used_up_is_refused_to_everybody(stage: Stage):
    await limit(stage, server_images="2")
    await stage.finished(samples=2)

    words = refusal(await stage.imagine(by=stage.world.newcomer))

    assert "this server for everybody together is 2 images in 24 hours. None is left." in words
    assert "You can ask again <t:" in words


async def test_too_many_jobs_at_once_in_the_server_are_refused(open_with: OpenStage):
    stage = await open_with(SLOW)
    await limit(stage, at_once="1", daily_images="10")
    stage.api.pause()
    first = await stage.imagine()

    words = refusal(await stage.imagine())

    assert "You have 1 unfinished job in this server. 1 at once is allowed." in words
    assert "You have 9 images left." in words
    stage.api.resume()
    await stage.end_of(first)
    await stage.finished()


async def test_a_pause_between_requests_is_kept_and_told(stage: Stage):
    await limit(stage, cooldown="3600")
    await stage.finished()

    words = refusal(await stage.imagine())

    assert "a pause of 3,600 seconds between your requests. You have 99 images left." in words
    assert "You can ask again <t:" in words
    assert "over <t:" in await stage.quota()
    await stage.finished(by=stage.world.newcomer)


async def test_pictures_again_count_like_any_other(stage: Stage):
    await limit(stage, daily_images="1")
    job = await stage.finished()

    pressed = await stage.member.click(stage.message(job), label="Again")

    assert "Your limit in this server is 1 image in 24 hours" in refusal(pressed)


async def test_a_role_stands_in_the_place_of_the_server(stage: Stage):
    booster = a_role(stage)
    member = a_member_with(stage, booster)
    await limit(stage, daily_images="1")
    assert f"For <@&{booster.id}> now: 3 images a member" in await limit(
        stage, role=booster, daily_images="3"
    )

    assert await stage.images_left(member) == 3
    assert await stage.images_left() == 1
    assert "as the server has it" in await limit(stage, role=booster, daily_images="As the server")
    assert await stage.images_left(member) == 1
    await limit(stage, role=booster, daily_images="no limit")
    assert "**100** of 100 images left" in await stage.quota(member)


async def test_of_several_roles_the_most_generous_counts(stage: Stage):
    low, high = a_role(stage, "low"), a_role(stage, "high")
    member = stage.member.guild.add_member(stage.env.create_user("kim"), roles=[low, high])
    await limit(stage, daily_images="1")
    await limit(stage, role=low, daily_images="2")
    await limit(stage, role=high, daily_images="3")

    for _ in range(3):
        await stage.finished(by=member)
    assert "is 3 images" in refusal(await stage.imagine(by=member))
    await stage.finished()
    assert "is 1 image" in refusal(await stage.imagine())


async def test_an_exempt_role_is_free_of_the_server_s_limits_and_not_of_the_operator_s(
    open_with: OpenStage,
):
    stage = await open_with(QUICK, user_daily_images=2)
    staff = a_role(stage)
    member = a_member_with(stage, staff)
    await limit(stage, daily_images="0", cooldown="3600")
    refusal(await stage.imagine(by=member))

    assert "operator still hold" in await quota(stage, "exempt", role=staff)
    await stage.finished(by=member)
    await stage.finished(by=member)
    assert "over all servers is 2 images" in refusal(await stage.imagine(by=member))
    assert "hold for" in await quota(stage, "exempt", role=staff, exempt="no")
    assert "**0** of 0 images left in this server" in await stage.quota(member)


async def test_no_limit_takes_a_limit_away(stage: Stage):
    await limit(stage, daily_images="0", cooldown="60")
    assert "60 seconds between two requests" in await limit(stage, daily_images="No limit")
    await stage.finished()
    await limit(stage, cooldown="no limit")
    await stage.finished()


async def test_extra_images_are_given_used_after_the_limit_and_told(stage: Stage):
    await limit(stage, daily_images="1")
    given = await quota(stage, "grant", member=stage.member, images=2, hours=1)
    assert f"<@{stage.member.id}> may order 2 images beyond the daily limit" in given
    assert "<t:" in given

    assert "Extra images from moderators: 2 until <t:" in await stage.quota()
    await stage.finished()
    await stage.finished()
    assert "Extra images from moderators: 1 until" in await stage.quota()
    await stage.finished()
    assert "in this server is 1 image" in refusal(await stage.imagine())
    assert "**0** of 1 image left" in await stage.quota()
    refusal(await stage.imagine(by=stage.world.newcomer, samples=2))


async def test_extra_images_come_back_when_nothing_came_of_the_job(open_with: OpenStage):
    stage = await open_with(SLOW, max_in_flight=1)
    await limit(stage, daily_images="1")
    await quota(stage, "grant", member=stage.member, images=3)
    stage.api.pause()
    await stage.imagine()
    waiting = await stage.imagine(samples=2)
    assert "Extra images from moderators: 1 until" in await stage.quota()

    await stage.member.click(said(waiting), label="Cancel")

    assert "Extra images from moderators: 3 until" in await stage.quota()
    stage.api.resume()


async def test_a_reset_lets_a_member_begin_anew(stage: Stage):
    await limit(stage, daily_images="2", cooldown="3600")
    await stage.finished(samples=2)
    refusal(await stage.imagine())

    told = await quota(stage, "reset", member=stage.member)

    assert f"2 images of <@{stage.member.id}> no longer count in this server." in told
    await stage.finished(samples=2)
    assert "Nothing counted" in await quota(stage, "reset", member=stage.world.newcomer)


async def test_moderators_see_a_member_s_quota_but_nothing_of_other_servers(stage: Stage):
    booster = a_role(stage)
    member = a_member_with(stage, booster)
    await limit(stage, role=booster, daily_images="5")
    await stage.finished(by=member, samples=2)

    shown = await quota(stage, "show", member=member)

    assert f"Quota of <@{member.id}> in this server" in shown
    assert "**3** of 5 images left" in shown
    assert "all servers" not in shown
    assert " 100 " not in shown
    other = await quota(stage, "show", member=stage.world.newcomer)
    assert "No daily limit holds for them here; 0 images in the last 24 hours." in other


async def test_moderators_see_the_rules_and_what_was_used(stage: Stage):
    assert "Everybody: no limit" in await quota(stage, "show")
    booster = a_role(stage)
    await limit(stage, daily_images="10", server_images="50", at_once="1", cooldown="30")
    await limit(stage, role=booster, daily_images="no limit", at_once="4")
    await quota(stage, "exempt", role=booster)
    await stage.finished(samples=2)

    shown = await quota(stage, "show")

    assert (
        "Everybody: 10 images a member in 24 hours · 50 images for everybody together in 24 hours"
        " · 1 unfinished job at once a member · 30 seconds between two requests of a member"
    ) in shown
    assert f"<@&{booster.id}>: unlimited images a member" in shown
    assert f"Free of these limits: <@&{booster.id}>" in shown
    assert "Used in the last 24 hours: 2 images" in shown


MODERATORS_COMMANDS: list[tuple[str, dict[str, Any]]] = [
    ("show", {}),
    ("show", {"member": True}),
    ("set", {"daily_images": "1"}),
    ("set", {"role": True, "server_images": "1"}),
    ("grant", {"member": True, "images": 5}),
    ("reset", {"member": True}),
    ("exempt", {"role": True}),
]
COMMANDS = pytest.mark.parametrize(
    ("command", "options"), MODERATORS_COMMANDS, ids=[f"{c} {o}" for c, o in MODERATORS_COMMANDS]
)


def about(options: dict[str, Any], member: Any, role: Any) -> dict[str, Any]:
    """Put somebody and something in the places that ask for them."""
    real = {"member": member, "role": role}
    return {name: real.get(name, value) for name, value in options.items()}


@COMMANDS
async def test_members_may_decide_nothing(stage: Stage, command: str, options: dict[str, Any]):
    role = a_role(stage)
    options = about(options, stage.member, role)

    assert NOT_YOURS in await quota(stage, command, by=stage.member, **options)
    assert await acts(stage) == []
    assert "**100** of 100 images left" in await stage.quota()


@COMMANDS
async def test_a_moderator_of_another_server_decides_nothing_here(
    stage: Stage, command: str, options: dict[str, Any]
):
    elsewhere = stage.env.create_guild("Elsewhere")
    powers = discord.Permissions(manage_guild=True)
    boss = elsewhere.create_role("Boss", permissions=powers)
    user = stage.env.create_user("zoe")
    theirs, here = elsewhere.add_member(user, roles=[boss]), stage.member.guild.add_member(user)
    guest = elsewhere.add_member(stage.env.create_user("guest"))
    room = elsewhere.create_text_channel("room")
    role = a_role(stage)
    before = await stage.quota()

    assert NOT_YOURS in await quota(stage, command, by=here, **about(options, stage.member, role))
    there = about(options, guest, boss)
    if there.get("server_images"):
        there.pop("role")
    assert NOT_YOURS not in said(await theirs.slash(room, f"quota {command}", **there)).content

    assert await acts(stage) == []
    assert await stage.quota() == before


async def test_another_server_s_rules_do_not_reach_here(stage: Stage):
    elsewhere = stage.env.create_guild("Elsewhere")
    boss = elsewhere.create_role("Boss", permissions=discord.Permissions(manage_guild=True))
    room = elsewhere.create_text_channel("there")
    outsider = elsewhere.add_member(stage.env.create_user("zoe"), roles=[boss])
    await outsider.slash(room, "quota set", daily_images="0")

    refused = await outsider.slash(room, "imagine", prompt="a fox")
    assert "Your limit in this server is 0 images" in refusal(refused)
    await stage.finished()


async def test_a_role_that_moderates_the_bot_may_decide_quotas(stage: Stage):
    helper = a_role(stage)
    member = a_member_with(stage, helper)
    assert NOT_YOURS in await quota(stage, "set", by=member, daily_images="2")
    await stage.decide(Setting.MODERATORS, (helper.id,))
    assert "2 images" in await quota(stage, "set", by=member, daily_images="2")


async def test_every_act_is_in_the_audit(stage: Stage):
    role = a_role(stage)
    await limit(stage, daily_images="3")
    await quota(stage, "exempt", role=role)
    await quota(stage, "grant", member=stage.member, images=2)
    await quota(stage, "reset", member=stage.member)
    assert await acts(stage) == [Act.QUOTA_RESET, Act.QUOTA_GRANTED, Act.SET, Act.SET]
    listed = said(await stage.world.moderator.slash(stage.studio, "audit")).content
    assert f"reset the quota of <@{stage.member.id}>" in listed


async def test_in_direct_messages_there_is_nothing_to_moderate(stage: Stage):
    user = stage.env.create_user("dora")
    answer = said(await user.slash("quota set", daily_images="5"))
    assert answer.ephemeral
    assert NOT_YOURS in answer.content


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "Say what to set: `daily_images`, `server_images`, `at_once`, `cooldown`."),
        ({"daily_images": "many"}, "`daily_images` must be a whole number from 0 to 1000000, or"),
        ({"daily_images": "-1"}, "`daily_images` must be a whole number from 0"),
        ({"daily_images": "1000001"}, "`daily_images` must be a whole number from 0"),
        ({"daily_images": "٣"}, "`daily_images` must be a whole number"),
        ({"at_once": "0"}, "`at_once` must be a whole number from 1"),
        ({"cooldown": "86401"}, "`cooldown` must be a whole number from 1 to 86400"),
        ({"cooldown": "as the server"}, "or “no limit”"),
        ({"daily_images": "<@1> `*`\u202e"}, "`daily_images` must be a whole number"),
    ],
    ids=str,
)
async def test_what_is_no_limit_is_refused_in_words(
    stage: Stage, options: dict[str, Any], words: str
):
    assert words in await limit(stage, **options)
    assert await acts(stage) == []


async def test_a_server_s_total_is_not_set_for_a_role(stage: Stage):
    role = a_role(stage)
    said_to_moderator = await limit(stage, role=role, server_images="5")
    assert "`server_images` holds for the whole server; leave the role out" in said_to_moderator


async def test_the_words_that_can_be_chosen_are_offered(stage: Stage):
    role = a_role(stage)
    moderator, studio = stage.world.moderator, stage.studio
    offered = await moderator.autocomplete(studio, "quota set", "daily_images", "20")
    assert [each["value"] for each in offered] == ["20", "no limit"]
    offered = await moderator.autocomplete(studio, "quota set", "cooldown", "", role=role)
    assert [each["value"] for each in offered] == ["no limit", "as the server"]


async def test_dear_options_are_told_charged_and_given_back(open_with: OpenStage):
    stage = await open_with(SLOW, cost_panorama=2, cost_upscale=1, max_in_flight=1)
    stage.api.pause()
    plain = await stage.imagine()
    dear = await stage.imagine(samples=2, panorama="yes")
    assert "Counts as" not in said(plain).content
    assert "Counts as 6 images, with these options." in said(dear).content
    assert await stage.images_left() == 93
    assert "more with some options: `upscale` +1, `panorama` +2." in await stage.quota()

    await stage.member.click(said(dear), label="Cancel")
    assert await stage.images_left() == 99
    stage.api.resume()
    await stage.until_status(job_of(plain), JobStatus.DELIVERED)


async def test_rules_grants_and_use_survive_a_restart(stage: Stage):
    await limit(stage, daily_images="1")
    await quota(stage, "grant", member=stage.member, images=2)
    await stage.finished(samples=2)
    before = await stage.quota()
    await stage.restart()
    assert await stage.quota() == before
    assert "Extra images from moderators: 1 until" in before
