"""The least a discord.py bot can do: `/imagine` defers. Benchmarks measure ours against it.

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

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.default(), max_messages=None)
        self.tree = app_commands.CommandTree(self)
        self.tree.command(name="imagine")(imagine)


@app_commands.describe(prompt="What to draw")
async def imagine(interaction: discord.Interaction, prompt: str) -> None:
    """Acknowledge, and leave it at that."""
    del prompt
    await interaction.response.defer()


def main() -> None:
    """Run until killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uvloop", action="store_true", help="run on uvloop, as the real bot does")
    if not point_discord_py_by_environment():
        raise SystemExit("DISCORD_SERVER_ADDRESS is not set")
    if parser.parse_args().uvloop:
        import uvloop  # noqa: PLC0415 — only where asked for

        uvloop.run(_run())
    else:
        asyncio.run(_run())


async def _run() -> None:
    async with BareBot() as bot:
        await bot.start(TOKEN)


if __name__ == "__main__":
    main()
