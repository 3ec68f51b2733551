"""`/queue` and `/cancel` at work."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Self, cast

import discord

from bot.domain.ids import JobId, UserId
from bot.domain.job import Job, JobStatus
from bot.domain.ports import JobRef
from bot.errors import InvalidRequest, Problem
from bot.services import Services
from bot.speech import _
from bot.ui import queue_words, wording
from bot.ui.answers import NO_MENTIONS, answer_privately, privately
from bot.ui.job_button import PREFIX, services_of
from bot.ui.lasting import lasting_view
from bot.ui.shortening import shorten
from bot.ui.wording import MESSAGE_LIMIT

_MOST_OPTIONS = 25
_LARGEST_ID = 2**63 - 1


class QueueControl(
    discord.ui.DynamicItem[discord.ui.Item[Any]], template=rf"{PREFIX}:queue:(?P<act>[a-z]+)"
):
    """The menu and the button of `/queue`."""

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, item: discord.ui.Item[Any], _match: re.Match[str]
    ) -> Self:
        """Take the control as it stands in the message."""
        return cls(item)

    async def callback(self, interaction: discord.Interaction) -> Any:
        """Cancel what was chosen, if anything, and show how things stand now."""
        async with privately(interaction):
            services = services_of(interaction)
            data = cast("Mapping[str, Any]", interaction.data or {})
            notes = [await cancel(interaction, services, each) for each in data.get("values", [])]
            text, view = await _page(interaction, services)
            await interaction.response.edit_message(
                content=shorten("\n".join([*notes, text]), MESSAGE_LIMIT),
                view=view,
                allowed_mentions=NO_MENTIONS,
            )


async def show_queue(interaction: discord.Interaction, services: Services) -> None:
    """Answer privately with the member's own jobs and how many others there are."""
    text, view = await _page(interaction, services)
    await interaction.response.send_message(
        text, view=view, ephemeral=True, allowed_mentions=NO_MENTIONS, suppress_embeds=True
    )


async def tell_cancelled(
    interaction: discord.Interaction, services: Services, chosen: str | None
) -> None:
    """Cancel a job, the newest where none was chosen, and say privately what it cost.

    Raises:
        UserError: there is nothing to cancel.
    """
    await answer_privately(interaction, await cancel(interaction, services, chosen))


async def cancel(interaction: discord.Interaction, services: Services, chosen: str | None) -> str:
    """Cancel one of the member's own jobs; return what became of it.

    Raises:
        UserError: it is not theirs, or done, or none.
    """
    user_id = UserId(interaction.user.id)
    if chosen is None:
        return queue_words.cancelled(await services.jobs.cancel_newest(user_id))
    if not (chosen.isascii() and chosen.isdigit() and int(chosen) <= _LARGEST_ID):
        raise InvalidRequest([Problem("job", _(queue_words.NOT_ONE_OF_YOURS))])
    return queue_words.cancelled(await services.jobs.cancel(JobId(int(chosen)), user_id))


async def cancellable(services: Services, user_id: UserId) -> Sequence[Job]:
    """Return the member's jobs that can be taken back, newest first, as many as a menu holds."""
    found = await services.jobs.open_of(user_id)
    return [job for job in found if job.cancel_requested_at_ms is None][:_MOST_OPTIONS]


async def _page(
    interaction: discord.Interaction, services: Services
) -> tuple[str, discord.ui.View]:
    own = await services.jobs.open_of(UserId(interaction.user.id))
    gate, engine = services.gate, services.engine
    text = queue_words.overview(
        [(job, _standing(job, services)) for job in own],
        waiting=engine.waiting,
        running=engine.running,
        paused_until_ms=gate.opens_at_ms if gate.is_closed else None,
    )
    jobs = [job for job in own if job.cancel_requested_at_ms is None][:_MOST_OPTIONS]
    menu = [_menu(jobs)] if jobs else []
    again = discord.ui.Button[Any](
        label=_(queue_words.LOOK_AGAIN), emoji="🔄", custom_id=f"{PREFIX}:queue:look"
    )
    return text, lasting_view(*menu, again)


def _standing(job: Job, services: Services) -> str:
    place = None
    if job.status is JobStatus.QUEUED:
        place = services.engine.ahead_of(JobRef(job.id, job.status, job.fair_tag))
    return wording.progress(services.standings.of(job, place))


def _menu(jobs: Sequence[Job]) -> discord.ui.Select[Any]:
    options = [
        discord.SelectOption(
            label=queue_words.label(job),
            value=str(job.id),
            description=queue_words.state(job),
        )
        for job in jobs
    ]
    return discord.ui.Select(
        custom_id=f"{PREFIX}:queue:cancel", placeholder=_(queue_words.CANCEL_ONE), options=options
    )
