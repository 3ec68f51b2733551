"""It works in direct messages, in threads, and where the bot may do little."""

from __future__ import annotations

import discord
import simcord

from bot.domain.job import JobStatus
from tests.acceptance.history_page import Page
from tests.acceptance.stage import Stage, is_over, job_of, said, used


async def test_in_a_direct_message_pictures_come_to_the_direct_message(stage: Stage) -> None:
    user = stage.member.user
    asked = await user.slash("imagine", prompt="a fox", samples=2)
    await stage.until(job_of(asked), is_over)

    *_, shown = user.dm_channel.history()
    assert len(shown.attachments) == 2
    assert stage.studio.history() == []
    assert "**98** of 100" in said(await user.slash("quota mine")).content


async def test_the_buttons_work_in_a_direct_message(stage: Stage) -> None:
    user = stage.member.user
    asked = await user.slash("imagine", prompt="a fox")
    await stage.until(job_of(asked), is_over)
    *_, shown = user.dm_channel.history()

    again = await user.click(shown, label="Again")
    await stage.until(job_of(again), is_over)
    await user.click(shown, label="Favourite")
    form = await user.click(shown, label="Edit")
    edited = await user.submit_modal(form, {"prompt": "a red fox"})
    await stage.until(job_of(edited), is_over)

    assert sum(bool(m.attachments) for m in user.dm_channel.history()) == 3
    (shown,) = [m for m in user.dm_channel.history() if m.id == shown.id]
    assert used(shown) == {"Again", "Favourite", "Edit"}


async def test_a_press_counts_although_its_mark_cannot_be_shown(stage: Stage) -> None:
    job = await stage.finished()
    forbid(stage, f"PATCH /channels/{stage.studio.id}/*")
    again = await stage.member.click(stage.message(job), label="Again")

    assert (await stage.end_of(again)).status is JobStatus.DELIVERED
    assert again.followups == []
    assert used(stage.message(job)) == set()


async def open_thread(stage: Stage) -> simcord.ChannelHandle:
    channel = stage.app.bot.get_channel(stage.studio.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.create_thread(name="owls", type=discord.ChannelType.public_thread)
    await stage.env.settle()
    (thread,) = stage.studio.threads
    return thread


async def test_in_a_thread_pictures_come_to_the_thread(stage: Stage) -> None:
    thread = await open_thread(stage)

    asked = await stage.member.slash(thread, "imagine", prompt="an owl")
    await stage.until(job_of(asked), is_over)

    assert [len(m.attachments) for m in thread.history()] == [0, 1]
    assert not any(message.attachments for message in stage.studio.history())


async def test_a_result_arrives_although_the_acknowledgement_was_deleted(stage: Stage) -> None:
    stage.api.pause()
    asked = await stage.imagine()
    await stage.world.moderator.delete(said(asked))

    stage.api.resume()
    await stage.until(job_of(asked), is_over)

    assert len(stage.shown_pictures()) == 1


def forbid(stage: Stage, *requests: str) -> None:
    for request in requests:
        method, path = request.split(" ")
        stage.env.inject_error(method, path, status=403, code=50013, times=None)


async def test_where_no_message_may_be_posted_the_acknowledgement_becomes_the_result(
    stage: Stage,
) -> None:
    forbid(stage, "POST /channels/*/messages")

    asked = await stage.imagine()
    job = await stage.end_of(asked)

    assert job.message_id == said(asked).id
    assert len(said(asked).attachments) == 1
    assert said(asked).content.startswith(stage.member.mention)


async def test_where_nothing_may_be_shown_in_the_channel_the_pictures_come_privately(
    stage: Stage,
) -> None:
    forbid(
        stage,
        f"POST /channels/{stage.studio.id}/messages",
        f"PATCH /channels/{stage.studio.id}/*",
        "PATCH /webhooks/*",
    )

    asked = await stage.imagine()
    await stage.end_of(asked)

    assert stage.shown_pictures() == []
    (shown,) = stage.member.user.dm_channel.history()
    assert len(shown.attachments) == 1


async def test_where_every_way_is_closed_the_pictures_wait_in_the_history(stage: Stage) -> None:
    forbid(
        stage,
        *("POST /channels/*/messages", "PATCH /channels/*", "PATCH /webhooks/*"),
        "POST /users/@me/channels",
    )

    job = await stage.end_of(await stage.imagine("an owl"))

    assert job.message_id is None
    page = await Page.open(stage)
    assert "an owl" in page.text
    assert len(page.pictures) == 1
    assert await stage.images_left() == 99

    hint = "1 earlier result could not be posted, and waits for you in `/history`."
    following = await stage.imagine("a fox")
    assert [(said.content, said.ephemeral) for said in following.followups] == [(hint, True)]
    await stage.end_of(following)
    once_more = await stage.imagine("a bear")
    assert [said.content for said in once_more.followups] == [hint]  # about the fox, not the owl
    await stage.end_of(once_more)
