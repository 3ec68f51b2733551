"""The button under an open job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord

from bot.domain.ids import UserId
from bot.domain.job import Job
from bot.domain.standing import Phase, Standing, phase_of
from bot.speech import N_, speaking
from bot.ui import wording
from bot.ui.job_button import PREFIX, JobButton, services_of
from bot.ui.lasting import lasting_view

_CANCELLABLE = frozenset({Phase.WAITING, Phase.DRAWING})


class CancelButton(JobButton, template=rf"{PREFIX}:cancel:(\d+)"):
    """Takes an open job back."""

    action = "cancel"
    label = N_("Cancel")
    style = discord.ButtonStyle.danger

    async def pressed(self, interaction: discord.Interaction, job: Job) -> None:
        """Cancel and say what it cost."""
        services = services_of(interaction)
        cancelled = await services.jobs.cancel(job.id, UserId(interaction.user.id))
        with speaking(job.origin.progress_locale):
            text = _taken_back(cancelled, services.program_defaults)
        await interaction.response.edit_message(content=text, view=None)


def _taken_back(job: Job, defaults: Mapping[str, Any]) -> str:
    if (phase := phase_of(job)) is Phase.OVER:
        return wording.closed_acknowledgement(job)
    return wording.acknowledgement(job, Standing(phase=phase), defaults=defaults)


def open_job_view(job: Job, phase: Phase) -> discord.ui.View:
    """Return the buttons of an acknowledgement: Cancel, as long as that is possible."""
    return lasting_view(CancelButton(job.id)) if phase in _CANCELLABLE else lasting_view()
