"""`/remix` and `/inpaint` at work, and "Remix this" in a message's menu."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import discord

from bot.domain.draft import Draft
from bot.domain.endpoint import OF_PICTURES
from bot.domain.ids import JobId, UserId
from bot.domain.job import Job
from bot.domain.mask_area import USUAL_PERCENT, Area, MaskArea
from bot.domain.option_texts import attributes_of, exact_number
from bot.domain.reuse import from_picture
from bot.domain.start import USUAL_STRENGTH, Start
from bot.errors import InvalidRequest, JobNotFound, Problem
from bot.jobs.service import new_seed
from bot.services import Services
from bot.speech import _
from bot.ui import source_words as words
from bot.ui.answers import answer_with
from bot.ui.askers import asker_of
from bot.ui.asking import ask, foresee
from bot.ui.edit_form import form_to_come, open_edit_form
from bot.ui.given_pictures import (
    attached_picture,
    fetched,
    job_in,
    picture_given,
    refuse_unclear,
)
from bot.ui.lasting import lasting_view
from bot.ui.mask_form import PartButton

_BLANK_FORM: Mapping[str, str] = {
    **dict.fromkeys(("prompt", "negative_prompt", "size", "steps"), ""),
    "strength": exact_number(USUAL_STRENGTH),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Brought:
    """What a command brought besides the options that become attributes."""

    image: discord.Attachment | None
    message: str | None
    picture: int | None
    mask: discord.Attachment | None
    part: MaskArea | None
    chosen: Mapping[str, Any]


async def remix(interaction: discord.Interaction, services: Services) -> None:
    """Answer `/remix`.

    Raises:
        UserError: it was refused.
    """
    brought, start = await _take(interaction, services)
    approved = await services.approval.compose(asker_of(interaction), brought.chosen, start=start)
    await ask(interaction, services, approved)


async def inpaint(interaction: discord.Interaction, services: Services) -> None:
    """Answer `/inpaint`; where nothing says which part is meant, ask.

    Raises:
        UserError: it was refused.
    """
    brought, start = await _take(interaction, services, see_through=True)
    start = await _masked(interaction, services, brought, start)
    approved = await services.approval.compose(asker_of(interaction), brought.chosen, start=start)
    if start.mask is not None:
        await ask(interaction, services, approved)
        return
    draft = Draft(request=approved.request)
    await services.drafts.keep(interaction.id, UserId(interaction.user.id), draft)
    await answer_with(interaction, _(words.WHICH_PART), lasting_view(PartButton(interaction.id)))


async def _take(
    interaction: discord.Interaction, services: Services, *, see_through: bool = False
) -> tuple[_Brought, Start]:
    """Return what a command brought, and its picture; meanwhile only the asker sees us wait.

    Raises:
        UserError: it was refused.
    """
    brought = _brought(interaction)
    await _refuse_early(interaction, services, brought.chosen)
    await interaction.response.defer(ephemeral=True, thinking=True)
    return brought, await _start(interaction, services, brought, see_through=see_through)


async def open_remix_form(
    interaction: discord.Interaction, services: Services, job: Job, position: int
) -> None:
    """Answer with the form for a picture that starts from one of ours.

    Raises:
        UserError: that is no longer kept, or may not be used.
    """
    asker = asker_of(interaction)
    await services.approval.let_reuse(asker, job)
    start = await services.sources.from_picture(JobId(interaction.id), job, position)
    if start is None:
        raise JobNotFound(_(words.NO_LONGER_KEPT))
    approved = await services.approval.restart(asker, job, from_picture(start, new_seed()))
    await open_edit_form(interaction, approved.request)


async def open_form_for_message(
    interaction: discord.Interaction, services: Services, message: discord.Message
) -> Job | None:
    """Answer with the form for somebody's picture; return the job where it is one of ours.

    Discord waits three seconds for a form, and the picture may take longer.

    Raises:
        UserError: the message shows none that can be used, or this member may not ask for any.
    """
    job = await job_in(interaction, message)
    if job is not None:
        return job
    attachment = attached_picture(message, 1)
    await _refuse_early(interaction, services, {"prompt": "-", "samples": 1})
    async with services.sources.coming(interaction.id):
        await interaction.response.send_modal(form_to_come(_BLANK_FORM, interaction.id))
        user_id = UserId(interaction.user.id)
        async with services.sources.doorway:
            data = await fetched(attachment)
            start = await services.sources.take(JobId(interaction.id), user_id, data)
        approved = await services.approval.compose(
            asker_of(interaction), {"prompt": "-"}, start=start
        )
        await services.drafts.keep(interaction.id, user_id, Draft(request=approved.request))
    return None


def _brought(interaction: discord.Interaction) -> _Brought:
    """Read the options; what is wrong with them is said before anything is fetched."""
    options = dict(iter(interaction.namespace))
    own = {name: options.pop(name, None) for name in words.OPTIONS if name != "strength"}
    refuse_unclear(own["image"], own["message"])
    area, percent = own.pop("area"), own.pop("percent")
    if own["mask"] is not None and area is not None:
        raise InvalidRequest([Problem("mask", _(words.ONE_MASK))])
    if percent is not None and area is None:
        raise InvalidRequest([Problem("percent", _(words.PERCENT_OF_WHAT))])
    part = MaskArea(Area(area), percent or USUAL_PERCENT) if area is not None else None
    return _Brought(**own, part=part, chosen=attributes_of(options))


async def _refuse_early(
    interaction: discord.Interaction, services: Services, chosen: Mapping[str, Any]
) -> None:
    """Refuse whatever no picture could mend, before one is fetched.

    Raises:
        UserError: it was refused.
    """
    chosen = {name: value for name, value in chosen.items() if name not in OF_PICTURES}
    approved = await services.approval.compose(asker_of(interaction), chosen)
    await foresee(interaction, services, approved)


async def _start(
    interaction: discord.Interaction,
    services: Services,
    brought: _Brought,
    *,
    see_through: bool = False,
) -> Start:
    async with services.sources.doorway:
        given = await picture_given(interaction, brought.image, brought.message, brought.picture)
        return await services.sources.take(
            JobId(interaction.id), given.giver, given.data, see_through=see_through
        )


async def _masked(
    interaction: discord.Interaction, services: Services, brought: _Brought, start: Start
) -> Start:
    """Put the mask that was chosen over a picture, in the place of one out of itself."""
    job_id, giver = JobId(interaction.id), UserId(interaction.user.id)
    if brought.mask is not None:
        async with services.sources.doorway:
            data = await fetched(brought.mask, "mask")
            return await services.sources.mask(start, job_id, giver, data)
    if brought.part is not None:
        return await services.sources.cover(start, job_id, giver, brought.part)
    return start
