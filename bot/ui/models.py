"""`/models` at work: shows a page, and turns its private message into other ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

import discord

from bot.domain.browsing import Selection
from bot.services import Services
from bot.speech import _
from bot.ui import model_words
from bot.ui.answers import NO_MENTIONS, answer_privately, privately
from bot.ui.askers import asker_of
from bot.ui.command_mentions import mention
from bot.ui.job_button import services_of
from bot.ui.model_press import TEMPLATE, Press
from bot.ui.model_views import page_view


class ModelControl(discord.ui.DynamicItem[discord.ui.Item[Any]], template=TEMPLATE):
    """Any button or menu of `/models`; where it stands and what it does is in its id."""

    def __init__(self, item: discord.ui.Item[Any], press: Press) -> None:
        super().__init__(item)
        self._press = press

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> ModelControl:
        """Take the control as it stands in the message."""
        return cls(item, Press.read(match))

    async def callback(self, interaction: discord.Interaction) -> Any:
        """Show what it leads to; what may be seen is decided anew each time."""
        async with privately(interaction):
            await interaction.response.defer()
            data = cast("Mapping[str, Any]", interaction.data or {})
            values: list[str] = data.get("values", [])
            selection = self._press.chosen(values[0]) if values else self._press.selection
            view = await _page(interaction, services_of(interaction), selection, self._press.page)
            await interaction.edit_original_response(view=view, allowed_mentions=NO_MENTIONS)


async def show_models(
    interaction: discord.Interaction, services: Services, selection: Selection
) -> None:
    """Answer privately with the first page; counting what is popular may take a moment."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    if not services.catalogue.of_kind(selection.kind):
        await answer_privately(interaction, _(model_words.NO_LIST_YET))
        return
    view = await _page(interaction, services, selection)
    await interaction.followup.send(view=view, ephemeral=True, allowed_mentions=NO_MENTIONS)


async def _page(
    interaction: discord.Interaction, services: Services, selection: Selection, number: int = 0
) -> discord.ui.LayoutView:
    page = await services.browser.page(asker_of(interaction), selection, number)
    return page_view(page, services.approval.abilities, mention(interaction, "imagine"))
