"""Section: what moderators see, and the settings as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import discord

from bot.domain.guild_settings import Setting
from bot.speech import N_, _
from bot.ui.settings_panel.press import Form, Press, Section
from bot.ui.settings_panel.sheet import Block, Sheet, button

FILE_FIELD = "file"
_LOG_HINT = N_("-# Every picture is shown there behind a spoiler, with who asked for it and how.")
_FILE_HINT = N_(
    "**Settings as a file**\n"
    "-# Everything set in this panel, for safe keeping or for another server."
)


def _blocks(sheet: Sheet) -> Iterator[Block]:
    stored = sheet.settings.at(Setting.LOG_CHANNEL)
    channel = discord.ui.ChannelSelect[discord.ui.LayoutView](
        custom_id=sheet.control(Setting.LOG_CHANNEL, Setting.LOG_CHANNEL),
        placeholder=_("Choose a channel, or none"),
        channel_types=[
            discord.ChannelType.text,
            discord.ChannelType.news,
            discord.ChannelType.public_thread,
            discord.ChannelType.private_thread,
        ],
        min_values=0,
        default_values=sheet.ground.channels([stored.value] if stored else []),
    )
    yield Block(sheet.line(Setting.LOG_CHANNEL), [[channel]], _(_LOG_HINT))
    export = button(sheet.control("export"), _("Export"), emoji="📤")
    import_ = button(sheet.control("import"), _("Import"), emoji="📥")
    yield Block("", [[export, import_]], _(_FILE_HINT))


async def _log(press: Press) -> str:
    return await press.put(Setting.LOG_CHANNEL, int(press.values[0]) if press.values else None)


def _import_form(_sheet: Sheet) -> Form:
    upload = discord.ui.Label[Any](
        text=_("The file that an export wrote"),
        description=_("It takes the place of everything that is set now"),
        component=discord.ui.FileUpload(custom_id=FILE_FIELD, max_values=1),
    )
    return Form(_("Import settings"), [upload])


SECTION = Section(
    title=N_("Moderation"),
    emoji="🔨",
    blocks=_blocks,
    actions={Setting.LOG_CHANNEL: _log},
    forms={"import": _import_form},
)
