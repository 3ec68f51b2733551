"""The button under an open job."""

from __future__ import annotations

import discord

from bot.domain.ids import UserId
from bot.domain.job import Job
from bot.domain.standing import Phase, Standing, phase_of
from bot.ui import wording
from bot.ui.job_button import PREFIX, JobButton, services_of
from bot.ui.lasting import lasting_view

_CANCELLABLE = frozenset({Phase.WAITING, Phase.DRAWING})


class CancelButton(JobButton, template=rf"{PREFIX}:cancel:(\d+)"):
    """Takes an open job back."""

    action = "cancel"
    label = "Cancel"
    style = discord.ButtonStyle.danger

    async def pressed(self, interaction: discord.Interaction, job: Job) -> None:
        """Cancel and say what it cost."""
        services = services_of(interaction)
        cancelled = await services.jobs.cancel(job.id, UserId(interaction.user.id))
        if (phase := phase_of(cancelled)) is Phase.OVER:
            text = wording.closed_acknowledgement(cancelled)
        else:
            standing = Standing(phase=phase)
            text = wording.acknowledgement(cancelled, standing, defaults=services.program_defaults)
        await interaction.response.edit_message(content=text, view=None)


def open_job_view(job: Job, phase: Phase) -> discord.ui.View:
    """Return the buttons of an acknowledgement: Cancel, as long as that is possible."""
    return lasting_view(CancelButton(job.id)) if phase in _CANCELLABLE else lasting_view()
