"""Who asks, and where, as Discord tells with an interaction."""

from __future__ import annotations

from collections.abc import Iterator

import discord

from bot.domain.asker import Asker
from bot.domain.ids import ChannelId, GuildId, RoleId, UserId


def asker_of(interaction: discord.Interaction) -> Asker:
    """Describe the member behind an interaction to the rules.

    Discord sends roles and permissions with every interaction, so nothing is looked up.
    """
    user, guild_id = interaction.user, interaction.guild_id
    return Asker(
        user_id=UserId(user.id),
        guild_id=GuildId(guild_id or 0),
        channel_ids=tuple(_places(interaction)),
        role_ids=_roles(user, guild_id),
        age_restricted=_is_age_restricted(interaction.channel),
        manages_server=guild_id is not None and interaction.permissions.manage_guild,
        manages_messages=guild_id is not None and interaction.permissions.manage_messages,
    )


def member_asker(interaction: discord.Interaction, member: discord.User | discord.Member) -> Asker:
    """Describe another member of the interaction's server to the rules."""
    return Asker(
        user_id=UserId(member.id),
        guild_id=GuildId(interaction.guild_id or 0),
        role_ids=_roles(member, interaction.guild_id),
    )


def _roles(user: discord.User | discord.Member, guild_id: int | None) -> frozenset[RoleId]:
    roles = user.roles if isinstance(user, discord.Member) else []
    return frozenset(RoleId(role.id) for role in roles if role.id != guild_id)


def _places(interaction: discord.Interaction) -> Iterator[ChannelId]:
    """Yield the thread or channel, then what it lies in."""
    if interaction.channel_id is not None:
        yield ChannelId(interaction.channel_id)
    channel = interaction.channel
    if isinstance(channel, discord.Thread):
        yield ChannelId(channel.parent_id)
        channel = channel.parent
    category_id = getattr(channel, "category_id", None)
    if isinstance(category_id, int):
        yield ChannelId(category_id)


def _is_age_restricted(channel: object) -> bool:
    if isinstance(channel, discord.Thread):
        channel = channel.parent
    is_nsfw = getattr(channel, "is_nsfw", None)
    return bool(is_nsfw()) if callable(is_nsfw) else False
