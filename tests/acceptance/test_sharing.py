"""A picture from somebody's history is shown to everybody where they choose to, and may."""

from __future__ import annotations

import discord
import pytest

from bot.domain.guild_settings import Flagged, Setting
from bot.picture_metadata import inscribe
from tests.acceptance.history_page import Page
from tests.acceptance.stage import Stage, pictures_in


async def test_sharing_asks_first_and_then_shows_our_own_file(stage: Stage) -> None:
    job = await stage.finished("an owl")
    await stage.world.moderator.delete(stage.message(job))
    before = len(stage.messages())
    page = await Page.open(stage)

    await page.press("Share")
    assert "Show this to everybody in this channel?" in page.text
    assert page.labels == ["Share", "Back"]
    assert len(stage.messages()) == before
    await page.press("Share")

    *_, shared = stage.messages()
    assert len(stage.messages()) == before + 1
    assert shared.content.startswith(f"{stage.member.mention} — an owl")
    assert "Shared from their history" in shared.content
    assert [picture.size for picture in await pictures_in(shared)] == [(512, 512)]
    assert "Everybody in this channel sees it now" in page.text
    assert str(shared.id) in page.text


async def test_sharing_pings_nobody(stage: Stage) -> None:
    await stage.finished(f"@everyone {stage.world.newcomer.mention}")
    page = await Page.open(stage)
    await page.press("Share")
    await page.press("Share")

    *_, shared = stage.messages()
    assert not shared.mention_everyone
    posted = next(
        entry.json
        for entry in reversed(stage.env.http_requests)
        if isinstance(entry.json, dict) and "Shared from" in entry.json.get("content", "")
    )
    assert posted["allowed_mentions"] == {"parse": []}


@pytest.mark.parametrize(("label", "shown"), [("2", 1), ("All", 3)])
async def test_one_of_several_or_all_are_shown(stage: Stage, label: str, shown: int) -> None:
    job = await stage.finished("an owl", samples=3)
    kept = await stage.app.stores.pictures.of_job(job.id)
    page = await Page.open(stage)

    await page.press("Share")
    assert page.labels == ["1", "2", "3", "All", "Back"]
    assert len(page.pictures) == 3
    await page.press(label)

    *_, shared = stage.messages()
    files = [await each.read() for each in shared.attachments]
    assert len(files) == shown
    assert bare(await stage.app.stores.pictures.read(kept[1].sha256)) in map(bare, files)


def bare(picture: bytes) -> bytes:
    """Return a picture without the words about it."""
    return inscribe(picture, None)


async def test_the_pictures_to_choose_from_fit_one_request_together(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.finished("an owl", samples=4)
    monkeypatch.setattr("bot.ui.uploads.REQUEST_LIMIT_BYTES", 4000)
    page = await Page.open(stage)

    await page.press("Share")
    assert sum(each.size for each in page.message.attachments) <= 4000
    await page.press("All")
    message = stage.messages()[-1]
    shared = message.attachments
    assert len(shared) == 4
    assert sum(each.size for each in shared) <= 4000
    assert "Shown smaller, to fit what Discord takes here." in message.content


async def test_what_is_shared_has_buttons_that_work_for_others(stage: Stage) -> None:
    await stage.finished("an owl")
    page = await Page.open(stage)
    await page.press("Share")
    await page.press("Share")
    *_, shared = stage.messages()

    details = await stage.world.newcomer.click(shared, label="Details")
    assert details.response is not None
    assert details.response.ephemeral
    await stage.member.click(shared, label="Delete")
    assert shared.id not in [message.id for message in stage.messages()]


async def test_deleting_from_the_history_leaves_what_was_shared(stage: Stage) -> None:
    await stage.finished("an owl")
    page = await Page.open(stage)
    await page.press("Share")
    await page.press("Share")
    *_, shared = stage.messages()
    await page.press("Delete")
    await page.press("Delete for good")

    assert shared.id in [message.id for message in stage.messages()]


async def test_sharing_works_after_a_restart(stage: Stage) -> None:
    await stage.finished("an owl")
    page = await Page.open(stage)
    await page.press("Share")
    await stage.restart()
    await page.press("Share")

    assert "Shared from their history" in stage.messages()[-1].content


async def test_where_the_bot_may_not_post_it_says_what_it_needs(stage: Stage) -> None:
    await stage.finished("an owl")
    bot = stage.app.bot.user
    assert bot is not None
    forbidden = discord.PermissionOverwrite(attach_files=False)
    quiet = stage.member.guild.create_text_channel("quiet", overwrites={bot: forbidden})
    await stage.env.settle()
    page = await Page.open(stage, channel=quiet)

    answer = await page.press("Share")

    assert answer is not None
    assert answer.ephemeral
    assert "I need the permission Attach Files" in answer.content
    assert quiet.history() == []


async def test_what_discord_does_not_take_is_said_privately(stage: Stage) -> None:
    await stage.finished("an owl")
    page = await Page.open(stage)
    await page.press("Share")
    stage.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, times=None)
    before = len(stage.messages())

    answer = await page.press("Share")

    assert answer is not None
    assert answer.ephemeral
    assert "Discord did not take it" in answer.content
    assert len(stage.messages()) == before


async def test_a_looser_picture_is_not_shown_where_the_rules_are_tighter(stage: Stage) -> None:
    await stage.let_members_loosen()
    await stage.finished("a figure", safety_checker="no")
    page = await Page.open(stage)
    elsewhere = await Page.open(stage, channel=stage.world.channel("general"))

    refused = await elsewhere.press("Share")

    assert refused is not None
    assert refused.ephemeral
    assert "looser safety checker than is allowed here" in refused.content
    await page.press("Share")
    await page.press("Share")
    assert "Shared from their history" in stage.messages()[-1].content


async def test_who_is_blocked_shares_nothing(stage: Stage) -> None:
    await stage.finished("an owl")
    page = await Page.open(stage)
    await stage.world.moderator.slash(stage.studio, "block", member=stage.member)
    before = len(stage.messages())

    answer = await page.press("Share")

    assert answer is not None
    assert answer.ephemeral
    assert len(stage.messages()) == before
    assert "Show this" not in page.text


async def test_a_flagged_picture_is_covered_or_kept_back_as_the_place_has_it(stage: Stage) -> None:
    await stage.decide(Setting.SAFETY, {"level": "black", "loosest": "black"})
    await stage.decide(Setting.FLAGGED, Flagged.SHOWN)
    await stage.finished("a nude nsfw figure")
    page = await Page.open(stage)
    await stage.decide(Setting.FLAGGED, Flagged.SPOILER)
    await page.press("Share")
    await page.press("Share")
    assert stage.messages()[-1].attachments[0].filename.startswith("SPOILER_")

    await stage.decide(Setting.FLAGGED, Flagged.WITHHELD)
    answer = await page.press("Share")
    assert answer is not None
    assert "no longer kept, or hidden here" in answer.content
