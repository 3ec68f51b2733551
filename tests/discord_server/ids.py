"""The fixed names of the world every server starts with, known to all processes without asking."""

from __future__ import annotations

import base64

APPLICATION_ID = 700000000000000001
"""The bot's application; as with every newer bot, its user has the same id."""
BOT_ID = APPLICATION_ID
GUILD_ID = 700000000000000100
CHANNEL_ID = 700000000000000101
"""A text channel of the guild in which the bot may do everything it needs."""
OTHER_CHANNEL_ID = 700000000000000102
OWNER_ID = 700000000000000200
"""Owns the guild and the application."""
ALICE_ID = 700000000000000201
BOB_ID = 700000000000000202

TOKEN = (
    base64.b64encode(str(BOT_ID).encode()).decode().rstrip("=") + ".Grecor.discord-server-for-tests"
)
"""The only bot token the server takes; it has the shape of a real one."""

ADDRESS_VARIABLE = "DISCORD_SERVER_ADDRESS"
"""The environment variable that tells a bot process where the recording server listens."""
