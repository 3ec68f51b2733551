"""Messages: files, nonces, history, permissions, limits."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from typing import Any

import discord
import pytest
from PIL import Image

from tests.discord_server import (
    ALICE_ID,
    BOT_PERMISSIONS,
    CHANNEL_ID,
    DiscordServer,
    Permission,
    Rules,
)
from tests.integration.discord_server.conftest import Bot


def picture(colour: str = "red") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 32), colour).save(buffer, "PNG")
    return buffer.getvalue()


def file(name: str = "fox.png", data: bytes | None = None) -> discord.File:
    return discord.File(io.BytesIO(picture() if data is None else data), name, description="a fox")


async def code_of(attempt: Any) -> tuple[int, int]:
    with pytest.raises(discord.HTTPException) as refused:
        await attempt
    return refused.value.status, refused.value.code


async def test_a_file_sent_twice_with_one_nonce_is_one_message(
    discord_server: DiscordServer, bot: Bot
) -> None:
    first = await bot.channel.send("done", file=file(), nonce="job-1")
    second = await bot.channel.send("done", file=file(), nonce="job-1")
    other = await bot.channel.send("done", file=file(), nonce="job-2")
    assert first.id == second.id != other.id
    assert first.nonce == second.nonce == "job-1"
    [message] = await discord_server.messages_with_nonce("job-1")
    [stored] = message.files
    assert stored.sha256 == hashlib.sha256(picture()).hexdigest()
    assert stored.size == len(picture())
    assert (stored.width, stored.height) == (64, 32)
    [attachment] = first.attachments
    assert attachment.description == "a fox"
    assert await attachment.read() == picture()
    posts = await discord_server.requests("POST", "/channels/*/messages")
    assert [post.file_sizes for post in posts] == [(len(picture()),)] * 3


async def test_a_nonce_is_forgotten_after_a_while(discord_server: DiscordServer, bot: Bot) -> None:
    await bot.channel.send("a", nonce=1)
    await discord_server.set_rules(Rules(nonce_seconds=0))
    await bot.channel.send("a", nonce=1)
    assert len(await discord_server.messages_with_nonce("1")) == 2


async def test_the_nonce_of_a_deleted_message_is_unknown(
    discord_server: DiscordServer, bot: Bot
) -> None:
    sent = await bot.channel.send("a", nonce=1)
    await discord_server.delete_message(sent.id)
    assert await code_of(bot.channel.send("a", nonce=1)) == (404, 10008)


async def test_history_pages_newest_first_and_knows_no_nonce(
    discord_server: DiscordServer, bot: Bot
) -> None:
    sent = [await bot.channel.send(str(number), nonce=number) for number in range(5)]
    await discord_server.say("between")
    texts = [m.content async for m in bot.channel.history(limit=3)]
    assert texts == ["between", "4", "3"]
    after = [m.content async for m in bot.channel.history(after=sent[2], limit=2)]
    assert after == ["3", "4"]
    around = [m.content async for m in bot.channel.history(around=sent[2], limit=3)]
    assert sorted(around) == ["1", "2", "3"]
    before = [m async for m in bot.channel.history(before=sent[1])]
    assert [m.content for m in before] == ["0"]
    assert before[0].nonce is None


async def test_without_history_the_channel_looks_empty(
    discord_server: DiscordServer, bot: Bot
) -> None:
    sent = await bot.channel.send("a")
    await discord_server.set_permissions(
        CHANNEL_ID, BOT_PERMISSIONS & ~Permission.READ_MESSAGE_HISTORY
    )
    assert [m async for m in bot.channel.history()] == []
    assert await code_of(bot.channel.fetch_message(sent.id)) == (403, 50013)
    assert await code_of(bot.channel.send("b", reference=sent)) == (403, 160002)
    await discord_server.set_rules(Rules(history_denied="forbidden"))
    assert await code_of(anext(bot.channel.history())) == (403, 50013)


@pytest.mark.parametrize(
    ("missing", "send", "refusal"),
    [
        (Permission.VIEW_CHANNEL, lambda c: c.send("x"), (403, 50001)),
        (Permission.SEND_MESSAGES, lambda c: c.send("x"), (403, 50013)),
        (Permission.ATTACH_FILES, lambda c: c.send(file=file()), (403, 50013)),
        (Permission.EMBED_LINKS, lambda c: c.send(embed=discord.Embed(title="x")), (403, 50013)),
    ],
)
async def test_missing_permissions(
    discord_server: DiscordServer,
    bot: Bot,
    missing: Permission,
    send: Callable[[discord.TextChannel], Any],
    refusal: tuple[int, int],
) -> None:
    await discord_server.set_permissions(CHANNEL_ID, BOT_PERMISSIONS & ~missing, announce=False)
    assert await code_of(send(bot.channel)) == refusal


@pytest.mark.parametrize(
    ("send", "refusal"),
    [
        (lambda c: c.send("x" * 2001), (400, 50035)),
        (lambda c: c.send(""), (400, 50006)),
        (lambda c: c.send("x", nonce="n" * 26), (400, 50035)),
        (lambda c: c.send(file=file(data=bytes(10 * 1024 * 1024 + 1))), (413, 40005)),
        (lambda c: c.send(embed=discord.Embed(description="x" * 4097)), (400, 50035)),
    ],
)
async def test_limits(
    bot: Bot, send: Callable[[discord.TextChannel], Any], refusal: tuple[int, int]
) -> None:
    assert await code_of(send(bot.channel)) == refusal


async def test_a_deleted_channel_and_an_unknown_message(
    discord_server: DiscordServer, bot: Bot
) -> None:
    channel = bot.channel
    assert await code_of(channel.fetch_message(1)) == (404, 10008)
    await discord_server.delete_channel(CHANNEL_ID)
    assert await code_of(channel.send("x")) == (404, 10003)


async def test_direct_messages_may_be_closed(discord_server: DiscordServer, bot: Bot) -> None:
    alice = await bot.fetch_user(ALICE_ID)
    assert (await alice.send("hello")).guild is None
    await discord_server.set_accepts_dms(ALICE_ID, accepts=False)
    assert await code_of(alice.send("hello?")) == (403, 50007)


async def test_edits_keep_and_replace_files(discord_server: DiscordServer, bot: Bot) -> None:
    sent = await bot.channel.send(files=[file("a.png"), file("b.png")])
    kept = await sent.edit(attachments=[sent.attachments[1], file("c.png")])
    assert [a.filename for a in kept.attachments] == ["b.png", "c.png"]
    assert kept.edited_at is not None
    await kept.edit(content="x", attachments=[])
    [message] = await discord_server.messages()
    assert (message.content, message.files, message.edits) == ("x", (), 2)


async def test_files_shown_by_embeds_and_galleries_are_not_attachments(bot: Bot) -> None:
    embed = discord.Embed(title="x").set_image(url="attachment://fox.png")
    shown = await bot.channel.send(embed=embed, file=file())
    assert shown.attachments == []
    assert shown.embeds[0].image.width == 64
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.TextDisplay(f"for <@{ALICE_ID}>"))
    view.add_item(discord.ui.MediaGallery(discord.MediaGalleryItem("attachment://fox.png")))
    allowed = discord.AllowedMentions(users=[discord.Object(ALICE_ID)])
    laid_out = await bot.channel.send(view=view, file=file(), allowed_mentions=allowed)
    assert laid_out.attachments == []
    gallery = laid_out.components[1]
    assert isinstance(gallery, discord.MediaGalleryComponent)
    assert gallery.items[0].media.url.startswith("http://127.0.0.1")
    assert [user.id for user in laid_out.mentions] == [ALICE_ID]
    view.add_item(discord.ui.MediaGallery(discord.MediaGalleryItem("attachment://other.png")))
    assert await code_of(bot.channel.send(view=view, file=file())) == (400, 50035)


async def test_replies_and_threads(discord_server: DiscordServer, bot: Bot) -> None:
    said = await discord_server.say("draw me a fox")
    reply = await bot.channel.send(
        "here", reference=discord.PartialMessage(channel=bot.channel, id=said.id)
    )
    assert reply.reference is not None
    assert isinstance(reply.reference.resolved, discord.Message)
    guild_id = bot.channel.guild.id
    thread_id = await discord_server.add_channel(guild_id, "talk", kind=11, parent_id=CHANNEL_ID)
    assert (await bot.get_partial_messageable(thread_id).send("in a thread")).id
    gone = discord.PartialMessage(channel=bot.channel, id=1)
    assert await code_of(bot.channel.send("x", reference=gone)) == (400, 50035)
