"""The buttons under finished jobs."""

from __future__ import annotations

from typing import Any

import discord

from bot.domain.job import Job
from bot.errors import JobNotFound
from bot.ui import wording
from bot.ui.answers import privately
from bot.ui.askers import asker_of
from bot.ui.asking import ask
from bot.ui.cancel_button import CancelButton
from bot.ui.job_button import PREFIX, JobButton, button_row, services_of
from bot.ui.moderation import RemovalForm


class AgainButton(JobButton, template=rf"{PREFIX}:again:(\d+)"):
    """Asks for the same with a new seed, on the quota of whoever presses."""

    action = "again"
    label = "Again"
    emoji = "🔁"

    async def pressed(self, interaction: discord.Interaction, job: Job) -> None:
        """Submit the request once more."""
        services = services_of(interaction)
        await ask(interaction, services, await services.approval.reuse(asker_of(interaction), job))


class DetailsButton(JobButton, template=rf"{PREFIX}:details:(\d+)"):
    """Shows every parameter, privately."""

    action = "details"
    label = "Details"
    emoji = "🔎"

    async def pressed(self, interaction: discord.Interaction, job: Job) -> None:
        """Show them."""
        await services_of(interaction).approval.let_reuse(asker_of(interaction), job)
        await interaction.response.send_message(wording.details(job), ephemeral=True)


class DeleteButton(JobButton, template=rf"{PREFIX}:delete:(\d+)"):
    """Removes the message; for a moderator, the picture everywhere, with an audit entry."""

    action = "delete"
    label = "Delete"
    emoji = "🗑️"

    async def callback(self, interaction: discord.Interaction) -> Any:
        """Answer a press, also of somebody who had the job erased: the message still names them."""
        async with privately(interaction):
            try:
                job = await services_of(interaction).jobs.get(self.job_id)
            except JobNotFound:
                if (
                    interaction.message is None
                    or interaction.user not in interaction.message.mentions
                ):
                    raise
                await _delete_message(interaction)
            else:
                await self.pressed(interaction, job)

    async def pressed(self, interaction: discord.Interaction, job: Job) -> None:
        """Delete the requester's own message at once; ask a moderator why."""
        if interaction.user.id == job.origin.user_id:
            await _delete_message(interaction)
            return
        await services_of(interaction).moderation.let_remove(asker_of(interaction))
        await interaction.response.send_modal(RemovalForm(job.id))


async def _delete_message(interaction: discord.Interaction) -> None:
    await interaction.response.defer()
    await interaction.delete_original_response()


ALL_BUTTONS = (CancelButton, AgainButton, DetailsButton, DeleteButton)


def result_view(job: Job) -> discord.ui.View:
    """Return the buttons under finished pictures."""
    return button_row(AgainButton(job.id), DetailsButton(job.id), DeleteButton(job.id))


def failure_view(job: Job) -> discord.ui.View:
    """Return the button under bad news."""
    return button_row(AgainButton(job.id), DeleteButton(job.id))
