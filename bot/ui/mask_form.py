"""Which part of a picture is drawn anew, where `/inpaint` was given no mask."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

import discord

from bot.domain.draft import Draft
from bot.domain.ids import JobId, UserId
from bot.domain.mask_area import USUAL_PERCENT, Area, MaskArea
from bot.errors import JobNotFound
from bot.speech import _
from bot.ui import button_words
from bot.ui import source_words as words
from bot.ui.answers import privately
from bot.ui.askers import asker_of
from bot.ui.asking import ask, foresee
from bot.ui.job_button import PREFIX, services_of
from bot.ui.lasting import NumberedButton
from bot.ui.settings_panel.fields import choice_field, text_field
from bot.ui.settings_panel.press import typed

_FORM = re.compile(rf"{PREFIX}:part:form:(?P<id>\d+)")
_FORM_SECONDS = 15 * 60.0


class PartButton(NumberedButton, template=rf"{PREFIX}:part:open:(\d+)"):
    """Opens the form that draws a simple mask."""

    def __init__(self, draft_id: int) -> None:
        self._draft_id = draft_id
        custom_id = f"{PREFIX}:part:open:{draft_id}"
        super().__init__(
            discord.ui.Button(
                label=_(words.CHOOSE_PART),
                style=discord.ButtonStyle.primary,
                custom_id=custom_id,
            )
        )

    async def callback(self, interaction: discord.Interaction) -> Any:
        """Open it."""
        async with privately(interaction):
            await _draft(interaction, self._draft_id)
            await interaction.response.send_modal(_form(self._draft_id))


async def part_form_sent(interaction: discord.Interaction) -> None:
    """Draw what the form asks for; other interactions are none of our business."""
    data = cast("Mapping[str, Any]", interaction.data or {})
    match = _FORM.fullmatch(data.get("custom_id", ""))
    if interaction.type is not discord.InteractionType.modal_submit or match is None:
        return
    async with privately(interaction):
        draft_id, fields = int(match["id"]), typed(data)
        draft = await _draft(interaction, draft_id)
        part = MaskArea.read(fields["area"][0], fields["percent"][0])
        services, asker = services_of(interaction), asker_of(interaction)
        approved = await services.approval.revise(asker, draft.request, {})
        await foresee(interaction, services, approved)
        await interaction.response.defer(ephemeral=True, thinking=True)
        start = await services.sources.given(JobId(draft_id))
        start = await services.sources.cover(
            start, JobId(interaction.id), UserId(interaction.user.id), part
        )
        mask = {"mask_image": start.mask.sha256 if start.mask else None}
        approved = await services.approval.revise(asker, draft.request, mask)
        await ask(interaction, services, approved)


async def _draft(interaction: discord.Interaction, draft_id: int) -> Draft:
    drafts = services_of(interaction).drafts
    draft = await drafts.get(draft_id, UserId(interaction.user.id))
    if draft is None:
        raise JobNotFound(_(button_words.DRAFT_LOST))
    return draft


def _form(draft_id: int) -> discord.ui.Modal:
    modal = discord.ui.Modal(
        title=_(words.PART_TITLE),
        custom_id=f"{PREFIX}:part:form:{draft_id}",
        timeout=_FORM_SECONDS,
    )
    options = [discord.SelectOption(label=_(words.AREAS[each]), value=each) for each in Area]
    modal.add_item(choice_field("area", _(words.AREA_LABEL), options))
    label, hint = _(words.PERCENT_LABEL), _(words.PERCENT_HINT)
    modal.add_item(text_field("percent", label, hint, value=str(USUAL_PERCENT)))
    return modal
