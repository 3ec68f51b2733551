"""Has a model loaded again, by command or by the button under a job that failed without it."""

from __future__ import annotations

from collections.abc import Awaitable

import discord

from bot.domain.job import Job
from bot.speech import _
from bot.ui.answers import NO_MENTIONS
from bot.ui.askers import asker_of
from bot.ui.button_rows import RELOAD
from bot.ui.escaping import as_code
from bot.ui.job_button import PREFIX, JobButton, services_of
from bot.ui.wording import relative


class ReloadButton(JobButton, template=rf"{PREFIX}:{RELOAD.action}:(\d+)"):
    """Has the model of a failed job loaded, for who asked for the picture and for moderators."""

    action = RELOAD.action

    async def pressed(self, interaction: discord.Interaction, job: Job) -> None:
        """Ask for it."""
        loading = services_of(interaction).reloading.reload_for(asker_of(interaction), job)
        await _tell(interaction, job.request.model_id, loading)


async def reload_model(interaction: discord.Interaction, model_id: str) -> None:
    """Have any model loaded, for a moderator."""
    loading = services_of(interaction).reloading.reload(asker_of(interaction), model_id)
    await _tell(interaction, model_id, loading)


async def _tell(interaction: discord.Interaction, model_id: str, loading: Awaitable[int]) -> None:
    """Answer privately with when it is there; the service may take long to say yes."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    text = under_way(model_id, await loading)
    await interaction.followup.send(text, ephemeral=True, allowed_mentions=NO_MENTIONS)


def under_way(model_id: str, ready_at_ms: int) -> str:
    """Return the news that a model is being loaded, and when to ask again."""
    return _(
        "♻️ The image service loads {model}. It takes about two minutes: "
        "ask for pictures again {moment}.",
        model=as_code(model_id, 100),
        moment=relative(ready_at_ms),
    )
