"""Settings as a file: handed out, and taken in."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, cast

import discord
import structlog

from bot.domain.guild_settings import SERVER, GuildSettings, Place, Scope, Setting
from bot.domain.settings_file import (
    MAX_BYTES,
    Fitted,
    PromptRuleText,
    SettingsFile,
    fitted,
    places_named,
    read,
    too_large,
    written,
)
from bot.errors import InvalidRequest, UserError
from bot.speech import _, number
from bot.ui.answers import NO_MENTIONS
from bot.ui.escaping import as_code, quoted
from bot.ui.settings_panel.desk import Desk
from bot.ui.settings_panel.effects import notes_on
from bot.ui.settings_panel.moderation import FILE_FIELD
from bot.ui.settings_panel.panel import panel_view
from bot.ui.settings_panel.press import Press
from bot.ui.settings_panel.words import TITLES, more_words, some, value_words
from bot.ui.shortening import shorten
from bot.ui.wording import MESSAGE_LIMIT

log = structlog.stdlib.get_logger(__name__)

FETCH_SECONDS = 10.0
_PROBLEMS_SHOWN = 8
_NOTED = (Setting.SAFETY, Setting.CHANNELS, Setting.LOG_CHANNEL, Setting.MODELS)

Fetch = Callable[[], Awaitable[bytes]]


async def export(interaction: discord.Interaction, desk: Desk) -> None:
    """Answer privately with a file of everything that is set.

    Raises:
        NotAllowed: the asker does not moderate the server.
    """
    await interaction.response.send_message(
        _("Everything that is set here. `/settings import` reads it, in this server or another."),
        file=await _file(desk, "settings"),
        ephemeral=True,
    )


async def import_attached(
    interaction: discord.Interaction, desk: Desk, attachment: discord.Attachment
) -> None:
    """Take in a file given to the command, and tell what came of it.

    Raises:
        UserError: nothing was changed; the words say why.
    """
    await interaction.response.defer(ephemeral=True, thinking=True)
    await _import(interaction, desk, attachment.size, attachment.read)


async def import_uploaded(interaction: discord.Interaction, press: Press) -> None:
    """Take in a file given to the panel's form, show the panel anew, and tell what came of it.

    Raises:
        UserError: nothing was changed; the words say why.
    """
    await interaction.response.defer()
    data = cast("Mapping[str, Any]", interaction.data)
    uploaded = data["resolved"]["attachments"][press.text(FILE_FIELD)]
    cdn = interaction.client.http
    await _import(
        interaction, press.desk, uploaded["size"], lambda: cdn.get_from_cdn(uploaded["url"])
    )
    view = panel_view(await press.desk.sheet(press.control.spot))
    await interaction.edit_original_response(view=view, allowed_mentions=NO_MENTIONS)


async def _import(interaction: discord.Interaction, desk: Desk, size: int, fetch: Fetch) -> None:
    way_back = await _file(desk, "settings-before")
    try:
        file = await _fetched(size, fetch)
        fit = fitted(file, await _finder(desk))
        await desk.replace(fit.decisions, file.prompt_rules)
    except InvalidRequest as error:
        raise UserError(_refusal(error)) from None
    text = "\n".join(_report(desk, await desk.settings(), file, fit))
    await interaction.followup.send(
        shorten(text, MESSAGE_LIMIT), file=way_back, ephemeral=True, allowed_mentions=NO_MENTIONS
    )


async def _fetched(size: int, fetch: Fetch) -> SettingsFile:
    if size > MAX_BYTES:
        raise too_large()
    try:
        async with asyncio.timeout(FETCH_SECONDS):
            data = await fetch()
    except (discord.HTTPException, OSError, TimeoutError) as error:
        log.warning("settings file not fetched", error=type(error).__name__)
        raise UserError(
            _("The file could not be fetched from Discord. Send it once more.")
        ) from None
    return await asyncio.to_thread(read, data)


async def _file(desk: Desk, name: str) -> discord.File:
    settings, guild = await desk.settings(), desk.ground.guild
    stored = list(settings.stored.values())
    rules = [
        PromptRuleText.model_construct(kind=each.kind, text=each.text)
        for each in await desk.prompt_rules()
    ]
    named = {place.id: _name(guild, place) for place in places_named(stored)}
    names = {place_id: each for place_id, each in named.items() if each}
    text = written(stored, rules, server=guild.name, names=names)
    return discord.File(io.BytesIO(text.encode()), filename=f"imagine-{name}.json")


def _name(guild: discord.Guild, place: Place) -> str | None:
    if place.scope is Scope.ROLE:
        role = guild.get_role(place.id)
        return f"@{role.name}" if role else None
    channel = guild.get_channel_or_thread(place.id)
    return f"#{channel.name}" if channel else None


async def _finder(desk: Desk) -> Callable[[Place], bool]:
    """Return what tells whether a place is here: seen now, or named by what is set already."""
    known = set(places_named((await desk.settings()).stored.values()))
    return lambda place: place in known or _exists(desk.ground.guild, place)


def _exists(guild: discord.Guild, place: Place) -> bool:
    if place.scope is Scope.ROLE:
        return guild.get_role(place.id) is not None
    return guild.get_channel_or_thread(place.id) is not None


def _refusal(error: InvalidRequest) -> str:
    lines = [
        f"• {as_code(p.option, 60)} {quoted(p.message, 150)}"
        for p in error.problems[:_PROBLEMS_SHOWN]
    ]
    more = len(error.problems) - _PROBLEMS_SHOWN
    lines += [more_words(more)] if more > 0 else []
    return "\n".join([_("The file was not used, and nothing has changed:"), *lines])


def _report(desk: Desk, settings: GuildSettings, file: SettingsFile, fit: Fitted) -> Iterator[str]:
    yield _(
        "✅ Imported. Settings: {settings}, prompt rules: {rules}. They stand in place of all that "
        "was set before; that is in the attached file, should you want it back.",
        settings=number(len(fit.decisions)),
        rules=number(len(file.prompt_rules)),
    )
    yield from _left_out(file, fit)
    if not desk.asker.manages_server and any(
        each.setting is Setting.MODERATORS for each in file.decisions
    ):
        yield _("⚠️ Who moderates is as before: only people with Manage Server change that.")
    for setting in _NOTED:
        for note in notes_on(setting, SERVER, settings, desk.ground):
            yield f"⚠️ {note}"


def _left_out(file: SettingsFile, fit: Fitted) -> Iterator[str]:
    if fit.missing:
        gone = some(_missing(place, file.names) for place in fit.missing)
        yield _("⚠️ Left out, since this server has no such place: {places}.", places=gone)
    for setting in fit.emptied:
        yield _(
            "⚠️ **{setting}**: nothing was left of it, so: {value}.",
            setting=_(TITLES[setting]),
            value=value_words(setting, None),
        )


def _missing(place: Place, names: Mapping[str, str]) -> str:
    name = as_code(names.get(str(place.id)) or str(place.id), 40)
    if place.scope is Scope.ROLE:
        return _("role {name}", name=name)
    return _("channel {name}", name=name)
