"""What the buttons under finished jobs do."""

from __future__ import annotations

from typing import Any

import discord

from bot.domain.ids import UserId
from bot.domain.job import Job
from bot.errors import JobNotFound, NotAllowed
from bot.speech import speaking
from bot.ui import button_words
from bot.ui.answers import NO_MENTIONS, privately
from bot.ui.askers import asker_of
from bot.ui.asking_more import ask_for_more
from bot.ui.button_rows import (
    AGAIN,
    DELETE,
    DETAILS,
    EDIT,
    ENLARGE_2,
    ENLARGE_3,
    FAVOURITE,
    VARY,
    end_view,
)
from bot.ui.cancel_button import CancelButton
from bot.ui.details import show_details
from bot.ui.edit_form import DraftButton, open_edit_form
from bot.ui.job_button import PREFIX, JobButton, services_of
from bot.ui.locales import label_in, language_shown
from bot.ui.moderation import RemovalForm
from bot.ui.picking import PictureSelect, pick_and_ask
from bot.ui.reloading import ReloadButton


class AgainButton(JobButton, template=rf"{PREFIX}:{AGAIN.action}:(\d+)"):
    """Asks for the same with a new seed, on the quota of whoever presses."""

    action = AGAIN.action

    async def pressed(self, interaction: discord.Interaction, job: Job) -> None:
        """Submit the request once more."""
        approved = await services_of(interaction).approval.reuse(asker_of(interaction), job)
        await ask_for_more(interaction, job, AGAIN, approved)


class VaryButton(JobButton, template=rf"{PREFIX}:{VARY.action}:(\d+)"):
    """Asks for something like it."""

    action = VARY.action

    async def pressed(self, interaction: discord.Interaction, job: Job) -> None:
        """Submit it, or ask first which picture is meant."""
        await pick_and_ask(interaction, job, VARY)


class Enlarge2Button(JobButton, template=rf"{PREFIX}:{ENLARGE_2.action}:(\d+)"):
    """Asks for it twice as large."""

    action = ENLARGE_2.action

    async def pressed(self, interaction: discord.Interaction, job: Job) -> None:
        """Submit it, or ask first which picture is meant."""
        await pick_and_ask(interaction, job, ENLARGE_2)


class Enlarge3Button(JobButton, template=rf"{PREFIX}:{ENLARGE_3.action}:(\d+)"):
    """Asks for it three times as large."""

    action = ENLARGE_3.action

    async def pressed(self, interaction: discord.Interaction, job: Job) -> None:
        """Submit it, or ask first which picture is meant."""
        await pick_and_ask(interaction, job, ENLARGE_3)


class EditButton(JobButton, template=rf"{PREFIX}:{EDIT.action}:(\d+)"):
    """Offers what was asked for as a form to change."""

    action = EDIT.action

    async def pressed(self, interaction: discord.Interaction, job: Job) -> None:
        """Open the form."""
        await services_of(interaction).approval.let_reuse(asker_of(interaction), job)
        await open_edit_form(interaction, job.request, job=job)


class DetailsButton(JobButton, template=rf"{PREFIX}:{DETAILS.action}:(\d+)"):
    """Shows every parameter, privately."""

    action = DETAILS.action

    async def pressed(self, interaction: discord.Interaction, job: Job) -> None:
        """Show them."""
        await services_of(interaction).approval.let_reuse(asker_of(interaction), job)
        await show_details(interaction, job)


class FavouriteButton(JobButton, template=rf"{PREFIX}:{FAVOURITE.action}:(\d+)"):
    """Makes a member's own picture a favourite of their history, or no longer one."""

    action = FAVOURITE.action

    async def pressed(self, interaction: discord.Interaction, job: Job) -> None:
        """Change it, and show that in the message itself."""
        user_id = UserId(interaction.user.id)
        locale = await language_shown(interaction, job)
        if user_id != job.origin.user_id:
            raise NotAllowed(button_words.not_your_favourite(label_in(button_words.AGAIN, locale)))
        services = services_of(interaction)
        toggled = await services.history.toggle_favourite(user_id, job.id)
        with speaking(locale):
            view = end_view(toggled, services.approval.abilities)
        await interaction.response.edit_message(view=view, allowed_mentions=NO_MENTIONS)


class DeleteButton(JobButton, template=rf"{PREFIX}:{DELETE.action}:(\d+)"):
    """Removes the message; for a moderator, the picture everywhere, with an audit entry."""

    action = DELETE.action

    async def callback(self, interaction: discord.Interaction) -> Any:
        """Answer a press, also of somebody who had the job erased: the message still names them."""
        async with privately(interaction):
            try:
                job = await services_of(interaction).jobs.get(self.job_id)
            except JobNotFound:
                if (
                    interaction.message is None
                    or interaction.user not in interaction.message.mentions
                ):
                    raise
                await _delete_message(interaction)
            else:
                await self.pressed(interaction, job)

    async def pressed(self, interaction: discord.Interaction, job: Job) -> None:
        """Delete the requester's own message at once; ask a moderator why."""
        if interaction.user.id == job.origin.user_id:
            await _delete_message(interaction)
            return
        await services_of(interaction).moderation.let_remove(asker_of(interaction))
        await interaction.response.send_modal(RemovalForm(job.id))


async def _delete_message(interaction: discord.Interaction) -> None:
    await interaction.response.defer()
    await interaction.delete_original_response()


ALL_BUTTONS = (
    CancelButton,
    AgainButton,
    VaryButton,
    Enlarge2Button,
    Enlarge3Button,
    EditButton,
    DraftButton,
    PictureSelect,
    ReloadButton,
    DetailsButton,
    FavouriteButton,
    DeleteButton,
)
