"""`/history` shows members their own past, privately, and does what its buttons say."""

from __future__ import annotations

import discord
import pytest

from bot.domain.guild_settings import Flagged, Setting
from bot.domain.job import Job, JobStatus
from bot.domain.request import MAX_PROMPT
from bot.errors import StorageError
from bot.sandbox import Fault
from tests.acceptance.conftest import OpenStage
from tests.acceptance.history_page import Page
from tests.acceptance.stage import SLOW, Stage, is_over, job_of, said

EACH = ["Again", "Share", "Favourite", "Delete"]


async def made(stage: Stage, count: int) -> list[Job]:
    return [await stage.finished(f"picture number {n}") for n in range(count)]


def numbers(page: Page) -> list[str]:
    return [text.split("number ")[1][0] for text in page.entries]


async def test_an_empty_history_says_how_to_begin(stage: Stage) -> None:
    page = await Page.open(stage)

    assert "Try `/imagine`" in page.text


async def test_pages_are_newest_first_and_turn_in_one_message(stage: Stage) -> None:
    await made(stage, 10)

    page = await Page.open(stage)
    first = page.message.id
    assert numbers(page) == ["9", "8", "7", "6"]
    assert page.labels == [*EACH * 4, "Older"]
    assert len(page.pictures) == len(page.message.attachments) == 4

    await page.press("Older")
    assert (numbers(page), page.labels[-2:]) == (["5", "4", "3", "2"], ["Newer", "Older"])
    await page.press("Older")
    assert (numbers(page), page.labels[-2:]) == (["1", "0"], ["Delete", "Newer"])
    assert len(page.message.attachments) == 2
    await page.press("Newer")
    assert numbers(page) == ["5", "4", "3", "2"]
    await page.press("Newer")
    assert numbers(page) == ["9", "8", "7", "6"]
    assert page.labels[-1] == "Older"
    assert page.message.id == first


async def test_a_page_stays_where_it_is_while_new_pictures_come(stage: Stage) -> None:
    await made(stage, 6)
    page = await Page.open(stage)
    await stage.finished("number 9, which came meanwhile")

    await page.press("Older")
    assert numbers(page) == ["1", "0"]
    await page.press("Newer")
    assert numbers(page) == ["5", "4", "3", "2"]
    await page.press("Newer")
    assert numbers(page) == ["9", "5", "4", "3"]


async def test_pictures_are_small_copies_with_their_prompt_in_words(stage: Stage) -> None:
    job = await stage.finished("an owl", samples=3)

    page = await Page.open(stage)
    (shown,) = page.pictures
    (file,) = page.message.attachments

    assert shown["description"] == "Generated from the prompt: an owl"
    assert shown["media"]["url"].endswith(file.filename)
    assert file.size <= 100_000
    assert "3 pictures" in page.text
    assert f"/{job.message_id})" in page.text


async def test_nobody_sees_another_member_s_history(stage: Stage) -> None:
    await stage.finished("a secret plan")

    mine = await Page.open(stage, by=stage.world.newcomer)
    sought = await Page.open(stage, by=stage.world.newcomer, search="secret")
    moderators = await Page.open(stage, by=stage.world.moderator, search="plan")

    for page in (mine, sought, moderators):
        assert "secret plan" not in page.text
        assert page.pictures == []


async def test_failures_and_open_jobs_are_told_apart(open_with: OpenStage) -> None:
    stage = await open_with(SLOW)
    stage.api.script("broken", Fault.MODEL_NOT_FOUND)
    await stage.end_of(await stage.imagine("broken"))
    stage.api.pause()
    asked = await stage.imagine("open")
    await stage.until_status(job_of(asked), JobStatus.PROCESSING)

    page = await Page.open(stage)

    assert "⏳" in page.entries[0]
    assert "⚠️" in page.entries[1]
    assert "does not have this model ready" in page.entries[1]
    assert page.labels == ["Again", "Favourite", "Again", "Favourite", "Delete"]
    stage.api.resume()
    await stage.until(job_of(asked), is_over)


async def test_again_asks_anew_where_the_page_is(stage: Stage) -> None:
    await stage.finished("an owl", seed=5)
    page = await Page.open(stage)

    answer = await page.press("Again")

    assert answer is not None
    assert not answer.ephemeral
    assert "an owl" in answer.content
    jobs = await stage.app.stores.jobs.newest(1)
    await stage.until(jobs[0].id, is_over)
    assert [body["prompt"] for body in stage.bodies] == ["an owl", "an owl"]


async def test_a_favourite_is_marked_found_and_unmarked(stage: Stage) -> None:
    await made(stage, 3)
    page = await Page.open(stage)
    await page.press("Favourite", 1)

    assert [text.startswith("⭐") for text in page.entries] == [False, True, False]
    favourites = await Page.open(stage, favourites="yes")
    assert numbers(favourites) == ["1"]
    assert "favourites" in favourites.text
    await favourites.press("Favourite")
    assert "nothing left to show" in favourites.text
    await favourites.press("Back")
    assert "nothing left to show" in favourites.text


