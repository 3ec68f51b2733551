"""Asking for more from a finished picture: a job of its own, and a mark on the button used."""

from __future__ import annotations

import contextlib

import discord

from bot.approval import Approved
from bot.domain.job import Job
from bot.errors import DeliveryError, StorageError
from bot.ui.asking import ask
from bot.ui.button_rows import DELETE, Look, end_view, shows_used
from bot.ui.discord_calls import EDIT_SECONDS, deadline
from bot.ui.job_button import custom_id, custom_ids, services_of
from bot.ui.permissions import can_post


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
        if marked is None or is_shown:
            return
        async with deadline(EDIT_SECONDS):
            await _show(interaction, marked, pressed)


def _message_under(interaction: discord.Interaction, job: Job) -> discord.Message | None:
    """Return the message whose button was pressed, if it shows the job to everybody."""
    message = interaction.message
    if message is None or message.flags.ephemeral:
        return None
    return message if custom_id(DELETE.action, job.id) in custom_ids(message) else None


async def _show(
    interaction: discord.Interaction, job: Job, pressed: discord.Message | None
) -> None:
    """Draw the buttons anew: of the message pressed, else of the one that shows the job's end."""
    client, view = interaction.client, end_view(job)
    if pressed is not None and not can_post(interaction):
        await interaction.followup.edit_message(pressed.id, view=view)
    elif pressed is not None:
        channel = client.get_partial_messageable(pressed.channel.id)
        await channel.get_partial_message(pressed.id).edit(view=view)
    elif job.message_id and (job.message_channel_id or job.origin.can_post):
        channel = client.get_partial_messageable(job.message_channel_id or job.origin.channel_id)
        await channel.get_partial_message(job.message_id).edit(view=view)
