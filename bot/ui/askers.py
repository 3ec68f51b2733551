"""Who asks, and where, as Discord tells with an interaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import discord

from bot.domain.asker import Asker
from bot.domain.guild_settings import Place, Scope
from bot.domain.ids import ChannelId, GuildId, RoleId, UserId
from bot.domain.job import Origin


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


def asker_at(guild: discord.Guild, *places: Place) -> Asker:
    """Describe a member to whom the rules of a channel, of roles, or of both apply.

    Where no one channel is meant, that is in an age-restricted one: there the rules alone decide.
    """
    channel_id = next((each.id for each in places if each.scope is Scope.CHANNEL), None)
    channel = guild.get_channel_or_thread(channel_id) if channel_id else None
    is_one = channel is not None and not isinstance(channel, discord.CategoryChannel)
    return Asker(
        user_id=UserId(0),
        guild_id=GuildId(guild.id),
        channel_ids=(ChannelId(channel_id), *_around(channel)) if channel_id else (),
        role_ids=frozenset(RoleId(each.id) for each in places if each.scope is Scope.ROLE),
        age_restricted=not is_one or _is_age_restricted(channel),
    )


def asker_in(interaction: discord.Interaction, channel_id: int) -> Asker:
    """Describe who asks to the rules of a channel or thread of the same server."""
    asker = asker_of(interaction)
    if channel_id == interaction.channel_id or interaction.guild is None:
        return asker
    channel = interaction.guild.get_channel_or_thread(channel_id)
    places = (ChannelId(channel_id), *_around(channel))
    return replace(asker, channel_ids=places)


def anybody_at(origin: Origin, channel: object) -> Asker:
    """Describe nobody in particular, where a job was asked for, to the rules of that place."""
    places = (origin.channel_id, *_around(channel))
    return Asker(user_id=UserId(0), guild_id=origin.guild_id, channel_ids=places)


def _places(interaction: discord.Interaction) -> Iterator[ChannelId]:
    """Yield the thread or channel, then what it lies in."""
    if interaction.channel_id is not None:
        yield ChannelId(interaction.channel_id)
    yield from _around(interaction.channel)


def _around(channel: object) -> Iterator[ChannelId]:
    """Yield what a thread or channel lies in, nearest first."""
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
