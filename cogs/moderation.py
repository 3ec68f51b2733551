"""`/block`, `/unblock`, `/audit`, and the Report entry of a picture's menu."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from bot.domain.ids import UserId
from bot.domain.moderation import MAX_REASON, parse_duration
from bot.errors import JobNotFound
from bot.services import Services
from bot.speech import _
from bot.ui.answers import NO_MENTIONS, privately
from bot.ui.askers import asker_of
from bot.ui.audit import EarlierButton, show_audit
from bot.ui.job_button import HasServices, job_shown_in
from bot.ui.moderation import BlockButton, RemoveButton, ReportForm, blocked

Reason = Range[str, 1, MAX_REASON]
_LENGTHS = ("1h", "12h", "1d", "7d", "30d")


class ModerationCog(commands.Cog):
    """What moderators do to members and pictures."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="block", description="Keep a member from making pictures here")
    @app_commands.describe(
        member="Whom to block",
        duration="For how long, such as 12h, 7d or 2w; leave it out to block for good",
        reason="The member is told",
    )
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def block(
        self,
        interaction: discord.Interaction,
        member: discord.User,
        duration: Range[str, 1, 20] | None = None,
        reason: Reason | None = None,
    ) -> None:
        """Block a member."""
        async with privately(interaction):
            length = parse_duration(duration) if duration else None
            block = await self._services.moderation.block(
                asker_of(interaction), UserId(member.id), length=length, reason=reason
            )
            await interaction.response.send_message(
                blocked(block), ephemeral=True, allowed_mentions=NO_MENTIONS
            )

    @block.autocomplete("duration")
    async def _durations(
        self, _interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        return [
            app_commands.Choice(name=each, value=each)
            for each in (current, *_LENGTHS)
            if each and each.startswith(current)
        ][:5]

    @app_commands.command(name="unblock", description="Let a blocked member make pictures again")
    @app_commands.describe(member="Whose block to lift", reason="Kept in the audit list")
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def unblock(
        self,
        interaction: discord.Interaction,
        member: discord.User,
        reason: Reason | None = None,
    ) -> None:
        """Lift a block."""
        async with privately(interaction):
            await self._services.moderation.unblock(
                asker_of(interaction), UserId(member.id), reason=reason
            )
            await interaction.response.send_message(
                _("{member} can make pictures here again.", member=member.mention),
                ephemeral=True,
                allowed_mentions=NO_MENTIONS,
            )

    @app_commands.command(name="audit", description="What moderators did with the bot here")
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def audit(self, interaction: discord.Interaction) -> None:
        """Show the newest acts."""
        async with privately(interaction):
            await show_audit(interaction, self._services)


@app_commands.context_menu(name="Report picture")
@app_commands.guild_only()
@app_commands.allowed_installs(guilds=True, users=False)
async def report_picture(interaction: discord.Interaction, message: discord.Message) -> None:
    """Open the form that tells the moderators of a picture."""
    async with privately(interaction):
        job_id = job_shown_in(message)
        if job_id is None:
            raise JobNotFound(_("That message shows no picture of mine."))
        await interaction.response.send_modal(ReportForm(job_id))


async def setup(bot: commands.Bot) -> None:
    """Add the cog (called by discord.py)."""
    assert isinstance(bot, HasServices)  # noqa: S101
    bot.add_dynamic_items(RemoveButton, BlockButton, EarlierButton)
    bot.tree.add_command(report_picture)
    await bot.add_cog(ModerationCog(bot.services))
