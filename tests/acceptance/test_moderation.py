"""Moderators take down, block and look back; nobody else does, and no other server is touched."""

from __future__ import annotations

import discord
import pytest

from bot.domain.guild_settings import Flagged, Setting
from bot.domain.ids import JobId
from bot.domain.job import Job
from bot.errors import StorageError
from tests.acceptance.history_page import Page
from tests.acceptance.stage import Stage, pictures_in, said


async def logged(stage: Stage, job: Job) -> discord.Message:
    """Wait until a job stands in the log channel, and return that message."""
    place = await stage.until_logged(job.id)
    return next(m for m in stage.messages(place[0]) if m.id == place[1])


@pytest.fixture
async def watched(stage: Stage) -> Stage:
    """A server whose moderators named a log channel."""
    await stage.decide(Setting.LOG_CHANNEL, stage.world.channel("general").id)
    return stage


async def test_moderators_see_who_made_what_with_covered_pictures(watched: Stage):
    job = await watched.finished("a <@1> *fox* @everyone", seed=7, samples=2)
    entry = await logged(watched, job)

    assert f"<@{watched.member.id}>" in entry.content
    assert "@everyone" not in entry.content
    assert "seed 7" in entry.content
    assert [each.filename.startswith("SPOILER_") for each in entry.attachments] == [True, True]


async def test_what_was_made_while_the_bot_was_down_is_logged_after_the_start(watched: Stage):
    job = await watched.finished()
    await logged(watched, job)
    await watched.restart()
    later = await watched.finished("a later fox")
    entries = [await logged(watched, each) for each in (job, later)]

    assert len({entry.id for entry in entries}) == 2
    assert len(watched.messages(watched.world.channel("general").id)) == 2


async def test_nothing_is_logged_where_no_channel_is_named(stage: Stage):
    await stage.finished()
    await stage.decide(Setting.LOG_CHANNEL, stage.world.channel("general").id)
    job = await stage.finished("after the channel was named")
    await logged(stage, job)

    assert len(stage.messages(stage.world.channel("general").id)) == 1


async def test_removing_takes_the_message_our_copy_and_the_logs_pictures(watched: Stage):
    job = await watched.finished()
    [picture] = await watched.app.stores.pictures.of_job(job.id)
    entry = await logged(watched, job)
    moderator = watched.world.moderator
    form = await moderator.click(entry, label="Remove")
    done = await moderator.submit_modal(form, {"reason": "gore"})

    assert "Removed" in said(done).content
    assert said(done).ephemeral
    assert watched.shown_pictures() == []
    with pytest.raises(StorageError):
        await watched.app.stores.pictures.read(picture.sha256)
    stripped = await logged(watched, job)
    assert stripped.attachments == []
    assert f"Removed by <@{moderator.id}>: gore" in stripped.content
    audit = await moderator.slash(watched.studio, "audit")
    assert f"removed a picture of <@{watched.member.id}> — gore" in said(audit).content


async def test_a_picture_is_taken_down_once(watched: Stage):
    entry = await logged(watched, await watched.finished())
    moderator = watched.world.moderator
    forms = [await moderator.click(entry, label="Remove") for _ in range(2)]
    first, second = [await moderator.submit_modal(form, {}) for form in forms]

    assert "Removed" in said(first).content
    assert "taken down already" in said(second).content


async def test_members_cannot_remove_block_or_read_the_audit_list(watched: Stage):
    job = await watched.finished()
    entry = await logged(watched, job)
    newcomer = watched.world.newcomer
    tries = [
        await newcomer.click(entry, label="Remove"),
        await newcomer.click(entry, label="Block"),
        await newcomer.slash(watched.studio, "audit"),
        await newcomer.slash(watched.studio, "block", member=watched.member),
        await newcomer.slash(watched.studio, "unblock", member=watched.member),
    ]
    for refused in tries:
        assert said(refused).ephemeral
        words = said(refused).content
        assert "for people with Manage Server" in words or "or a moderator" in words
    assert len(watched.shown_pictures()) == 1


async def test_another_servers_moderator_reaches_nothing_here(watched: Stage):
    elsewhere = watched.env.create_guild("Elsewhere")
    boss = elsewhere.create_role("Boss", permissions=discord.Permissions(manage_guild=True))
    channel = elsewhere.create_text_channel("there")
    outsider = elsewhere.add_member(watched.env.create_user("zoe"), roles=[boss])
    kai = watched.env.create_user("kai")
    kai_here, kai_there = (guild.add_member(kai) for guild in (watched.member.guild, elsewhere))
    await outsider.slash(channel, "block", member=kai_there)

    assert f"blocked <@{kai.id}>" in said(await outsider.slash(channel, "audit")).content
    assert "have blocked you" in said(await kai_there.slash(channel, "imagine", prompt="a")).content
    await watched.end_of(await watched.imagine(by=kai_here))
    assert len(watched.shown_pictures()) == 1
    here = await watched.world.moderator.slash(watched.studio, "audit")
    assert "blocked" not in said(here).content


