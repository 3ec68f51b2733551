"""Pages of `/privacy`: what is kept, and the question before erasing it."""

from __future__ import annotations

import re
from typing import Any, Self

import discord

from bot.domain.ids import UserId
from bot.errors import NotAllowed
from bot.privacy import Privacy
from bot.privacy.erasures import is_done
from bot.speech import _
from bot.ui import privacy_words as words
from bot.ui.answers import NO_MENTIONS, privately
from bot.ui.job_button import PREFIX, services_of
from bot.ui.lasting import lasting_view


class ErasureButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=rf"{PREFIX}:privacy:(erase|keep):(\d+)",
):
    """Answers the question, for the member in its id only."""

    def __init__(self, answer: str, user_id: UserId) -> None:
        self.answer = answer
        self.user_id = user_id
        erases = answer == "erase"
        super().__init__(
            discord.ui.Button(
                label=_("Erase everything") if erases else _("Cancel"),
                style=discord.ButtonStyle.danger if erases else discord.ButtonStyle.secondary,
                custom_id=f"{PREFIX}:privacy:{answer}:{user_id}",
            )
        )

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Build the button again from its id."""
        return cls(match[1], UserId(int(match[2])))

    async def callback(self, interaction: discord.Interaction) -> Any:
        """Do as the member answers."""
        async with privately(interaction):
            if interaction.user.id != self.user_id:
                raise NotAllowed(_(words.NOT_YOURS))
            if self.answer == "erase":
                await _erase(interaction, services_of(interaction).privacy)
            else:
                await interaction.response.edit_message(content=_(words.NOT_ERASED), view=None)


async def show_about(interaction: discord.Interaction, privacy: Privacy) -> None:
    """Say privately what is kept."""
    first, *rest = words.about(privacy)
    await interaction.response.send_message(first, ephemeral=True)
    for text in rest:
        await interaction.followup.send(text, ephemeral=True)


async def ask_whether_to_erase(interaction: discord.Interaction, privacy: Privacy) -> None:
    """Ask privately, with buttons that work for ever."""
    user_id = UserId(interaction.user.id)
    view = lasting_view(ErasureButton("erase", user_id), ErasureButton("keep", user_id))
    *before, last = words.question(privacy.holdings)
    if not before:
        await interaction.response.send_message(last, view=view, ephemeral=True)
        return
    await interaction.response.send_message(before[0], ephemeral=True)
    for text in before[1:]:
        await interaction.followup.send(text, ephemeral=True)
    await interaction.followup.send(last, view=view, ephemeral=True, allowed_mentions=NO_MENTIONS)


async def _erase(interaction: discord.Interaction, privacy: Privacy) -> None:
    """Say that it is being done only once the wish survives anything."""
    waiting = await privacy.erasures.ask(UserId(interaction.user.id))
    await interaction.response.edit_message(content=_(words.ERASING), view=None)
    done = await is_done(waiting)
    text = _(words.ERASED if done else words.STILL_ERASING)
    await interaction.edit_original_response(content=text)
