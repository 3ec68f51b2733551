"""Changing the world: rules, people, guilds, channels, permissions."""

from __future__ import annotations

from tests.discord_server.control.base import ControlBase
from tests.discord_server.ids import BOT_ID
from tests.discord_server.payloads import channel_payload, guild_payload
from tests.discord_server.permissions import BOT_PERMISSIONS
from tests.discord_server.records import MIB, Rules
from tests.discord_server.rest.applications import open_direct_channel
from tests.discord_server.world import THREAD_TYPES, Channel, Guild, Role, User


class WorldControl(ControlBase):
    """Control methods about places and people; connected bots hear of every change."""

    async def get_rules(self) -> Rules:
        """Read the rules in force."""
        return self.core.rules

    async def set_rules(self, rules: Rules) -> None:
        """Replace the rules; use `dataclasses.replace` to change one."""
        self.core.rules = rules

    async def add_user(
        self, name: str, *, user_id: int | None = None, guild_id: int | None = None
    ) -> int:
        """Add a person, perhaps as a member of a guild."""
        user = User(user_id or self.core.new_id(), name)
        self.core.world.users[user.id] = user
        if guild_id is not None:
            self.core.world.guilds[guild_id].member_ids.append(user.id)
        return user.id

    async def set_accepts_dms(self, user_id: int, *, accepts: bool) -> None:
        """Let direct messages to a user succeed, or fail with 50007."""
        self.core.world.user(user_id).accepts_dms = accepts

    async def add_guild(
        self,
        name: str,
        *,
        guild_id: int | None = None,
        bot_present: bool = True,
        file_limit: int = 10 * MIB,
        locale: str = "en-US",
    ) -> int:
        """Add a guild; without `bot_present` only its members have the bot installed."""
        guild = Guild(
            guild_id or self.core.new_id(),
            name,
            bot_present=bot_present,
            file_limit=file_limit,
            locale=locale,
            member_ids=[BOT_ID] if bot_present else [],
        )
        self.core.world.guilds[guild.id] = guild
        if bot_present:
            payload = guild_payload(guild, self.core.world)
            await self.core.announce_guild("GUILD_CREATE", guild.id, payload)
        return guild.id

    async def remove_guild(self, guild_id: int) -> None:
        """Let the bot be thrown out of a guild."""
        self.core.world.guilds[guild_id].bot_present = False
        await self.core.announce_guild("GUILD_DELETE", guild_id, {"id": str(guild_id)})

    async def take_down(self, guild_id: int) -> None:
        """Let a guild have an outage."""
        self.core.world.guilds[guild_id].is_down = True
        data = {"id": str(guild_id), "unavailable": True}
        await self.core.announce_guild("GUILD_DELETE", guild_id, data)

    async def add_role(self, guild_id: int, name: str, *, permissions: int = 0) -> int:
        """Add a role to a guild, to be named in `Where.role_ids`."""
        role = Role(self.core.new_id(), name, permissions)
        guild = self.core.world.guilds[guild_id]
        guild.roles.append(role)
        await self.core.announce_guild(
            "GUILD_UPDATE", guild_id, guild_payload(guild, self.core.world)
        )
        return role.id

    async def add_channel(
        self,
        guild_id: int | None,
        name: str,
        *,
        kind: int = 0,
        channel_id: int | None = None,
        permissions: int = BOT_PERMISSIONS,
        nsfw: bool = False,
        parent_id: int | None = None,
        recipients: tuple[int, ...] = (),
    ) -> int:
        """Add a channel, a thread (kind 11 with a parent), or a group (kind 3, no guild)."""
        channel = Channel(
            channel_id or self.core.new_id(),
            name,
            kind=kind,
            guild_id=guild_id,
            permissions=permissions,
            nsfw=nsfw,
            parent_id=parent_id,
            recipients=list(recipients),
        )
        self.core.world.channels[channel.id] = channel
        await self._announce_channel("CREATE", channel)
        return channel.id

    async def open_dm(self, user_id: int) -> int:
        """Find or open the direct messages between the bot and a user."""
        return open_direct_channel(self.core, user_id).id

    async def set_permissions(
        self, channel_id: int, permissions: int, *, announce: bool = True
    ) -> None:
        """Say what the bot may do in a channel; unannounced, its cache stays behind the truth."""
        channel = self.core.world.channels[channel_id]
        channel.permissions = permissions
        if announce:
            await self._announce_channel("UPDATE", channel)

    async def delete_channel(self, channel_id: int, *, announce: bool = True) -> None:
        """Delete a channel; requests about it get 10003 from now on."""
        channel = self.core.world.channels[channel_id]
        channel.deleted = True
        if announce:
            await self._announce_channel("DELETE", channel)

    async def _announce_channel(self, change: str, channel: Channel) -> None:
        guild = self.core.world.guilds.get(channel.guild_id or 0)
        if guild is None or not guild.bot_present:
            return
        event = "THREAD" if channel.kind in THREAD_TYPES else "CHANNEL"
        payload = channel_payload(channel, self.core.world)
        await self.core.announce_guild(f"{event}_{change}", guild.id, payload)
