"""`/history` at work: turns pages and does what the buttons say, all in one private message."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Self

import discord

from bot.domain.history import HistoryFilter
from bot.domain.ids import GuildId, JobId, UserId
from bot.domain.job import Job
from bot.history import HistoryPage
from bot.services import Services
from bot.speech import _
from bot.ui import history_views, history_words
from bot.ui.answers import NO_MENTIONS, privately
from bot.ui.history_press import TEMPLATE, Act, Press
from bot.ui.job_button import services_of
from bot.ui.sharing import delete_messages, offer, post
from bot.ui.uploads import preview_for


class HistoryButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=TEMPLATE):
    """Every button of `/history` but Again, which is the one under finished pictures."""

    def __init__(self, press: Press) -> None:
        self.press = press
        super().__init__(discord.ui.Button(custom_id=press.custom_id))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Build the button again from its id."""
        return cls(Press.read(match))

    async def callback(self, interaction: discord.Interaction) -> Any:
        """Do it; refusals are private messages of their own, and the page stays."""
        async with privately(interaction):
            await _DEEDS[self.press.act](interaction, services_of(interaction), self.press)


async def answer_history(
    interaction: discord.Interaction, services: Services, wanted: HistoryFilter
) -> None:
    """Answer the command privately with the newest page."""
    user_id = UserId(interaction.user.id)
    page = await services.history.page(user_id, wanted)
    if not page.jobs:
        text = _nothing(wanted, interaction)
        await interaction.response.send_message(
            text, ephemeral=True, allowed_mentions=NO_MENTIONS, suppress_embeds=True
        )
        return
    # Pictures may take longer to upload than the three seconds of a first answer.
    await interaction.response.defer(ephemeral=True, thinking=True)
    filter_id = await services.history.remember(interaction.id, user_id, wanted)
    await _show(interaction, services, page, wanted, Press(Act.PAGE, filter_id))


async def _turn(
    interaction: discord.Interaction, services: Services, press: Press, *, note: str = ""
) -> None:
    """Show the page that a button leads to, in the message it is on."""
    user_id = UserId(interaction.user.id)
    wanted = await services.history.recall(press.filter_id, user_id)
    if not interaction.response.is_done():
        await interaction.response.defer()
    page = await services.history.page(user_id, wanted, press.spot)
    await _show(interaction, services, page, wanted, press, note)


async def _show(
    interaction: discord.Interaction,
    services: Services,
    page: HistoryPage,
    wanted: HistoryFilter,
    press: Press,
    note: str = "",
) -> None:
    if not page.jobs:
        text = note or _(history_words.NOTHING_LEFT)
        newest = history_views.back_button(Press(Act.PAGE, press.filter_id))
        await _edit(interaction, history_views.text_view(text, newest))
        return
    previews = await _previews(services, page)
    heading = history_words.heading(wanted, _here(interaction))
    here = Press(Act.PAGE, press.filter_id, page.jobs[0].id if page.has_newer else 0)
    view = history_views.page_view(page, f"{heading}\n{note}".rstrip(), here, previews)
    await _edit(interaction, view, *(file for file, _count in previews.values()))


async def _previews(
    services: Services, page: HistoryPage
) -> Mapping[JobId, tuple[discord.File, int]]:
    found: dict[JobId, tuple[discord.File, int]] = {}
    for job in page.jobs:
        pictures = await services.history.shown_pictures(job)
        if pictures:
            found[job.id] = (await preview_for(job, pictures[0]), len(pictures))
    return found


async def _toggle_favourite(
    interaction: discord.Interaction, services: Services, press: Press
) -> None:
    await services.history.toggle_favourite(UserId(interaction.user.id), press.job_id)
    await _turn(interaction, services, press)


async def _offer_to_share(
    interaction: discord.Interaction, services: Services, press: Press
) -> None:
    job = await _own(interaction, services, press)
    files = await offer(interaction, services, job)
    await _edit(interaction, history_views.sharing_view(job, press, files), *files)


async def _post(interaction: discord.Interaction, services: Services, press: Press) -> None:
    job = await _own(interaction, services, press)
    message = await post(interaction, services, job, press.number)
    await _turn(interaction, services, press, note=history_words.shared_at(message.jump_url))


async def _ask_to_delete(
    interaction: discord.Interaction, services: Services, press: Press
) -> None:
    job = await services.history.deletable(UserId(interaction.user.id), press.job_id)
    await interaction.response.defer()
    await _edit(interaction, history_views.deleting_view(job, press))


async def _delete(interaction: discord.Interaction, services: Services, press: Press) -> None:
    await interaction.response.defer()
    job = await services.history.delete(UserId(interaction.user.id), press.job_id)
    await delete_messages(interaction.client, job)
    await _turn(interaction, services, press, note=_(history_words.DELETED))


async def _own(interaction: discord.Interaction, services: Services, press: Press) -> Job:
    return await services.history.get(UserId(interaction.user.id), press.job_id)


async def _edit(
    interaction: discord.Interaction, view: discord.ui.LayoutView, *files: discord.File
) -> None:
    """Answer the command, or turn its private message into something else without its pictures."""
    if interaction.type is discord.InteractionType.application_command:
        await interaction.followup.send(
            view=view, files=files, ephemeral=True, allowed_mentions=NO_MENTIONS
        )
        return
    await interaction.edit_original_response(
        view=view, attachments=files, allowed_mentions=NO_MENTIONS
    )


def _nothing(wanted: HistoryFilter, interaction: discord.Interaction) -> str:
    if wanted.is_empty:
        return _(history_words.NOTHING)
    return history_words.nothing_matches(wanted, _here(interaction))


def _here(interaction: discord.Interaction) -> GuildId:
    return GuildId(interaction.guild_id or 0)


_DEEDS: Mapping[Act, Callable[[discord.Interaction, Services, Press], Awaitable[None]]] = {
    Act.PAGE: _turn,
    Act.NEWER: _turn,
    Act.FAVOURITE: _toggle_favourite,
    Act.SHARE: _offer_to_share,
    Act.POST: _post,
    Act.DELETE: _ask_to_delete,
    Act.FORGET: _delete,
}
