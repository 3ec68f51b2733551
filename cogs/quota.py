"""`/quota`: what is left and when more comes back; for moderators, what holds in their server.

Discord does not run a command that has subcommands, so one's own quota is `/quota mine`.
"""

from __future__ import annotations

from typing import Literal

import discord
from discord import app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.domain.ids import RoleId, UserId
from bot.errors import InvalidRequest, Problem
from bot.services import Services
from bot.speech import _
from bot.ui import quota_words
from bot.ui.amounts import amounts_of, suggestions
from bot.ui.answers import answer_privately, privately
from bot.ui.askers import asker_of, member_asker
from bot.ui.command_groups import group_for_everywhere
from bot.ui.job_button import HasServices

Typed = Range[str, 1, 20]


class QuotaCog(commands.Cog):
    """Tells members about their quota, and lets moderators decide it."""

    quota = group_for_everywhere(
        "quota", "How many images you have left, and the limits of this server"
    )

    def __init__(self, services: Services) -> None:
        self._services = services

    @quota.command(name="mine", description="How many images you have left today")
    async def mine(self, interaction: discord.Interaction) -> None:
        """Answer privately."""
        async with privately(interaction):
            quotas = self._services.quotas
            status = await quotas.status(asker_of(interaction))
            await answer_privately(interaction, quota_words.own(status, quotas.costs))

    @quota.command(name="show", description="Moderators: a member's quota, or this server's rules")
    @app_commands.describe(member="Whose; leave it out for the rules of this server")
    async def show(
        self, interaction: discord.Interaction, member: discord.User | None = None
    ) -> None:
        """Answer privately."""
        async with privately(interaction):
            quotas, moderator = self._services.quotas, asker_of(interaction)
            if member is None:
                text = quota_words.of_server(await quotas.of_server(moderator))
            else:
                status = await quotas.status_of(moderator, member_asker(interaction, member))
                text = quota_words.of_member(UserId(member.id), status)
            await answer_privately(interaction, text)

    @quota.command(name="set", description="Moderators: how much may be asked for in this server")
    @app_commands.describe(
        role="Whose limit; leave it out for everybody",
        daily_images="Images a member may order in 24 hours: a number, or no limit",
        server_images="Images everybody together may order in 24 hours: a number, or no limit",
        at_once="Unfinished jobs a member may have at once: a number, or no limit",
        cooldown="Seconds between two requests of a member: a number, or no limit",
    )
    async def set_limits(
        self,
        interaction: discord.Interaction,
        role: discord.Role | None = None,
        daily_images: Typed | None = None,
        server_images: Typed | None = None,
        at_once: Typed | None = None,
        cooldown: Typed | None = None,
    ) -> None:
        """Change what was given and leave the rest."""
        async with privately(interaction):
            typed = {
                "daily_images": daily_images,
                "server_images": server_images,
                "at_once": at_once,
                "cooldown": cooldown,
            }
            role_id = None if role is None else _role_id(interaction, role)
            changes = amounts_of(typed, for_role=role is not None)
            rule = await self._services.quotas.change_rule(asker_of(interaction), role_id, changes)
            await answer_privately(interaction, quota_words.rule_changed(role_id, rule))

    @set_limits.autocomplete("daily_images")
    @set_limits.autocomplete("server_images")
    @set_limits.autocomplete("at_once")
    @set_limits.autocomplete("cooldown")
    async def _amounts(self, interaction: discord.Interaction, current: str) -> list[Choice[str]]:
        words = suggestions(for_role=interaction.namespace.role is not None)
        offered = dict.fromkeys([current.strip()[:100], *words])
        return [Choice(name=each, value=each) for each in offered if each]

    @quota.command(name="grant", description="Moderators: give a member extra images")
    @app_commands.describe(
        member="Who gets them",
        images="How many, beyond the daily limit of this server",
        hours="How long they can be used; 24 if left out",
    )
    async def grant(
        self,
        interaction: discord.Interaction,
        member: discord.User,
        images: Range[int, 1, 10_000],
        hours: Range[int, 1, 720] = 24,
    ) -> None:
        """Give them; the command's id makes a repeated delivery harmless."""
        async with privately(interaction):
            user_id = UserId(member.id)
            grant = await self._services.quotas.grant(
                asker_of(interaction), user_id, grant_id=interaction.id, images=images, hours=hours
            )
            await answer_privately(interaction, quota_words.granted(user_id, grant))

    @quota.command(name="reset", description="Moderators: let a member begin anew in this server")
    @app_commands.describe(member="Who begins anew")
    async def reset(self, interaction: discord.Interaction, member: discord.User) -> None:
        """Waive what they used."""
        async with privately(interaction):
            user_id = UserId(member.id)
            images = await self._services.quotas.reset(asker_of(interaction), user_id)
            await answer_privately(interaction, quota_words.was_reset(user_id, images))

    @quota.command(name="exempt", description="Moderators: free a role of this server's limits")
    @app_commands.describe(role="Which role", exempt="No: the limits hold for it again")
    async def exempt(
        self,
        interaction: discord.Interaction,
        role: discord.Role,
        exempt: Literal["yes", "no"] = "yes",
    ) -> None:
        """Free it, or take that back."""
        async with privately(interaction):
            role_id, free = _role_id(interaction, role), exempt == "yes"
            await self._services.quotas.exempt(asker_of(interaction), role_id, exempt=free)
            await answer_privately(interaction, quota_words.exempted(role_id, exempt=free))


def _role_id(interaction: discord.Interaction, role: discord.Role) -> RoleId:
    """Return a role's id; @everyone, whose id is the server's, is not one that members have."""
    if role.id == interaction.guild_id:
        words = _("for everybody, use `/quota set` without a role")
        raise InvalidRequest([Problem("role", words)])
    return RoleId(role.id)


async def setup(bot: commands.Bot) -> None:
    """Add the cog (called by discord.py)."""
    assert isinstance(bot, HasServices)  # noqa: S101
    await bot.add_cog(QuotaCog(bot.services))
