"""What Discord knows of the bot: the account, what it may do in its servers, its commands."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import discord
from discord.http import Route

from bot.checkup.findings import Finding, failure, look, well
from bot.client import ImagineBot
from bot.publishing import logged_in_bot
from bot.settings import Settings
from bot.ui.install_links import NEEDED, server_link, user_link
from bot.ui.permissions import missing_of

_SECONDS = 15.0
_PAGE = 200
"""As many servers as Discord tells of in one answer."""

SKEW_TO_LOOK_AT, SKEW_TO_FAIL = 5.0, 60.0
"""Seconds. Discord's tokens last 15 minutes from its own clock; countdowns show ours."""


async def check_discord(settings: Settings) -> AsyncIterator[Finding]:
    """Log in over HTTP, never connect, and read."""
    async with logged_in_bot(settings) as bot:
        info = await bot.application_info()
        yield well("token", f"Discord knows this bot as {bot.user}")
        for finding in _application(info):
            yield finding
        async for finding in _servers(bot):
            yield finding
        yield await _commands(bot)
        yield await _clock()


def _application(info: discord.AppInfo) -> Iterator[Finding]:
    if info.interactions_endpoint_url:
        yield failure(
            "application",
            "Discord sends commands to an Interactions Endpoint URL, not to the bot: "
            "empty that field in the developer portal (General Information)",
        )
    elif info.bot_require_code_grant:
        yield failure(
            "application",
            "nobody can add the bot: turn Requires OAuth2 Code Grant off in the developer portal "
            "(Bot)",
        )
    else:
        reach = "anybody may add it" if info.bot_public else "only its owner may add it"
        yield well("application", f"{info.name}: {reach}")
    yield _intents(info.flags)
    yield well("invite", f"add it to a server: {server_link(info.id)}")
    for_users = "add it to your account, for all your servers and messages: "
    if info.user_integration_config is None:
        for_users = "first allow User Install in the developer portal (Installation); then "
    yield well("invite", f"{for_users}{user_link(info.id)}")


def _intents(flags: discord.ApplicationFlags) -> Finding:
    privileged = {
        "Presence": flags.gateway_presence or flags.gateway_presence_limited,
        "Server Members": flags.gateway_guild_members or flags.gateway_guild_members_limited,
        "Message Content": flags.gateway_message_content or flags.gateway_message_content_limited,
    }
    if on := [name for name, granted in privileged.items() if granted]:
        words = "not needed: turn off in the developer portal (Bot, Privileged Gateway Intents)"
        return look("intents", f"{', '.join(on)}: {words}")
    return well("intents", "none of the privileged ones is on, and none is needed")


async def _servers(bot: ImagineBot) -> AsyncIterator[Finding]:
    """Tell of each server where something is missing; what single channels deny is not seen."""
    servers = 0
    async for guild in _guilds(bot):
        servers += 1
        if missing := missing_of(NEEDED, discord.Permissions(int(guild["permissions"]))):
            words = f"lacks {', '.join(missing)} in {guild['name']} ({guild['id']})"
            yield look("servers", f"{words}: grant it to the bot's role there")
    yield well("servers", f"the bot is in {servers}")


async def _guilds(bot: ImagineBot) -> AsyncIterator[Mapping[str, Any]]:
    """Ask for the servers with the bot's permissions, which discord.py's own objects leave out."""
    after = None
    while page := await bot.http.get_guilds(_PAGE, after=after, with_counts=False):
        for guild in page:
            yield guild
        if len(page) < _PAGE:
            return
        after = page[-1]["id"]


async def _commands(bot: ImagineBot) -> Finding:
    if bot.application_id is None:
        raise RuntimeError("not logged in")
    published = _by_name(await bot.http.get_global_commands(bot.application_id))
    ours = _by_name(command.to_dict(bot.tree) for command in bot.tree.get_commands())
    if published == ours:
        return well("commands", f"all {len(ours)} are published as this version has them")
    differing = sorted(
        name for name in published.keys() | ours.keys() if published.get(name) != ours.get(name)
    )
    words = f"not published as this version has them: {', '.join(differing)}"
    return look("commands", f"{words}; `sync` publishes them, and so does the next `run`")


def _by_name(commands: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {command["name"]: _essence(command) for command in commands}


_TOLD = (
    *("type", "name", "description", "required", "value", "autocomplete", "channel_types"),
    *("min_value", "max_value", "min_length", "max_length"),
)


def _essence(node: Mapping[str, Any]) -> dict[str, Any]:
    """Return what people see of a command or an option; Discord leaves out what is not set."""
    told = {key: node[key] for key in _TOLD if node.get(key)}
    inner = {
        key: [_essence(each) for each in node[key]]
        for key in ("options", "choices")
        if node.get(key)
    }
    return {**told, **inner}


async def _clock() -> Finding:
    timeout = aiohttp.ClientTimeout(total=_SECONDS)
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.get(f"{Route.BASE}/gateway") as answer,
    ):
        theirs = parsedate_to_datetime(answer.headers["Date"]).timestamp()
    # The header has whole seconds: up to one of the difference is its own.
    skew = time.time() - theirs - 0.5
    words = f"{abs(skew):.0f} s {'before' if skew > 0 else 'behind'} Discord's"
    if abs(skew) < SKEW_TO_LOOK_AT:
        return well("clock", "agrees with Discord's")
    finding = failure if abs(skew) >= SKEW_TO_FAIL else look
    return finding("clock", f"{words}: let the machine keep its time by NTP")
