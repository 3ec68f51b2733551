"""The least a discord.py bot can do: `/imagine` defers. Benchmarks measure ours against it.

With `--answer` it answers instead, with a text as long as ours and a button, and keeps nothing.

DISCORD_SERVER_ADDRESS=http://127.0.0.1:4711 python -m tests.discord_server.bare_bot
"""

from __future__ import annotations

import argparse
import asyncio

import discord
from discord import app_commands

from tests.discord_server.ids import TOKEN
from tests.discord_server.wiring import point_discord_py_by_environment


class BareBot(discord.Client):
    """A client with one command and nothing behind it."""

    def __init__(self, *, answers: bool) -> None:
        super().__init__(intents=discord.Intents.default(), max_messages=None)
        self.tree = app_commands.CommandTree(self)
        self.tree.command(name="imagine")(answer if answers else defer)


@app_commands.describe(prompt="What to draw")
async def defer(interaction: discord.Interaction, prompt: str) -> None:
    """Acknowledge, and leave it at that."""
    del prompt
    await interaction.response.defer()


@app_commands.describe(prompt="What to draw")
async def answer(interaction: discord.Interaction, prompt: str) -> None:
    """Answer with words and a button."""
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Cancel", custom_id=f"cancel:{interaction.id}"))
    view.stop()
    text = (
        f"🎨 <@{interaction.user.id}> — {prompt}\n"
        "⏳ **Waiting** · 8 before you · ready <t:1795490234:R>"
    )
    await interaction.response.send_message(text, view=view)


def main() -> None:
    """Run until killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uvloop", action="store_true", help="run on uvloop, as the real bot does")
    parser.add_argument("--answer", action="store_true", help="answer instead of deferring")
    options = parser.parse_args()
    if not point_discord_py_by_environment():
        raise SystemExit("DISCORD_SERVER_ADDRESS is not set")
    if options.uvloop:
        import uvloop  # noqa: PLC0415 — only where asked for

        uvloop.run(_run(answers=options.answer))
    else:
        asyncio.run(_run(answers=options.answer))


async def _run(*, answers: bool) -> None:
    async with BareBot(answers=answers) as bot:
        await bot.start(TOKEN)


if __name__ == "__main__":
    main()
