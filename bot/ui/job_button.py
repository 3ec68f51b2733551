"""Buttons that work for ever: the job's id is in the `custom_id`, nothing is kept in memory."""

from __future__ import annotations

import re
from typing import Any, Protocol, cast, runtime_checkable

import discord

from bot.domain.ids import JobId
from bot.domain.job import Job
from bot.services import Services
from bot.speech import _
from bot.ui.answers import privately
from bot.ui.lasting import NumberedButton

PREFIX = "imagine"


@runtime_checkable
class HasServices(Protocol):
    """What buttons need of the bot."""

    @property
    def services(self) -> Services:
        """The use cases."""
        ...


def services_of(interaction: discord.Interaction) -> Services:
    """Return the use cases from the bot that received the interaction."""
    return cast("HasServices", interaction.client).services


def custom_id(action: str, job_id: JobId) -> str:
    """Return the id of a button on a job's message."""
    return f"{PREFIX}:{action}:{job_id}"


def job_id_of(custom_id: str) -> JobId | None:
    """Read the job's id back from a button."""
    match = re.fullmatch(rf"{PREFIX}:[a-z]+\d?:(\d+)", custom_id)
    return JobId(int(match[1])) if match else None


def job_shown_in(message: discord.Message) -> JobId | None:
    """Return the job whose buttons a message bears."""
    found = (job_id_of(each) for each in custom_ids(message))
    return next((job_id for job_id in found if job_id is not None), None)


def custom_ids(message: discord.Message) -> list[str]:
    """Return the ids of a message's buttons."""
    return [
        getattr(item, "custom_id", None) or ""
        for row in message.components
        if isinstance(row, discord.ActionRow)
        for item in row.children
    ]


class JobButton(NumberedButton, template=rf"{PREFIX}:none:(\d+)"):
    """A button on a job's message; subclasses say what it does."""

    action = "none"
    label = ""
    """To be translated."""
    emoji: str | None = None
    style = discord.ButtonStyle.secondary

    def __init__(self, job_id: JobId) -> None:
        self.job_id = job_id
        super().__init__(
            discord.ui.Button(
                label=self.label and _(self.label),
                emoji=self.emoji,
                style=self.style,
                custom_id=custom_id(self.action, job_id),
            )
        )

    async def callback(self, interaction: discord.Interaction) -> Any:
        """Answer a press; refusals are private."""
        async with privately(interaction):
            await self.pressed(interaction, await services_of(interaction).jobs.get(self.job_id))

    async def pressed(self, interaction: discord.Interaction, job: Job) -> None:
        """Do what the button is for."""
        raise NotImplementedError
