"""The one way from a person's wish to a queued job: every command and button goes through here."""

from __future__ import annotations

from collections.abc import Sequence

import discord
import structlog

from bot.domain.ids import ChannelId, GuildId, JobId, MessageId, UserId
from bot.domain.job import Job, Origin
from bot.domain.request import GenerationRequest
from bot.services import Services
from bot.ui import wording
from bot.ui.answers import NO_MENTIONS
from bot.ui.cancel_button import open_job_view

log = structlog.stdlib.get_logger(__name__)


async def ask(
    interaction: discord.Interaction,
    services: Services,
    request: GenerationRequest,
    *,
    dropped: Sequence[str] = (),
) -> None:
    """Submit a request and acknowledge it in the channel.

    Raises:
        UserError: it was refused, and nothing was stored.
    """
    job = await services.jobs.submit(JobId(interaction.id), origin_of(interaction), request)
    place = await services.jobs.place_in_queue(job.id)
    message_id = await _acknowledge(interaction, services, job, place, dropped)
    if message_id is not None:
        await services.jobs.acknowledged(job.id, message_id)


async def _acknowledge(
    interaction: discord.Interaction,
    services: Services,
    job: Job,
    place: int | None,
    dropped: Sequence[str],
) -> MessageId | None:
    """Say "queued". The job is stored: a failure here changes nothing about it."""
    due_at = services.clock.now_ms() + int(services.estimate.seconds_left(place) * 1000)
    text = wording.acknowledgement(
        job, place=place, due_at_ms=due_at, defaults=services.program_defaults, dropped=dropped
    )
    try:
        response = await interaction.response.send_message(
            text, view=open_job_view(job), allowed_mentions=NO_MENTIONS, suppress_embeds=True
        )
    except discord.HTTPException as error:
        log.warning("acknowledgement failed", job_id=job.id, status=error.status, code=error.code)
        return None
    return MessageId(response.message_id) if response.message_id else None


def origin_of(interaction: discord.Interaction) -> Origin:
    """Describe where an interaction came from and whether the bot may post there by itself."""
    return Origin(
        user_id=UserId(interaction.user.id),
        guild_id=GuildId(interaction.guild_id or 0),
        channel_id=ChannelId(interaction.channel_id or 0),
        application_id=interaction.application_id,
        interaction_token=interaction.token,
        can_post=_can_post(interaction),
        can_read_history=interaction.guild_id is None
        or interaction.app_permissions.read_message_history,
        upload_limit_bytes=interaction.filesize_limit,
    )


def _can_post(interaction: discord.Interaction) -> bool:
    if interaction.guild_id is None:
        return interaction.context.dm_channel
    allowed = interaction.app_permissions
    in_thread = isinstance(interaction.channel, discord.Thread)
    may_send = allowed.send_messages_in_threads if in_thread else allowed.send_messages
    at_home = interaction.is_guild_integration() or (
        interaction.client.get_guild(interaction.guild_id) is not None
    )
    return at_home and allowed.view_channel and may_send and allowed.attach_files
