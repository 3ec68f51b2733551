"""Who asks, and where: what every rule is decided from."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import DIRECT_MESSAGES, ChannelId, GuildId, RoleId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """A member at a place. Direct messages are server 0, where nobody is a moderator."""

    user_id: UserId
    guild_id: GuildId = DIRECT_MESSAGES
    channel_ids: tuple[ChannelId, ...] = ()
    """The thread, its channel, and the category: whatever of them there is, nearest first."""
    role_ids: frozenset[RoleId] = frozenset()
    age_restricted: bool = False
    manages_server: bool = False
    """Has Manage Server here; a role that the server names makes a moderator too."""
    manages_messages: bool = False
    """May delete others' messages in this channel."""