async def test_a_blocked_member_is_told_until_when_and_why_and_can_be_let_back(stage: Stage):
    moderator = stage.world.moderator
    await moderator.slash(
        stage.studio, "block", member=stage.member, duration="2h", reason="spam @everyone"
    )
    await stage.restart()
    refused = await stage.imagine()

    assert said(refused).ephemeral
    assert "have blocked you" in said(refused).content
    assert "ends <t:" in said(refused).content
    assert "@everyone" not in said(refused).content
    assert stage.bodies == []
    await moderator.slash(stage.studio, "unblock", member=stage.member)
    await stage.finished()
    twice = await moderator.slash(stage.studio, "unblock", member=stage.member)
    assert "not blocked here" in said(twice).content


async def test_a_block_from_the_log_asks_for_how_long(watched: Stage):
    entry = await logged(watched, await watched.finished())
    moderator = watched.world.moderator
    forms = [await moderator.click(entry, label="Block") for _ in range(2)]
    wrong = await moderator.submit_modal(forms[0], {"duration": "soon"})
    assert "must be like 90m" in said(wrong).content
    done = await moderator.submit_modal(forms[1], {"duration": "7d"})
    assert f"<@{watched.member.id}> cannot make pictures here until <t:" in said(done).content
    assert "have blocked you" in said(await watched.imagine()).content


async def test_a_block_stops_the_buttons_too(stage: Stage):
    job = await stage.finished()
    await stage.world.moderator.slash(stage.studio, "block", member=stage.member)
    refused = await stage.member.click(stage.message(job), label="Again")
    assert "have blocked you" in said(refused).content


async def test_a_report_reaches_the_moderators_once(watched: Stage):
    job = await watched.finished("a fox")
    newcomer, message = watched.world.newcomer, watched.message(job)
    forms = [
        await newcomer.context_menu(watched.studio, "Report picture", message) for _ in range(2)
    ]
    first = await newcomer.submit_modal(forms[0], {"reason": "@here bad"})
    second = await newcomer.submit_modal(forms[1], {})

    assert "have been told" in said(first).content
    assert "already" in said(second).content
    general = watched.messages(watched.world.channel("general").id)
    [report] = [each for each in general if "Reported by" in each.content]
    assert f"<@{newcomer.id}>" in report.content
    assert "@here" not in report.content


async def test_a_report_where_nobody_would_read_it_says_so(stage: Stage):
    job = await stage.finished()
    newcomer = stage.world.newcomer
    form = await newcomer.context_menu(stage.studio, "Report picture", stage.message(job))
    answer = await newcomer.submit_modal(form, {})
    assert "named no channel for reports" in said(answer).content


async def test_only_pictures_of_ours_can_be_reported(watched: Stage):
    chatter = await watched.member.send(watched.studio, "hello")
    answer = await watched.world.newcomer.context_menu(watched.studio, "Report picture", chatter)
    assert "shows no picture of mine" in said(answer).content


async def test_delete_by_a_moderator_asks_why_and_is_in_the_audit_list(stage: Stage):
    job = await stage.finished()
    moderator = stage.world.moderator
    form = await moderator.click(stage.message(job), label="Delete")
    await moderator.submit_modal(form, {"reason": "off topic"})

    assert stage.shown_pictures() == []
    note = stage.message(job)
    assert (note.content, note.components) == ("-# 🗑️ A moderator took this picture down.", [])
    audit = await moderator.slash(stage.studio, "audit")
    assert "off topic" in said(audit).content
    kept = await stage.app.stores.jobs.get(JobId(job.id))
    assert kept is not None
    assert kept.removed_by == moderator.id


async def test_a_moderator_also_takes_down_the_copy_a_member_shared(stage: Stage):
    job = await stage.finished()
    page = await Page.open(stage)
    await page.press("Share")
    await page.press("Share")
    copy = stage.messages()[-1]
    assert copy.id != job.message_id
    form = await stage.world.moderator.click(copy, label="Delete")
    await stage.world.moderator.submit_modal(form, {})

    assert stage.shown_pictures() == []
    notes = [each for each in stage.messages() if "took this picture down" in each.content]
    assert {note.id for note in notes} == {copy.id, job.message_id}


@pytest.mark.parametrize(
    ("choice", "files", "words"),
    [
        (Flagged.WITHHELD, 0, "does not show such pictures"),
        (Flagged.SPOILER, 1, "is covered"),
        (Flagged.SHOWN, 1, "was flagged by the safety checker."),
    ],
)
async def test_a_blank_picture_is_what_the_server_chose(
    stage: Stage, choice: Flagged, files: int, words: str
):
    await stage.decide(Setting.FLAGGED, choice)
    await stage.decide(Setting.SAFETY, {"level": "black", "loosest": "black"})
    job = await stage.finished("a nude nsfw figure")
    message = stage.message(job)

    assert words in message.content
    covered = [each.filename.startswith("SPOILER_") for each in message.attachments]
    assert covered == [choice is Flagged.SPOILER] * files
    assert await stage.images_left() == 99


async def test_a_picture_that_is_fine_is_shown_as_it_is(stage: Stage):
    await stage.decide(Setting.FLAGGED, Flagged.WITHHELD)
    message = stage.message(await stage.finished())
    assert "flagged" not in message.content
    assert len(await pictures_in(message)) == 1
