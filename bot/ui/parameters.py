"""Shows how a picture was made, and opens the form with it: from our record, or from the file."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from typing import Any, Self

import discord

from bot.domain.found import Found
from bot.domain.ids import UserId
from bot.domain.job import Job
from bot.errors import DeliveryError, JobNotFound, NotAllowed, UserError
from bot.findings import MAX_FILE_BYTES
from bot.services import Services
from bot.speech import _
from bot.ui import parameter_words as words
from bot.ui.answers import NO_MENTIONS, privately
from bot.ui.askers import asker_of
from bot.ui.details import show_details
from bot.ui.discord_calls import deadline
from bot.ui.edit_form import open_edit_form
from bot.ui.job_button import PREFIX, job_shown_in, services_of
from bot.ui.lasting import lasting_view

FETCH_SECONDS = 20.0
MOST_PICTURES = 10
_ENDINGS = (".png", ".jpg", ".jpeg", ".webp")


class UseFoundButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]], template=rf"{PREFIX}:found:(\d+:\d+)"
):
    """Opens the form with what was found in a file, as long as that is remembered."""

    def __init__(self, key: str, label: str = "") -> None:
        self._key = key
        super().__init__(
            discord.ui.Button(
                label=label or _(words.USE_THE_ONLY),
                emoji="📝",
                custom_id=f"{PREFIX}:found:{key}",
            )
        )

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Build the button again from its id."""
        return cls(match[1])

    async def callback(self, interaction: discord.Interaction) -> Any:
        """Open the form, or say that it must be looked for again."""
        async with privately(interaction):
            findings = services_of(interaction).findings
            request = findings.recall(self._key, UserId(interaction.user.id))
            if request is None:
                raise NotAllowed(words.forgotten())
            await open_edit_form(interaction, request)


async def show_parameters(interaction: discord.Interaction, message: discord.Message) -> None:
    """Answer privately with the parameters of a message's pictures.

    Raises:
        UserError: there are none, or the server keeps them to the requester.
    """
    job = await _reusable_job(interaction, message)
    if job is not None:
        await show_details(interaction, job)


async def use_parameters(interaction: discord.Interaction, message: discord.Message) -> None:
    """Open the form with the parameters of a message's picture.

    A file must be fetched first, and after that Discord opens no form but from a button.

    Raises:
        UserError: there are none, or the server keeps them to the requester.
    """
    job = await _reusable_job(interaction, message)
    if job is not None:
        await open_edit_form(interaction, job.request, job=job)


async def _reusable_job(interaction: discord.Interaction, message: discord.Message) -> Job | None:
    """Return the job that a message shows; None where what its files say was shown instead.

    Raises:
        UserError: there are no parameters, or the server keeps them to the requester.
    """
    job = await _job_in(interaction, message)
    if job is None:
        await _show_found(interaction, message)
        return None
    await services_of(interaction).approval.let_reuse(asker_of(interaction), job)
    return job


async def _job_in(interaction: discord.Interaction, message: discord.Message) -> Job | None:
    """Return the job that a message of ours shows, if we still know it.

    Anybody's bot can put an id on a button: only our own messages are believed.
    """
    own = interaction.client.user
    job_id = job_shown_in(message) if own and message.author.id == own.id else None
    if job_id is None:
        return None
    services = services_of(interaction)
    try:
        return await services.jobs.get(job_id)
    except JobNotFound:
        if not await services.approval.are_open(asker_of(interaction)):
            raise
        return None


async def _show_found(interaction: discord.Interaction, message: discord.Message) -> None:
    pictures = list(_pictures_in(message))[:MOST_PICTURES]
    if not pictures:
        raise NotAllowed(_(words.NO_PICTURE))
    await interaction.response.defer(ephemeral=True, thinking=True)
    services, parts = services_of(interaction), list[str]()
    buttons: list[UseFoundButton] = []
    for number, picture in enumerate(pictures, 1):
        found = await _look_into(services, picture)
        if isinstance(found, str):
            parts.append(found)
            continue
        parts.append(words.found(found, brief=len(pictures) > 1))
        if "prompt" in found.attributes:
            with contextlib.suppress(UserError):  # it may be read where it may not be used
                buttons.append(await _offer(interaction, found, number, pictures))
    await interaction.followup.send(
        words.report(parts),
        view=lasting_view(*buttons) if buttons else discord.utils.MISSING,
        ephemeral=True,
        allowed_mentions=NO_MENTIONS,
    )


async def _look_into(services: Services, picture: discord.Attachment) -> Found | str:
    """Return what a file says, or why it says nothing."""
    if picture.size > MAX_FILE_BYTES:
        return _(words.TOO_LARGE)
    async with services.findings.room:
        try:
            async with deadline(FETCH_SECONDS):
                data = await picture.read()
        except DeliveryError:
            return _(words.NOT_FETCHED)
        found = await services.findings.look_into(data, services.catalogue.known)
        return found or _(words.NOTHING_FOUND)


async def _offer(
    interaction: discord.Interaction,
    found: Found,
    number: int,
    pictures: Sequence[discord.Attachment],
) -> UseFoundButton:
    """Remember what was found, and return the button that opens the form with it."""
    services, key = services_of(interaction), f"{interaction.id}:{number}"
    request = await services.approval.filled_up(asker_of(interaction), found.attributes)
    services.findings.keep(key, UserId(interaction.user.id), request)
    return UseFoundButton(key, words.use_one_of_several(number) if len(pictures) > 1 else "")


def _pictures_in(message: discord.Message) -> Iterator[discord.Attachment]:
    """Yield what is attached to a message, or to one that was forwarded with it."""
    attached = [*message.attachments]
    for snapshot in message.message_snapshots:
        attached += snapshot.attachments
    for each in attached:
        kind = each.content_type or ""
        if kind.startswith("image/") or each.filename.lower().endswith(_ENDINGS):
            yield each
