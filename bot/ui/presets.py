"""Pages of `/preset list`, and the names offered while somebody types one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import discord
from discord.app_commands import Choice

from bot.domain.preset import Preset, key_of
from bot.services import Services
from bot.speech import _
from bot.ui import preset_words as words
from bot.ui.answers import NO_MENTIONS, privately
from bot.ui.askers import asker_of
from bot.ui.job_button import PREFIX, services_of
from bot.ui.lasting import NumberedButton, lasting_view
from bot.ui.suggestions import MOST

PAGE_SIZE = 8


class PresetsButton(NumberedButton, template=rf"{PREFIX}:presets:(\d{{1,4}})"):
    """Turns to the page that begins with the preset of that number, counted from 0."""

    def __init__(self, start: int, label: str = words.NEWER) -> None:
        self._start = start
        super().__init__(
            discord.ui.Button(label=_(label), custom_id=f"{PREFIX}:presets:{start}"),
        )

    async def callback(self, interaction: discord.Interaction) -> Any:
        """Show that page in the place of this one."""
        async with privately(interaction):
            text, view = await _page(interaction, services_of(interaction), self._start)
            await interaction.response.edit_message(
                content=text, view=view, allowed_mentions=NO_MENTIONS
            )


async def show_presets(interaction: discord.Interaction, services: Services) -> None:
    """Answer privately with the first page of what a member can use here."""
    text, view = await _page(interaction, services, 0)
    await interaction.response.send_message(
        text, view=view, ephemeral=True, allowed_mentions=NO_MENTIONS, suppress_embeds=True
    )


def preset_choices(presets: Iterable[Preset], typed: str) -> list[Choice[str]]:
    """Return the presets whose names contain what was typed, each name once."""
    wanted = key_of(typed)
    found = {preset.key: preset for preset in reversed(list(presets)) if wanted in preset.key}
    choices = [Choice(name=words.label(each), value=each.name) for each in found.values()]
    return list(reversed(choices))[:MOST]


async def _page(
    interaction: discord.Interaction, services: Services, start: int
) -> tuple[str, discord.ui.View]:
    presets = await services.presets.at_hand(asker_of(interaction))
    last_page = max(0, len(presets) - 1) // PAGE_SIZE * PAGE_SIZE
    start = min(start, last_page)
    before = [PresetsButton(max(0, start - PAGE_SIZE), words.OLDER)] if start else []
    after = [PresetsButton(start + PAGE_SIZE)] if start < last_page else []
    return words.page(presets, start, PAGE_SIZE), lasting_view(*before, *after)
