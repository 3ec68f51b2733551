"""The places and people the server knows, and what the bot may do there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.discord_server.errors import DiscordError, Json, Refusal
from tests.discord_server.ids import (
    ALICE_ID,
    BOB_ID,
    BOT_ID,
    CHANNEL_ID,
    GUILD_ID,
    OTHER_CHANNEL_ID,
    OWNER_ID,
)
from tests.discord_server.permissions import BOT_PERMISSIONS, EVERY_PERMISSION, Permission
from tests.discord_server.records import MIB

THREAD_TYPES = frozenset({10, 11, 12})
PRIVATE_TYPES = frozenset({1, 3})


@dataclass(slots=True)
class User:
    """A person, or the bot."""

    id: int
    name: str
    bot: bool = False
    accepts_dms: bool = True


@dataclass(slots=True)
class Channel:
    """A place for messages; `permissions` are the bot's there."""

    id: int
    name: str
    kind: int = 0
    """0 text, 1 direct messages, 3 group, 11 thread, 15 forum."""
    guild_id: int | None = None
    permissions: int = BOT_PERMISSIONS
    nsfw: bool = False
    parent_id: int | None = None
    recipients: list[int] = field(default_factory=list[int])
    deleted: bool = False


@dataclass(slots=True)
class Role:
    """A role of a guild."""

    id: int
    name: str
    permissions: int = 0


@dataclass(slots=True)
class Guild:
    """A server; where `bot_present` is false the bot is only installed by single users.

    One that `is_down` is listed at log-in, and nothing more is heard of it.
    """

    id: int
    name: str
    owner_id: int = OWNER_ID
    bot_present: bool = True
    is_down: bool = False
    file_limit: int = 10 * MIB
    locale: str = "en-US"
    permissions: int = BOT_PERMISSIONS
    """The bot's by its roles; single channels may differ."""
    roles: list[Role] = field(default_factory=list[Role])
    member_ids: list[int] = field(default_factory=list[int])


@dataclass(slots=True)
class World:
    """Everything configured: one bot, its guilds, their channels, the people."""

    users: dict[int, User] = field(default_factory=dict[int, User])
    guilds: dict[int, Guild] = field(default_factory=dict[int, Guild])
    channels: dict[int, Channel] = field(default_factory=dict[int, Channel])
    application: Json = field(default_factory=dict[str, Any])
    """Fields of the application that differ from those of `application_payload`."""

    def user(self, user_id: int) -> User:
        """Find a user or refuse as Discord does."""
        if user := self.users.get(user_id):
            return user
        raise DiscordError(Refusal.UNKNOWN_USER)

    def guild(self, guild_id: int) -> Guild:
        """Find a guild the bot can see."""
        guild = self.guilds.get(guild_id)
        if guild is None:
            raise DiscordError(Refusal.UNKNOWN_GUILD)
        if not guild.bot_present:
            raise DiscordError(Refusal.MISSING_ACCESS)
        return guild

    def channel(self, channel_id: int) -> Channel:
        """Find a channel that exists."""
        channel = self.channels.get(channel_id)
        if channel is None or channel.deleted:
            raise DiscordError(Refusal.UNKNOWN_CHANNEL)
        return channel

    def visible_channel(self, channel_id: int) -> Channel:
        """Find a channel the bot can see."""
        channel = self.channel(channel_id)
        if not self.permissions_in(channel) & Permission.VIEW_CHANNEL:
            raise DiscordError(Refusal.MISSING_ACCESS)
        return channel

    def permissions_in(self, channel: Channel) -> int:
        """Say what the bot may do; threads take their parent's permissions."""
        if channel.kind == 1:
            return EVERY_PERMISSION
        guild = self.guilds.get(channel.guild_id or 0)
        if guild is None or not guild.bot_present:
            return 0
        if channel.kind in THREAD_TYPES and channel.parent_id in self.channels:
            return self.channels[channel.parent_id].permissions
        return channel.permissions

    def require(self, channel: Channel, needed: Permission) -> None:
        """Refuse unless the bot has every one of the permissions."""
        if self.permissions_in(channel) & needed != needed:
            raise DiscordError(Refusal.MISSING_PERMISSIONS)

    def file_limit(self, guild_id: int | None) -> int:
        """Say how large one file may be."""
        guild = self.guilds.get(guild_id or 0)
        return guild.file_limit if guild else 10 * MIB

    def direct_channel(self, user_id: int) -> Channel | None:
        """Find the open direct messages with a user."""
        matches = (c for c in self.channels.values() if c.kind == 1 and c.recipients == [user_id])
        return next(matches, None)

    def guild_channels(self, guild_id: int) -> list[Channel]:
        """List a guild's living channels and threads."""
        return [c for c in self.channels.values() if c.guild_id == guild_id and not c.deleted]

    def joined_guilds(self) -> list[Guild]:
        """List the guilds the bot is a member of."""
        return [guild for guild in self.guilds.values() if guild.bot_present]


def first_world() -> World:
    """Build the world every server starts with; its ids are in `ids.py`."""
    people = [
        User(BOT_ID, "Imagine", bot=True),
        User(OWNER_ID, "olivia"),
        User(ALICE_ID, "alice"),
        User(BOB_ID, "bob"),
    ]
    guild = Guild(GUILD_ID, "Painters", member_ids=[person.id for person in people])
    channels = [
        Channel(CHANNEL_ID, "general", guild_id=GUILD_ID),
        Channel(OTHER_CHANNEL_ID, "gallery", guild_id=GUILD_ID),
    ]
    return World(
        users={person.id: person for person in people},
        guilds={guild.id: guild},
        channels={channel.id: channel for channel in channels},
    )
