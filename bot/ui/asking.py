"""The one way from a person's wish to a queued job: every command and button goes through here."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import discord
import structlog

from bot.approval import Approved
from bot.domain.ids import ChannelId, GuildId, JobId, MessageId, UserId
from bot.domain.job import Job, Origin
from bot.domain.ports import JobRef
from bot.domain.standing import Standing
from bot.services import Services
from bot.speech import _, speaking
from bot.ui import source_words, wording
from bot.ui.answers import NO_MENTIONS, answer_privately, kept_waiting
from bot.ui.cancel_button import open_job_view
from bot.ui.locales import language_of_place
from bot.ui.permissions import can_post, missing_here
from bot.ui.safety_words import rule_notes

log = structlog.stdlib.get_logger(__name__)


async def ask(
    interaction: discord.Interaction,
    services: Services,
    approved: Approved,
) -> None:
    """Submit an approved request and acknowledge it in the channel.

    Raises:
        UserError: it was refused, and nothing was stored.
    """
    with services.precedence.answering():
        job_id, origin = JobId(interaction.id), origin_of(interaction, approved)
        with speaking(origin.progress_locale):
            remarks = tuple(_remarks(approved))
        async with (
            kept_waiting(interaction),
            services.sources.held(job_id, origin.user_id, approved.request),
        ):
            limits = await services.quotas.limits_for(approved.asker)
            job = await services.jobs.submit(job_id, origin, approved.request, limits, remarks)
        place = services.engine.ahead_of(JobRef(job.id, job.status, job.fair_tag))
        standing = services.standings.of(job, place)
        with speaking(job.origin.progress_locale):
            message_id = await _acknowledge(interaction, services, job, standing)
    if message_id is not None:
        await services.precedence.step_aside()
        services.cards.put_up(job, standing)
        await services.jobs.acknowledged(job.id, message_id)
    if unseen := await services.jobs.point_out_unseen(job.origin.user_id):
        await answer_privately(interaction, wording.unseen_results(unseen))


async def foresee(
    interaction: discord.Interaction,
    services: Services,
    approved: Approved,
) -> None:
    """Refuse what the quota would not let through right now, before work is done for it.

    Raises:
        QuotaExceeded: this member can have no such pictures now.
    """
    limits = await services.quotas.limits_for(approved.asker)
    origin = origin_of(interaction, approved)
    await services.jobs.foresee(JobId(interaction.id), origin, approved.request, limits)


def _remarks(approved: Approved) -> Iterator[str]:
    if approved.dropped:
        yield wording.left_out(approved.dropped)
    if approved.beyond:
        yield wording.beyond_the_service(approved.beyond)
    if approved.meant:
        yield wording.misspelt(approved.request.model_id, approved.meant)
    if approved.foreign:
        yield wording.translated(approved.foreign)
    yield from map(_, approved.remarks)
    yield from rule_notes(approved)


async def _acknowledge(
    interaction: discord.Interaction,
    services: Services,
    job: Job,
    standing: Standing,
) -> MessageId | None:
    """Say "queued". The job is stored: whatever goes wrong here changes nothing about it."""
    text = wording.acknowledgement(
        job,
        standing,
        defaults=services.program_defaults,
        missing=missing_here(interaction),
    )
    content: dict[str, Any] = {
        "view": open_job_view(job, standing.phase),
        "ephemeral": job.origin.private_progress,
        "allowed_mentions": NO_MENTIONS,
        "suppress_embeds": True,
    }
    try:
        if interaction.response.is_done():
            return await _acknowledge_later(interaction, job, text, content)
        response = await interaction.response.send_message(text, **content)
    except Exception as error:
        log.warning("acknowledgement failed", job_id=job.id, exc_info=error)
        return None
    return MessageId(response.message_id) if response.message_id else None


async def _acknowledge_later(
    interaction: discord.Interaction, job: Job, text: str, content: Mapping[str, Any]
) -> MessageId:
    """Say it where something took long before, for which only the asker saw us wait.

    What follows a wait takes its place and is as private; only what comes after that need not be.
    """
    with speaking(str(interaction.locale)):
        taken = _(source_words.TAKEN) if job.request.init_image else f"⏳ {_('Waiting')}"
    await interaction.edit_original_response(content=taken)
    message = await interaction.followup.send(text, wait=True, **content)
    with contextlib.suppress(discord.HTTPException):
        await interaction.delete_original_response()
    return MessageId(message.id)


def origin_of(interaction: discord.Interaction, approved: Approved) -> Origin:
    """Describe where an interaction came from and what may be shown there by ourselves."""
    return Origin(
        user_id=UserId(interaction.user.id),
        guild_id=GuildId(interaction.guild_id or 0),
        channel_id=ChannelId(interaction.channel_id or 0),
        application_id=interaction.application_id,
        interaction_token=interaction.token,
        can_post=can_post(interaction),
        can_read_history=interaction.guild_id is None
        or interaction.app_permissions.read_message_history,
        upload_limit_bytes=interaction.filesize_limit,
        private_progress=approved.private_progress,
        flagged=approved.flagged,
        locale=language_of_place(interaction, approved.tongue),
        own_locale=str(interaction.locale),
    )
