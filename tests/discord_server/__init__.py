"""A recording Discord: REST, gateway and CDN on loopback, for unmodified discord.py.

In the process:

    async with DiscordServer() as discord, running_client(bot, discord.address):
        used = await discord.slash("imagine", {"prompt": "a fox"})
        answer = await discord.wait_for_answer(used.id)

In a process of its own, with the same methods:

    async with spawned_discord() as discord:
        ...  # start `python -m tests.discord_server.wiring bot run`
"""

from __future__ import annotations

from tests.discord_server.control import Control
from tests.discord_server.errors import ControlError, NotConnectedError, NotSeenError
from tests.discord_server.faults import (
    answer_with,
    delay,
    delay_reply,
    drop_connection,
    lose_reply,
    too_many_requests,
)
from tests.discord_server.ids import (
    ADDRESS_VARIABLE,
    ALICE_ID,
    APPLICATION_ID,
    BOB_ID,
    BOT_ID,
    CHANNEL_ID,
    GUILD_ID,
    OTHER_CHANNEL_ID,
    OWNER_ID,
    TOKEN,
)
from tests.discord_server.permissions import BOT_PERMISSIONS, MEMBER_PERMISSIONS, Permission
from tests.discord_server.records import (
    Command,
    Fault,
    FileRecord,
    InteractionRecord,
    MessageRecord,
    RequestRecord,
    Rules,
    SessionRecord,
    Where,
)
from tests.discord_server.remote import RemoteDiscord, spawned_discord
from tests.discord_server.server import DiscordServer

__all__ = [
    "ADDRESS_VARIABLE",
    "ALICE_ID",
    "APPLICATION_ID",
    "BOB_ID",
    "BOT_ID",
    "BOT_PERMISSIONS",
    "CHANNEL_ID",
    "GUILD_ID",
    "MEMBER_PERMISSIONS",
    "OTHER_CHANNEL_ID",
    "OWNER_ID",
    "TOKEN",
    "Command",
    "Control",
    "ControlError",
    "DiscordServer",
    "Fault",
    "FileRecord",
    "InteractionRecord",
    "MessageRecord",
    "NotConnectedError",
    "NotSeenError",
    "Permission",
    "RemoteDiscord",
    "RequestRecord",
    "Rules",
    "SessionRecord",
    "Where",
    "answer_with",
    "delay",
    "delay_reply",
    "drop_connection",
    "lose_reply",
    "spawned_discord",
    "too_many_requests",
]
