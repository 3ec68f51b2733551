"""`/stats` tells the moderators of a server, and nobody else, how it uses the bot."""

from __future__ import annotations

import io
from typing import Any

import discord
import pytest
import simcord
from PIL import Image
from simcord.results import ResponseMessage

from bot.domain.asker import Asker
from bot.domain.guild_settings import Setting
from bot.domain.ids import GuildId, UserId
from bot.sandbox import Fault
from tests.acceptance.stage import Stage, said

REFUSED = "This is for people with Manage Server here, or with a role they named."


async def stats_for(
    stage: Stage,
    by: simcord.MemberActor,
    channel: simcord.ChannelHandle | None = None,
    **options: Any,
) -> ResponseMessage:
    return said(await by.slash(channel or stage.studio, "stats", **options))


async def make_some_history(stage: Stage) -> None:
    """Two pictures for one job of Mia's, none for another of hers, one for a job of Nova's."""
    stage.api.script("broken", Fault.MODEL_NOT_FOUND)
    await stage.finished(samples=2, model="dreamshaper-v8")
    await stage.end_of(await stage.imagine("broken", model="dreamshaper-v8"))
    await stage.finished(by=stage.world.newcomer)


async def test_a_moderator_sees_the_numbers_privately_and_pings_nobody(stage: Stage) -> None:
    await make_some_history(stage)

    answer = await stats_for(stage, stage.world.moderator, period="day")

    assert answer.ephemeral
    lines = answer.content.splitlines()
    assert lines[:3] == [
        "📊 **This server in the last 24 hours**",
        "**3 jobs** · 2 members · **3 pictures**",
        "✅ 2 (67 %) delivered · ⚠️ 1 (33 %) without a picture · ✖️ 0 (0 %) cancelled",
    ]
    assert lines[3].startswith("⏱️ From asking to pictures: median **")
    assert lines[4:] == [
        "**Without a picture, because**",
        "- 1 × the image service does not have this model ready; try another",
        "**Models**",
        "1. `dreamshaper-v8` 2 jobs, 2 pictures",
        "2. `midjourney` 1 job, 1 picture",
        "**Members**",
        f"1. {stage.member.mention} 2 jobs, 2 pictures",
        f"2. {stage.world.newcomer.mention} 1 job, 1 picture",
    ]
    sent = [entry.json for entry in stage.env.http_requests if isinstance(entry.json, dict)]
    told = next(body for body in sent if body.get("content") == answer.content)
    assert told["allowed_mentions"] == {"parse": []}


async def test_a_model_named_to_do_harm_is_shown_harmlessly(stage: Stage) -> None:
    model = "@everyone`<@1>**日本🦊" + "x" * 70
    await stage.end_of(await stage.imagine(model=model))

    answer = await stats_for(stage, stage.world.moderator)

    (line,) = [line for line in answer.content.splitlines() if line.startswith("1. `")]
    assert (
        line
        == "1. `@\u200beveryone'<\u200b@\u200b1>**日本🦊xxxxxxxxxxxxxxxxxxxx…` 1 job, 0 pictures"
    )
    assert len(answer.attachments) == 1


async def test_the_chart_is_a_picture_with_the_numbers_in_its_alt_text(stage: Stage) -> None:
    await make_some_history(stage)

    answer = await stats_for(stage, stage.world.moderator)

    (attached,) = answer.attachments
    assert attached.filename == "stats-week.png"
    assert "2 delivered, 1 without a picture, 0 cancelled" in (attached.description or "")
    assert "today: 3" in (attached.description or "")
    assert Image.open(io.BytesIO(await attached.read())).format == "PNG"


async def offer_to(stage: Stage, role: simcord.RoleHandle) -> None:
    """Let a role see the command, as a server's settings under Integrations can."""
    commands = await stage.app.bot.tree.fetch_commands()
    command = next(each for each in commands if each.name == "stats")
    stage.member.guild.set_command_permissions(command, {role: True})


async def test_members_are_not_offered_it(stage: Stage) -> None:
    with pytest.raises(simcord.SetupError, match="not visible to this user"):
        await stats_for(stage, stage.member)


async def test_nobody_is_offered_it_in_direct_messages(stage: Stage) -> None:
    with pytest.raises(simcord.SetupError, match="not visible to this user"):
        await stage.world.moderator.user.slash("stats")


async def test_a_member_is_refused_in_words_and_nothing_is_told(stage: Stage) -> None:
    await stage.finished()
    await offer_to(stage, stage.member.guild.default_role)

    answer = await stats_for(stage, stage.member)

    assert (answer.content, answer.ephemeral, answer.attachments) == (REFUSED, True, [])


async def test_a_role_that_the_server_named_may_ask(stage: Stage) -> None:
    guild = stage.member.guild
    curators = guild.create_role("Curator")
    curator = guild.add_member(stage.env.create_user("cleo"), roles=[curators])
    await offer_to(stage, curators)
    assert (await stats_for(stage, curator)).content == REFUSED

    owner = Asker(user_id=UserId(1), guild_id=GuildId(guild.id), manages_server=True)
    await stage.app.services.guild_settings.put(owner, Setting.MODERATORS, [curators.id])

    assert "No picture was asked for." in (await stats_for(stage, curator)).content


async def test_the_moderator_of_another_server_sees_their_own_only(stage: Stage) -> None:
    await make_some_history(stage)
    elsewhere = stage.env.create_guild("Elsewhere")
    ruling = elsewhere.create_role("Ruler", permissions=discord.Permissions(manage_guild=True))
    ruler = elsewhere.add_member(stage.env.create_user("rex"), roles=[ruling])
    hall = elsewhere.create_text_channel("hall")

    assert "No picture was asked for." in (await stats_for(stage, ruler, hall)).content
    await stage.end_of(await ruler.slash(hall, "imagine", prompt="a crown"))
    answer = await stats_for(stage, ruler, hall)

    assert "**1 job** · 1 member · **1 picture**" in answer.content
    assert "dreamshaper" not in answer.content
    assert stage.member.mention not in answer.content
    assert "3 jobs" in (await stats_for(stage, stage.world.moderator)).content


@pytest.mark.parametrize("period", ["day", "week", "month"])
async def test_where_nothing_happened_the_answer_is_friendly_and_without_a_chart(
    stage: Stage, period: str
) -> None:
    answer = await stats_for(stage, stage.world.moderator, period=period)

    assert answer.ephemeral
    assert "No picture was asked for." in answer.content
    assert ("A longer `period`" in answer.content) == (period != "month")
    assert answer.attachments == []


async def test_jobs_under_way_are_told_of_before_any_has_ended(stage: Stage) -> None:
    stage.api.pause()
    asked = await stage.imagine()

    answer = await stats_for(stage, stage.world.moderator)

    assert "Nothing has ended yet.\n1 under way now" in answer.content
    stage.api.resume()
    await stage.end_of(asked)


async def test_it_is_offered_in_servers_to_people_with_manage_server(
    published: list[dict[str, Any]],
) -> None:
    command = next(each for each in published if each["name"] == "stats")
    assert command["contexts"] == [0]
    assert command["integration_types"] == [0]
    assert (
        int(command["default_member_permissions"]) == discord.Permissions(manage_guild=True).value
    )
    (period,) = command["options"]
    assert [choice["value"] for choice in period["choices"]] == ["day", "week", "month"]
