"""Asking for more from a finished picture: a job of its own, and a mark on the button used."""

from __future__ import annotations

import contextlib

import discord

from bot.approval import Approved
from bot.domain.job import Job
from bot.errors import DeliveryError, StorageError
from bot.speech import speaking
from bot.ui.asking import ask
from bot.ui.button_rows import DELETE, Look, end_view, shows_used
from bot.ui.discord_calls import EDIT_SECONDS, deadline
from bot.ui.job_button import custom_id, custom_ids, services_of
from bot.ui.locales import language_shown


async def ask_for_more(
    interaction: discord.Interaction, job: Job, look: Look, approved: Approved
) -> None:
    """Submit a request made from a job's, and show under its pictures that this was done.

    Raises:
        UserError: it was refused, and nothing was stored.
    """
    await ask(interaction, services_of(interaction), approved)
    await _mark(interaction, job, look)


async def _mark(interaction: discord.Interaction, job: Job, look: Look) -> None:
    """Note a button's use and show it; after the answer, since nobody waits for it."""
    services = services_of(interaction)
    pressed = _message_under(interaction, job)
    is_shown = job.was_reused(look.way) if pressed is None else shows_used(pressed, look, job)
    with contextlib.suppress(DeliveryError, StorageError):
        await services.precedence.step_aside()
        marked = await services.jobs.note_reuse(job.id, look.way)
        if marked is None or marked.removed_at_ms is not None or is_shown:
            return
        if (where := _where(marked, pressed)) is not None:
            locale = await language_shown(interaction, job) if pressed else job.origin.locale
            await _draw_anew(interaction, marked, where, locale)


def _message_under(interaction: discord.Interaction, job: Job) -> discord.Message | None:
    """Return the message whose button was pressed, if it shows the end of the job."""
    message = interaction.message
    is_end = message is not None and custom_id(DELETE.action, job.id) in custom_ids(message)
    return message if is_end else None


def _where(job: Job, pressed: discord.Message | None) -> tuple[int, int] | None:
    """Return channel and message to change: the one pressed, else that of the job's end."""
    if pressed is not None:
        return pressed.channel.id, pressed.id
    if job.message_id is None:
        return None
    return job.message_channel_id or job.origin.channel_id, job.message_id


async def _draw_anew(
    interaction: discord.Interaction, job: Job, where: tuple[int, int], locale: str
) -> None:
    """Change the buttons with our own token: that of the press went with the answer."""
    channel_id, message_id = where
    channel = interaction.client.get_partial_messageable(channel_id)
    with speaking(locale):
        view = end_view(job, services_of(interaction).approval.abilities)
    async with deadline(EDIT_SECONDS):
        await channel.get_partial_message(message_id).edit(view=view)