async def test_what_was_deleted_is_gone_with_its_message_and_still_counts(stage: Stage) -> None:
    await stage.finished("keep this")
    asked = await stage.imagine("lose this", samples=2)
    job = await stage.end_of(asked)
    kept = await stage.app.stores.pictures.of_job(job.id)
    page = await Page.open(stage)

    await page.press("Delete")
    assert "Delete this for good?" in page.text
    assert "lose this" in page.text
    await page.press("Back")
    assert len(page.entries) == 2

    await page.press("Delete")
    await page.press("Delete for good")
    assert [text.split("\n")[0] for text in page.entries] == ["keep this"]
    assert "Deleted." in page.text
    assert "lose this" not in (await Page.open(stage)).text
    assert "Nothing" in (await Page.open(stage, search="lose")).text
    left = [message.id for message in stage.messages()]
    assert job.message_id not in left
    assert job.acknowledgement_id not in left
    for picture in kept:
        with pytest.raises(StorageError):
            await stage.app.stores.pictures.read(picture.sha256)
    assert await stage.images_left() == 97


async def test_deleting_where_the_message_is_gone_already_is_no_trouble(stage: Stage) -> None:
    job = await stage.finished()
    await stage.world.moderator.delete(stage.message(job))
    page = await Page.open(stage)

    await page.press("Delete")
    assert await page.press("Delete for good") is None
    assert "Deleted." in page.text


async def test_a_button_of_what_is_deleted_says_so_privately(stage: Stage) -> None:
    await stage.finished()
    page, other = await Page.open(stage), await Page.open(stage)
    await page.press("Delete")
    await page.press("Delete for good")

    for label in ("Favourite", "Share", "Delete"):
        answer = await other.press(label)
        assert answer is not None
        assert answer.ephemeral
        assert "not in your history any more" in answer.content


async def test_a_deleted_message_leaves_no_dead_link(stage: Stage) -> None:
    jobs = await made(stage, 3)
    await stage.world.moderator.delete(stage.message(jobs[0]))
    bulk = [int(jobs[n].message_id or 0) for n in (1, 2)]
    channel = stage.app.bot.get_channel(stage.studio.id)
    assert isinstance(channel, discord.TextChannel)
    stage.env.backend.bulk_delete_messages(channel.id, bulk)
    await stage.env.settle()

    page = await Page.open(stage)

    assert page.text.count("its message was deleted") == 3
    assert "[show]" not in page.text
    assert len(page.pictures) == 3


async def test_swept_pictures_leave_the_way_to_the_message(stage: Stage) -> None:
    job = await stage.finished()
    await stage.app.stores.pictures.sweep(older_than_ms=2**60, keep_total_bytes=0)

    page = await Page.open(stage)

    assert "pictures no longer kept" in page.text
    assert f"/{job.message_id})" in page.text
    assert page.pictures == []
    assert page.labels == ["Again", "Favourite", "Delete"]


async def test_what_was_withheld_or_taken_down_is_not_shown_again(stage: Stage) -> None:
    await stage.decide(Setting.FLAGGED, Flagged.WITHHELD)
    await stage.decide(Setting.SAFETY, {"level": "black", "loosest": "black"})
    await stage.finished("a nude nsfw figure")
    job = await stage.finished("an owl")
    moderator = stage.world.moderator
    form = await moderator.click(stage.message(job), label="Delete")
    await moderator.submit_modal(form, {"reason": "off topic"})

    page = await Page.open(stage)

    assert page.pictures == []
    assert "Share" not in page.labels
    assert "taken down by a moderator" in page.entries[0]


async def test_pages_and_buttons_work_after_a_restart(stage: Stage) -> None:
    await made(stage, 6)
    page = await Page.open(stage)
    await stage.restart()

    await page.press("Older")
    assert numbers(page) == ["1", "0"]
    await page.press("Favourite", 1)
    assert page.entries[1].startswith("⭐")
    await page.press("Delete", 0)
    await stage.restart()
    await page.press("Delete for good")
    assert numbers(page) == ["0"]
    await page.press("Newer")
    assert numbers(page) == ["5", "4", "3", "2"]


async def test_it_works_in_direct_messages(stage: Stage) -> None:
    user = stage.member.user
    asked = await user.slash("imagine", prompt="an owl in private")
    await stage.until(job_of(asked), is_over)
    await stage.finished("an owl in public")

    answer = said(await user.slash("history", server="direct messages"))

    texts = [part["components"][0]["content"] for part in answer.components if part["type"] == 9]
    assert [text.split("\n")[0] for text in texts] == ["an owl in private"]


async def test_the_longest_prompts_fit_a_page(stage: Stage) -> None:
    for sign in ("*", "🎨", "a ", "<@1>"):
        await stage.finished((sign * MAX_PROMPT)[:MAX_PROMPT])

    page = await Page.open(stage, search="a", model="midjourney", server="this server")
    everything = await Page.open(stage)

    assert len(page.entries) == 1
    assert len(everything.entries) == 4
    assert len(everything.text) <= 4000
