"""Which picture of a set is meant: asked privately, of whoever pressed a button below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Self

import discord

from bot.approval import Approved
from bot.domain.ids import JobId
from bot.domain.job import Job
from bot.domain.reuse import WHOLE_SET, as_drawn, enlargement, variation
from bot.services import Services
from bot.ui import button_words
from bot.ui.answers import NO_MENTIONS, privately
from bot.ui.askers import asker_of
from bot.ui.asking_more import ask_for_more
from bot.ui.button_rows import ENLARGE_2, ENLARGE_3, VARY, Look
from bot.ui.job_button import PREFIX, services_of
from bot.ui.lasting import lasting_view

_LOOKS: Mapping[str, Look] = {each.action: each for each in (VARY, ENLARGE_2, ENLARGE_3)}


async def pick_and_ask(interaction: discord.Interaction, job: Job, look: Look) -> None:
    """Ask for more from a job's picture; where there are several, ask first which one is meant.

    Raises:
        UserError: it was refused.
    """
    services = services_of(interaction)
    approved = await _approve(interaction, services, job, look, WHOLE_SET)
    if job.request.samples == 1:
        await ask_for_more(interaction, job, look, approved)
        return
    await interaction.response.send_message(
        button_words.which_picture(job, look.label),
        view=lasting_view(PictureSelect(job.id, look, tuple(_options(services, job, look)))),
        ephemeral=True,
        allowed_mentions=NO_MENTIONS,
    )


class PictureSelect(
    discord.ui.DynamicItem[discord.ui.Select[Any]],
    template=rf"{PREFIX}:pick:(?P<action>[a-z]+\d?):(?P<job>\d+)",
):
    """The pictures of a set, each alone, and the whole set; it can be used more than once."""

    def __init__(
        self, job_id: JobId, look: Look, options: tuple[discord.SelectOption, ...] = ()
    ) -> None:
        self._job_id, self._look = job_id, look
        super().__init__(
            discord.ui.Select(
                custom_id=f"{PREFIX}:pick:{look.action}:{job_id}",
                placeholder=button_words.WHICH_PICTURE,
                options=list(options),
            )
        )

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Build the select again from its id."""
        select = cls(JobId(int(match["job"])), _LOOKS[match["action"]])
        assert isinstance(item, discord.ui.Select)  # noqa: S101
        select.item = item
        return select

    async def callback(self, interaction: discord.Interaction) -> Any:
        """Ask for what was chosen, on the quota of whoever chose."""
        async with privately(interaction):
            services = services_of(interaction)
            job = await services.jobs.get(self._job_id)
            number = int(self.item.values[0])
            approved = await _approve(interaction, services, job, self._look, number)
            await ask_for_more(interaction, job, self._look, approved)


async def _approve(
    interaction: discord.Interaction, services: Services, job: Job, look: Look, number: int
) -> Approved:
    asker = asker_of(interaction)
    if look is VARY:
        return await services.approval.vary(asker, job, number)
    return await services.approval.enlarge(asker, job, look.factor, number)


def _options(services: Services, job: Job, look: Look) -> Iterator[discord.SelectOption]:
    for number in (*range(1, job.request.samples + 1), WHOLE_SET):
        changes = enlargement(job, look.factor, number) if look.factor else variation(job, number)
        request = as_drawn(job).replace(**changes)
        yield discord.SelectOption(
            label=button_words.picture_named(job, number),
            value=str(number),
            description=button_words.picture_costs(request, services.jobs.cost_of(request)),
        )
