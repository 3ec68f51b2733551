"""Which permissions the bot needs to post its results, and which of them it lacks."""

from __future__ import annotations

import discord

from bot.speech import _


def missing_to_post(allowed: discord.Permissions, *, in_thread: bool) -> tuple[str, ...]:
    """Return what is missing, by the names Discord's own settings show."""
    may_send = allowed.send_messages_in_threads if in_thread else allowed.send_messages
    needed = {
        _("View Channel"): allowed.view_channel,
        _("Send Messages in Threads") if in_thread else _("Send Messages"): may_send,
        _("Attach Files"): allowed.attach_files,
    }
    return tuple(name for name, granted in needed.items() if not granted)


def missing_of(needed: discord.Permissions, granted: discord.Permissions) -> tuple[str, ...]:
    """Return what of `needed` is missing, by the names Discord's own settings show."""
    if granted.administrator:
        return ()
    lacking = needed & ~granted
    return tuple(_shown(name) for name, is_set in lacking if is_set)


def _shown(name: str) -> str:
    return "View Channel" if name == "read_messages" else name.replace("_", " ").title()


def missing_in(channel: object) -> tuple[str, ...]:
    """Return what the bot lacks in a channel it knows; nothing where it cannot tell."""
    if isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        allowed = channel.permissions_for(channel.guild.me)
        return missing_to_post(allowed, in_thread=isinstance(channel, discord.Thread))
    return ()


def missing_here(interaction: discord.Interaction) -> tuple[str, ...]:
    """Return what the bot lacks where an interaction came from, in a server of its own."""
    if interaction.guild_id is None or not is_member(interaction, interaction.guild_id):
        return ()
    in_thread = isinstance(interaction.channel, discord.Thread)
    return missing_to_post(interaction.app_permissions, in_thread=in_thread)


def is_member(interaction: discord.Interaction, guild_id: int) -> bool:
    """Tell whether the bot is in the server, or was only brought along by the person asking."""
    return interaction.is_guild_integration() or (
        interaction.client.get_guild(guild_id) is not None
    )


def can_post(interaction: discord.Interaction) -> bool:
    """Tell whether the bot may post by itself where an interaction came from."""
    if interaction.guild_id is None:
        return interaction.context.dm_channel
    return is_member(interaction, interaction.guild_id) and not missing_here(interaction)
