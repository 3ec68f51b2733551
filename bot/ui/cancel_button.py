"""The button under an open job."""

from __future__ import annotations

import discord

from bot.domain.ids import UserId
from bot.domain.job import Job
from bot.ui import wording
from bot.ui.job_button import PREFIX, JobButton, button_row, services_of


class CancelButton(JobButton, template=rf"{PREFIX}:cancel:(\d+)"):
    """Takes an open job back."""

    action = "cancel"
    label = "Cancel"
    style = discord.ButtonStyle.danger

    async def pressed(self, interaction: discord.Interaction, job: Job) -> None:
        """Cancel and say what it cost."""
        services = services_of(interaction)
        cancelled = await services.jobs.cancel(job.id, UserId(interaction.user.id))
        text = wording.acknowledgement(
            cancelled, place=None, due_at_ms=None, defaults=services.program_defaults
        )
        if cancelled.submitted_at_ms is None:
            text = wording.closed_acknowledgement(cancelled)
        await interaction.response.edit_message(content=text, view=None)


def open_job_view(job: Job) -> discord.ui.View:
    """Return the buttons of an acknowledgement."""
    return button_row() if job.cancel_requested_at_ms else button_row(CancelButton(job.id))
