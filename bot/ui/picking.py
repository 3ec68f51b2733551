"""Which picture of a set is meant: asked privately, of whoever pressed a button below it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from typing import Any, Self

import discord

from bot.approval import Approved
from bot.domain.ids import JobId
from bot.domain.job import Job
from bot.domain.reuse import WHOLE_SET, as_drawn, enlargement
from bot.services import Services
from bot.speech import _
from bot.ui import button_words, source_words
from bot.ui.answers import NO_MENTIONS, privately
from bot.ui.askers import asker_of
from bot.ui.asking_more import ask_for_more
from bot.ui.button_rows import ENLARGE_2, ENLARGE_3, REMIX, VARY, Look
from bot.ui.job_button import PREFIX, services_of
from bot.ui.lasting import lasting_view
from bot.ui.remixing import open_remix_form

_LOOKS: Mapping[str, Look] = {each.action: each for each in (VARY, REMIX, ENLARGE_2, ENLARGE_3)}
_STARTING = (VARY, REMIX)
"""What starts from one picture, and cannot from a whole set."""


async def pick_and_ask(interaction: discord.Interaction, job: Job, look: Look) -> None:
    """Ask for more from a job's picture; where there are several, ask first which one is meant.

    Raises:
        UserError: it was refused.
    """
    services = services_of(interaction)
    if job.request.samples == 1:
        await _ask(interaction, services, job, look, WHOLE_SET)
        return
    is_start = look in _STARTING
    if is_start:
        await services.approval.vary(asker_of(interaction), job)
    else:
        await _enlarged(interaction, services, job, look, WHOLE_SET)
    question = button_words.which_to_start_from if is_start else button_words.which_picture
    await interaction.response.send_message(
        question(job, _(look.label)),
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
                placeholder=_(button_words.WHICH_PICTURE),
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
            await _ask(interaction, services, job, self._look, number)


async def _ask(
    interaction: discord.Interaction, services: Services, job: Job, look: Look, number: int
) -> None:
    if look is REMIX:
        await open_remix_form(interaction, services, job, max(0, number - 1))
        return
    approve = _varied if look is VARY else _enlarged
    await ask_for_more(
        interaction, job, look, await approve(interaction, services, job, look, number)
    )


async def _enlarged(
    interaction: discord.Interaction, services: Services, job: Job, look: Look, number: int
) -> Approved:
    return await services.approval.enlarge(asker_of(interaction), job, look.factor, number)


async def _varied(
    interaction: discord.Interaction, services: Services, job: Job, _look: Look, number: int
) -> Approved:
    """Approve a variation of the picture itself; from its words alone where that is gone.

    A whole set, which messages from before an upgrade still offer, has no one picture.
    """
    asker, start = asker_of(interaction), None
    await services.approval.let_reuse(asker, job)
    if number != WHOLE_SET or job.request.samples == 1:
        position = max(0, number - 1)
        start = await services.sources.from_picture(JobId(interaction.id), job, position)
    approved = await services.approval.vary(asker, job, number, start=start)
    if start is not None:
        return approved
    return dataclasses.replace(approved, remarks=(source_words.VARIED_BY_SEED,))


def _options(services: Services, job: Job, look: Look) -> Iterator[discord.SelectOption]:
    numbers = range(1, job.request.samples + 1)
    if look in _STARTING:
        for number in numbers:
            label = button_words.picture_named(job, number)
            yield discord.SelectOption(
                label=label, value=str(number), description=button_words.costs(1)
            )
        return
    for number in (*numbers, WHOLE_SET):
        request = as_drawn(job).replace(**enlargement(job, look.factor, number))
        yield discord.SelectOption(
            label=button_words.picture_named(job, number),
            value=str(number),
            description=button_words.picture_costs(request, services.jobs.cost_of(request)),
        )
