"""Pictures as members give them: uploaded, in a message, or by the link to one.

They are fetched while the command is handled: Discord's addresses of them run out.
"""

from __future__ import annotations

from dataclasses import dataclass

import discord

from bot.domain.ids import UserId
from bot.domain.job import TERMINAL, Job
from bot.domain.message_link import MessageLink, read_message_link
from bot.errors import DeliveryError, InvalidRequest, JobNotFound, NotAllowed, Problem, UserError
from bot.sources.words import MAX_BYTES, too_many_bytes
from bot.speech import _
from bot.ui import source_words as words
from bot.ui.askers import asker_in
from bot.ui.discord_calls import EDIT_SECONDS, deadline
from bot.ui.job_button import job_shown_in, services_of

DOWNLOAD_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class GivenPicture:
    """The bytes as they came, and whose picture it is."""

    data: bytes
    giver: UserId


async def picture_given(
    interaction: discord.Interaction,
    image: discord.Attachment | None,
    link: str | None,
    number: int | None,
) -> GivenPicture:
    """Fetch the one picture that a command names.

    Raises:
        UserError: it names none, or one that cannot be had.
    """
    if image is not None:
        return GivenPicture(await fetched(image), UserId(interaction.user.id))
    return await picture_in(interaction, await _linked(interaction, link or ""), number or 1)


def refuse_unclear(image: object, link: object) -> None:
    """Refuse a command that names no picture, or two.

    Raises:
        InvalidRequest: it does.
    """
    if (image is None) == (link is None):
        raise InvalidRequest([Problem("image", _(words.ONE_OF))])


async def fetched(attachment: discord.Attachment, option: str = "image") -> bytes:
    """Fetch an upload.

    Raises:
        UserError: it is too large, or Discord does not hand it out.
    """
    if attachment.size > MAX_BYTES:
        raise InvalidRequest([Problem(option, too_many_bytes())])
    try:
        async with deadline(DOWNLOAD_SECONDS):
            return await attachment.read()
    except DeliveryError:
        raise UserError(_(words.NOT_FETCHED)) from None


async def picture_in(
    interaction: discord.Interaction, message: discord.Message, number: int
) -> GivenPicture:
    """Fetch a picture out of a message; of ours, the copy we keep.

    Raises:
        UserError: there is none that this member may use.
    """
    job = await job_in(interaction, message)
    if job is not None:
        kept = await services_of(interaction).sources.picture_of(job, number - 1)
        if kept is None:
            raise JobNotFound(_(words.NO_LONGER_KEPT))
        return GivenPicture(kept.data, job.origin.user_id)
    attachment = attached_picture(message, number)
    return GivenPicture(await fetched(attachment), UserId(interaction.user.id))


async def job_in(interaction: discord.Interaction, message: discord.Message) -> Job | None:
    """Return the job whose pictures a message of ours shows.

    Raises:
        UserError: the place where they are keeps them to whoever asked for them.
    """
    own = interaction.client.user
    job_id = job_shown_in(message) if own is not None and message.author.id == own.id else None
    if job_id is None:
        return None
    services = services_of(interaction)
    job = await services.jobs.get(job_id)
    await services.approval.let_reuse(asker_in(interaction, message.channel.id), job)
    if job.status not in TERMINAL:
        raise NotAllowed(_(words.NOT_DONE))
    return job


def attached_picture(message: discord.Message, number: int) -> discord.Attachment:
    """Return a picture that somebody's message has with it.

    Raises:
        JobNotFound: there are none, or not so many.
    """
    pictures = [m for m in message.attachments if (m.content_type or "").startswith("image/")]
    if not pictures:
        raise JobNotFound(words.no_picture_here())
    if number > len(pictures):
        raise JobNotFound(_(words.NOT_THAT_MANY))
    return pictures[number - 1]


async def _linked(interaction: discord.Interaction, text: str) -> discord.Message:
    link = read_message_link(text)
    if not _may_read(interaction, link):
        raise NotAllowed(_(words.NOT_TO_BE_READ))
    channel = interaction.client.get_partial_messageable(link.channel_id, guild_id=link.guild_id)
    try:
        async with deadline(EDIT_SECONDS):
            return await channel.fetch_message(link.message_id)
    except DeliveryError:
        raise NotAllowed(_(words.CLOSED)) from None


def _may_read(interaction: discord.Interaction, link: MessageLink) -> bool:
    """Tell whether the member could open the link: we may be able to read more than they.

    Of private threads Discord does not tell us who is in them.
    """
    if link.guild_id != interaction.guild_id:
        return False
    member, guild = interaction.user, interaction.guild
    if link.channel_id == interaction.channel_id:
        return guild is None or interaction.permissions.read_message_history
    channel = guild.get_channel_or_thread(link.channel_id) if guild else None
    if channel is None or not isinstance(member, discord.Member):
        return False
    if isinstance(channel, discord.Thread) and channel.is_private():
        return False
    allowed = channel.permissions_for(member)
    return allowed.view_channel and allowed.read_message_history
