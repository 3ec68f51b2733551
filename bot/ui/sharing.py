"""A picture from somebody's history shown again to everybody, and messages taken back."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import discord
import structlog

from bot.approval import Approved
from bot.domain.flagged import is_withheld
from bot.domain.guild_settings import Flagged
from bot.domain.ids import ChannelId, MessageId
from bot.domain.job import Job
from bot.domain.ports import Attachment
from bot.errors import DeliveryError, NotAllowed
from bot.services import Services
from bot.speech import _, listed, speaking
from bot.ui import history_words, upload_words
from bot.ui.answers import NO_MENTIONS
from bot.ui.askers import asker_of
from bot.ui.button_rows import result_view
from bot.ui.discord_calls import EDIT_SECONDS, POST_SECONDS, deadline
from bot.ui.locales import language_of_place
from bot.ui.permissions import can_post, missing_here
from bot.ui.shortening import shorten
from bot.ui.uploads import USUAL_LIMIT_BYTES, files_for, upload_of
from bot.ui.wording import MESSAGE_LIMIT

_NO_LINKS = upload_words.Links(own={}, api=())
"""The whole picture is in its owner's history."""

log = structlog.stdlib.get_logger(__name__)


async def offer(
    interaction: discord.Interaction, services: Services, job: Job
) -> Sequence[discord.File]:
    """Return a job's pictures for their owner to choose from, where they may be shown.

    Raises:
        UserError: not here, or there is nothing to show any more.
    """
    approved = await _let_share(interaction, services, job)
    await interaction.response.defer()
    pictures = await _pictures(services, job, approved.flagged)
    return await files_for(
        job, pictures, limit_bytes=interaction.filesize_limit, with_parameters=True
    )


async def post(
    interaction: discord.Interaction, services: Services, job: Job, number: int
) -> discord.Message:
    """Post one of a job's pictures, or all, for everybody in the channel; nobody is pinged.

    Raises:
        UserError: not here, or it is gone, or Discord did not take it.
    """
    approved = await _let_share(interaction, services, job)
    await interaction.response.defer()
    pictures = await _pictures(services, job, approved.flagged)
    chosen = pictures if number == 0 else pictures[number - 1 : number]
    with speaking(language_of_place(interaction, approved.tongue)):
        content = await _content(interaction, services, _as_here(job, approved.flagged), chosen)
    channel = interaction.client.get_partial_messageable(
        interaction.channel_id or 0, guild_id=interaction.guild_id
    )
    try:
        async with deadline(POST_SECONDS):
            return await channel.send(
                **content,
                nonce=str(interaction.id),
                allowed_mentions=NO_MENTIONS,
                suppress_embeds=True,
            )
    except DeliveryError as error:
        log.info("not shared", **job.log_context(), reason=str(error))
        raise NotAllowed(_("Discord did not take it. Try again in a moment.")) from error


async def _content(
    interaction: discord.Interaction, services: Services, job: Job, chosen: Sequence[Attachment]
) -> dict[str, Any]:
    """Return words, files and buttons."""
    with_parameters = await services.approval.are_open(asker_of(interaction))
    upload = await upload_of(
        job, chosen, limit_bytes=_limit_here(interaction), with_parameters=with_parameters
    )
    note = upload_words.fitting(job, upload, _NO_LINKS)
    text = history_words.shared(job, services.program_defaults)
    return {
        "content": shorten(text, MESSAGE_LIMIT - len(note)) + note,
        "files": upload.files,
        "view": result_view(job, services.approval.abilities),
    }


async def delete_messages(client: discord.Client, job: Job) -> None:
    """Delete what we posted of a job where we still can; of no consequence where not."""
    for channel_id, message_id in _posts(job):
        channel = client.get_partial_messageable(channel_id)
        with contextlib.suppress(DeliveryError):
            async with deadline(EDIT_SECONDS):
                await channel.get_partial_message(message_id).delete()


def _posts(job: Job) -> Iterator[tuple[ChannelId, MessageId]]:
    """Yield where the end of a job stands, and what was said when it was asked for."""
    if job.message_id and (job.message_channel_id or job.origin.can_post):
        yield job.message_channel_id or job.origin.channel_id, job.message_id
    asked = None if job.origin.private_progress else job.acknowledgement_id
    if asked and asked != job.message_id and job.origin.can_post:
        yield job.origin.channel_id, asked


async def _let_share(interaction: discord.Interaction, services: Services, job: Job) -> Approved:
    """Return what the server decided about showing it here.

    Raises:
        UserError: the bot may not post here, or the rules here are against it.
    """
    if missing := missing_here(interaction):
        raise NotAllowed(
            _(
                "I may not post here: I need the permission {permissions}.",
                permissions=listed(missing),
            )
        )
    if not can_post(interaction):
        raise NotAllowed(_("I can show it only where I am a member myself."))
    return await services.approval.let_show(asker_of(interaction), job)


async def _pictures(services: Services, job: Job, flagged: Flagged) -> Sequence[Attachment]:
    pictures = await services.history.shown_pictures(job)
    here = _as_here(job, flagged)
    shown = [each for each in pictures if not is_withheld(here, each.picture)]
    if not shown:
        raise NotAllowed(_("There is no picture to show: it is no longer kept, or hidden here."))
    return shown


def _as_here(job: Job, flagged: Flagged) -> Job:
    """Return the job as if it had been asked for where flagged pictures are treated so."""
    return job.model_copy(update={"origin": job.origin.model_copy(update={"flagged": flagged})})


def _limit_here(interaction: discord.Interaction) -> int:
    return interaction.guild.filesize_limit if interaction.guild else USUAL_LIMIT_BYTES
