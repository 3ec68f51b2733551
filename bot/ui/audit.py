"""Pages of `/audit`: what moderators did, newest first, for moderators only."""

from __future__ import annotations

from typing import Any

import discord

from bot.services import Services
from bot.speech import _
from bot.ui.answers import NO_MENTIONS, privately
from bot.ui.askers import asker_of
from bot.ui.audit_words import audit_line
from bot.ui.job_button import PREFIX, services_of
from bot.ui.lasting import NumberedButton, lasting_view
from bot.ui.shortening import shorten
from bot.ui.wording import MESSAGE_LIMIT

PAGE_SIZE = 8


class EarlierButton(NumberedButton, template=rf"{PREFIX}:earlier:(\d+)"):
    """Turns to the acts before the one in its id."""

    def __init__(self, before: int) -> None:
        self._before = before
        super().__init__(
            discord.ui.Button(
                label=_("Earlier"), emoji="⏪", custom_id=f"{PREFIX}:earlier:{before}"
            )
        )

    async def callback(self, interaction: discord.Interaction) -> Any:
        """Show the earlier page."""
        async with privately(interaction):
            await show_audit(interaction, services_of(interaction), before=self._before)


async def show_audit(
    interaction: discord.Interaction, services: Services, *, before: int | None = None
) -> None:
    """Answer privately with a page of acts.

    Raises:
        NotAllowed: the asker does not moderate this server.
    """
    asker = asker_of(interaction)
    await services.guild_settings.moderated_by(asker)
    entries = await services.audit.page(asker.guild_id, before=before, limit=PAGE_SIZE + 1)
    earlier = [EarlierButton(entries[PAGE_SIZE - 1].id)] if len(entries) > PAGE_SIZE else []
    text = "\n".join(audit_line(entry) for entry in entries[:PAGE_SIZE])
    await interaction.response.send_message(
        shorten(text, MESSAGE_LIMIT) or _("No moderator has done anything here yet."),
        view=lasting_view(*earlier),
        ephemeral=True,
        allowed_mentions=NO_MENTIONS,
        suppress_embeds=True,
    )
