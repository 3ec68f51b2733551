"""A server, and a small bot of real discord.py connected to it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import discord
import pytest
from discord import app_commands

from tests.discord_server import DiscordServer
from tests.discord_server.wiring import running_client, until_told_of_guilds


class Form(discord.ui.Modal, title="Edit"):
    """Asks for another prompt, a word, a choice and a picture."""

    def __init__(self) -> None:
        super().__init__()
        self.prompt = discord.ui.TextInput[Form](custom_id="prompt", default="a fox")
        self.word = discord.ui.TextInput[Form](custom_id="word", required=False)
        options = [discord.SelectOption(label=size) for size in ("small", "large")]
        self.size = discord.ui.Select[Form](custom_id="size", options=options)
        self.picture = discord.ui.FileUpload[Form](custom_id="picture", required=False)
        self.add_item(discord.ui.TextDisplay[Any]("Change what you like"))
        for text in ("prompt", "word", "size", "picture"):
            self.add_item(discord.ui.Label[Form](text=text, component=getattr(self, text)))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        files = [file.filename for file in self.picture.values]
        answer = [self.prompt.value, self.word.value, *self.size.values, *files]
        await interaction.response.send_message("/".join(answer))


class Again(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"again:(?P<job>\d+)"
):
    """A button that works for ever."""

    def __init__(self, job: int) -> None:
        self.job = job
        super().__init__(discord.ui.Button(label="Again", custom_id=f"again:{job}"))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: object, match: object):
        del interaction, item
        return cls(int(match["job"]))  # type: ignore[index]

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"again {self.job}", ephemeral=True)


class Bot(discord.Client):
    """Knows `/imagine`, `/form`, one context menu and one button."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.default(), guild_ready_timeout=0.05)
        self.tree = app_commands.CommandTree(self)
        self.tree.command(name="imagine", description="Draw")(imagine)
        self.tree.command(name="form", description="Ask")(form)
        settings = app_commands.Group(name="settings", description="Settings")
        settings.command(name="show", description="Show")(show)
        self.tree.add_command(settings)
        self.tree.context_menu(name="Details")(details)
        self.seen: list[discord.Message] = []

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Again)

    async def on_message(self, message: discord.Message) -> None:
        self.seen.append(message)

    @property
    def channel(self) -> discord.TextChannel:
        return next(c for c in self.get_all_channels() if isinstance(c, discord.TextChannel))


async def models(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    del interaction
    return [app_commands.Choice(name=f"{current}-1", value="1")]


@app_commands.describe(prompt="What to draw")
@app_commands.autocomplete(model=models)
async def imagine(
    interaction: discord.Interaction,
    prompt: str,
    model: str | None = None,
    picture: discord.Attachment | None = None,
) -> None:
    await interaction.response.defer()
    size = len(await picture.read()) if picture else 0
    await interaction.edit_original_response(content=f"{prompt} {model} {size}")


async def form(interaction: discord.Interaction) -> None:
    await interaction.response.send_modal(Form())


async def show(interaction: discord.Interaction, user: discord.User) -> None:
    await interaction.response.send_message(f"{user.name} in {interaction.channel}")


async def details(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"it says {message.content}", ephemeral=True)


@pytest.fixture
async def discord_server() -> AsyncGenerator[DiscordServer]:
    async with DiscordServer() as server:
        yield server


@pytest.fixture
async def bot(discord_server: DiscordServer) -> AsyncGenerator[Bot]:
    client = Bot()
    async with running_client(client, discord_server.address):
        await until_told_of_guilds(client)
        yield client
