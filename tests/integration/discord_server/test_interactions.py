"""Commands, buttons and forms, answered by real discord.py."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import discord
import pytest

from tests.discord_server import ALICE_ID, BOB_ID, ControlError, DiscordServer, Rules, Where
from tests.integration.discord_server.conftest import Again, Bot
from tests.patience import PATIENCE_SECONDS

IN_DMS = Where(channel_id=None)


async def hear(bot: Bot, server: DiscordServer, where: Where = Where()) -> discord.Interaction:  # noqa: B008
    """Use a command nobody handles, and hold its interaction."""
    heard = asyncio.ensure_future(bot.wait_for("interaction", timeout=PATIENCE_SECONDS))
    await asyncio.sleep(0)
    await server.click((await some_message(bot)).id, "nobody", where=where)
    return await heard


async def some_message(bot: Bot) -> discord.Message:
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="x", custom_id="nobody"))
    return await bot.channel.send("press", view=view)


@pytest.mark.usefixtures("bot")
async def test_a_command_is_deferred_and_filled(discord_server: DiscordServer) -> None:
    used = await discord_server.slash("imagine", {"prompt": "a fox"}, where=Where(user_id=BOB_ID))
    answer = await discord_server.wait_for_answer(used.id)
    assert answer.answer_type == 5
    assert answer.ack_seconds is not None
    assert answer.ack_seconds > 0
    [message] = await discord_server.wait_for_messages()
    assert message.content == "a fox None 0"
    assert message.id == answer.message_id
    assert message.payload["interaction_metadata"]["user"]["id"] == str(BOB_ID)
    assert await discord_server.ack_seconds("imagine") == [answer.ack_seconds]


@pytest.mark.usefixtures("bot")
async def test_an_uploaded_picture_reaches_the_command(discord_server: DiscordServer) -> None:
    picture = await discord_server.upload("cat.png", b"not really a picture")
    used = await discord_server.slash("imagine", {"prompt": "cat", "picture": picture})
    await discord_server.wait_for_answer(used.id)
    [message] = await discord_server.wait_for_messages()
    assert message.content == "cat None 20"


@pytest.mark.usefixtures("bot")
async def test_direct_messages(discord_server: DiscordServer) -> None:
    used = await discord_server.slash("imagine", {"prompt": "a fox"}, where=IN_DMS)
    await discord_server.wait_for_answer(used.id)
    [message] = await discord_server.wait_for_messages(1, await discord_server.open_dm(ALICE_ID))
    assert message.payload["channel_id"] == str(used.channel_id)


@pytest.mark.usefixtures("bot")
async def test_autocomplete(discord_server: DiscordServer) -> None:
    typed = await discord_server.autocomplete("imagine", "model", "mid", options={"prompt": "x"})
    answer = await discord_server.wait_for_answer(typed.id)
    assert answer.answer == {"choices": [{"name": "mid-1", "value": "1"}]}


async def test_published_commands_keep_their_ids_and_declare_their_options(
    discord_server: DiscordServer, bot: Bot
) -> None:
    published = await bot.tree.sync()
    names = {"imagine", "form", "settings", "Details"}
    assert {command["name"] for command in await discord_server.commands()} == names
    assert {c.id for c in await bot.tree.sync()} == {c.id for c in published}
    used = await discord_server.slash("settings show", {"user": BOB_ID})
    answer = await discord_server.wait_for_answer(used.id)
    assert answer.answer is not None
    assert answer.answer["content"] == "bob in general"
    await bot.tree.sync(guild=bot.guilds[0])
    assert await discord_server.commands(bot.guilds[0].id) == []


async def test_a_button_works_and_its_private_answer_is_private(
    discord_server: DiscordServer, bot: Bot
) -> None:
    view = discord.ui.View(timeout=None)
    view.add_item(Again(42))
    sent = await bot.channel.send("done", view=view)
    pressed = await discord_server.click(sent.id, "Again")
    answer = await discord_server.wait_for_answer(pressed.id)
    assert answer.name == "again:42"
    private = await discord_server.message(answer.message_id or 0)
    assert private.ephemeral
    assert private.content == "again 42"
    assert [m.id async for m in bot.channel.history()] == [sent.id]
    with pytest.raises(discord.NotFound):
        await bot.channel.fetch_message(private.id)
    with pytest.raises(ControlError, match="again:42"):
        await discord_server.click(sent.id, "missing")
    assert await discord_server.messages_with_custom_id("again:42")


@pytest.mark.usefixtures("bot")
async def test_a_form_comes_back_filled(discord_server: DiscordServer) -> None:
    opened = await discord_server.slash("form")
    assert (await discord_server.wait_for_answer(opened.id)).answer_type == 9
    cat = await discord_server.upload("a cat.png", b"cat")
    fields = {"word": "swiftly", "size": ["large"], "picture": [cat]}
    sent = await discord_server.submit_modal(opened.id, fields)
    answer = await discord_server.wait_for_answer(sent.id)
    message = await discord_server.message(answer.message_id or 0)
    assert message.content == "a fox/swiftly/large/a_cat.png"


async def test_a_context_menu_shows_its_message(discord_server: DiscordServer, bot: Bot) -> None:
    said = await bot.channel.send("hello")
    used = await discord_server.context_menu("Details", message_id=said.id)
    answer = await discord_server.wait_for_answer(used.id)
    assert (await discord_server.message(answer.message_id or 0)).content == "it says hello"


async def test_only_one_answer(discord_server: DiscordServer, bot: Bot) -> None:
    interaction = await hear(bot, discord_server)
    callback = await interaction.response.send_message("once")
    assert callback.message_id is not None
    interaction.response._response_type = None
    with pytest.raises(discord.HTTPException) as refused:
        await interaction.response.send_message("twice")
    assert refused.value.code == 40060


async def test_a_late_answer_is_refused(discord_server: DiscordServer, bot: Bot) -> None:
    await discord_server.set_rules(Rules(answer_seconds=0))
    interaction = await hear(bot, discord_server)
    with pytest.raises(discord.NotFound) as refused:
        await interaction.response.defer()
    assert refused.value.code == 10062


async def test_a_token_dies(discord_server: DiscordServer, bot: Bot) -> None:
    interaction = await hear(bot, discord_server)
    with pytest.raises(discord.NotFound) as early:
        await interaction.followup.send("too early")
    assert early.value.code == 10015
    await interaction.response.defer(thinking=True)
    await discord_server.set_rules(replace(await discord_server.get_rules(), token_seconds=0))
    with pytest.raises(discord.HTTPException) as refused:
        await interaction.edit_original_response(content="too late")
    assert refused.value.code == 50027


async def test_the_first_followup_fills_thinking(discord_server: DiscordServer, bot: Bot) -> None:
    interaction = await hear(bot, discord_server)
    await interaction.response.defer(thinking=True)
    original = await interaction.original_response()
    first = await interaction.followup.send("here", wait=True)
    second = await interaction.followup.send("more", wait=True)
    assert first.id == original.id
    assert second.id != original.id
    await second.edit(content="less")
    await second.delete()
    await interaction.delete_original_response()
    left = [m.content for m in await discord_server.messages()]
    assert left == ["press"]


async def test_a_button_may_change_its_message(discord_server: DiscordServer, bot: Bot) -> None:
    interaction = await hear(bot, discord_server)
    await interaction.response.edit_message(content="pressed", view=None)
    [message] = await discord_server.messages()
    assert message.content == "pressed"
    assert message.payload["components"] == []
    assert message.edits == 1


async def test_a_user_installed_bot_has_five_followups(
    discord_server: DiscordServer, bot: Bot
) -> None:
    guild = await discord_server.add_guild("Elsewhere", bot_present=False)
    channel = await discord_server.add_channel(guild, "foreign")
    heard = asyncio.ensure_future(bot.wait_for("interaction", timeout=PATIENCE_SECONDS))
    await asyncio.sleep(0)
    await discord_server.slash("form", where=Where(channel_id=channel))
    interaction = await heard
    assert interaction.is_user_integration()
    assert not interaction.is_guild_integration()
    for number in range(5):
        await interaction.followup.send(str(number), wait=True)
    with pytest.raises(discord.HTTPException) as refused:
        await interaction.followup.send("5", wait=True)
    assert refused.value.code == 40094
    with pytest.raises(discord.Forbidden) as denied:
        await bot.get_partial_messageable(channel).send("x")
    assert denied.value.code == 50001
