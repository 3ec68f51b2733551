"""Pages of `/history`: lines, the page's pictures, and a button to older ones."""

from __future__ import annotations

import re
from typing import Any, Self

import discord

from bot.domain.ids import JobId, UserId
from bot.domain.ports import Attachment
from bot.history import HistoryPage
from bot.services import Services
from bot.ui import wording
from bot.ui.answers import NO_MENTIONS, privately
from bot.ui.escaping import shorten
from bot.ui.job_button import PREFIX, services_of
from bot.ui.uploads import files_for, share_of_request

_NOTHING = "You have not asked for any picture yet. Try `/imagine`."


class OlderButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]], template=rf"{PREFIX}:older:(\d+)"
):
    """Turns to the page after the job in its id."""

    def __init__(self, before: JobId) -> None:
        self.before = before
        super().__init__(
            discord.ui.Button(label="Older", emoji="⏪", custom_id=f"{PREFIX}:older:{before}")
        )

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Build the button again from its id."""
        return cls(JobId(int(match[1])))

    async def callback(self, interaction: discord.Interaction) -> Any:
        """Show the older page, as a private message of its own."""
        async with privately(interaction):
            services = services_of(interaction)
            page = await services.history.page(UserId(interaction.user.id), before=self.before)
            await show_history(interaction, services, page)


async def show_history(
    interaction: discord.Interaction, services: Services, page: HistoryPage
) -> None:
    """Answer privately with a page: a line for each job, and each job's first picture."""
    if not page.jobs:
        await interaction.response.send_message(_NOTHING, ephemeral=True)
        return
    # Five pictures may take longer to upload than the three seconds of a first answer.
    await interaction.response.defer(ephemeral=True, thinking=True)
    limit = share_of_request(interaction.filesize_limit, len(page.jobs))
    files: list[discord.File] = []
    for job in page.jobs:
        first: list[Attachment] = list(await services.history.pictures(job))[:1]
        files += await files_for(job, first, limit_bytes=limit)
    view = discord.ui.View(timeout=None)
    if page.has_older:
        view.add_item(OlderButton(page.jobs[-1].id))
    view.stop()  # so that discord.py does not keep it: the button needs no memory
    text = "\n".join(wording.history_line(job) for job in page.jobs)
    await interaction.followup.send(
        shorten(text, wording.MESSAGE_LIMIT),
        files=files,
        view=view,
        ephemeral=True,
        allowed_mentions=NO_MENTIONS,
        suppress_embeds=True,
    )
