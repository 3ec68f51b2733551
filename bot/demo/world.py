"""A small community on a simulated Discord, with the real bot in it."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import discord
import simcord
from pydantic import SecretStr
from simcord.backend.serializers import channel_payload

from bot.app import App, open_app
from bot.sandbox.server import SandboxServer
from bot.sandbox.settings import SandboxSettings
from bot.settings import Settings

CHANNELS = ("studio", "general", "after-dark")
"""The last one is age-restricted."""

DRAW_SECONDS = (3.0, 6.0)

SETTLE_SECONDS = 60.0
"""How long the bot may take over one event before the simulation calls it stuck."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The server, its channels and the three people to be."""

    env: simcord.Env
    app: App
    sandbox: SandboxServer
    channels: tuple[simcord.ChannelHandle, ...]
    member: simcord.MemberActor
    moderator: simcord.MemberActor
    newcomer: simcord.MemberActor
    locales: dict[int, str] = field(default_factory=dict[int, str])
    """In which of Discord's languages a person has it, where that is not English."""

    @property
    def studio(self) -> simcord.ChannelHandle:
        """The channel where pictures are made."""
        return self.channels[0]

    def channel(self, name: str) -> simcord.ChannelHandle:
        """Return the channel of that name, one of `CHANNELS`."""
        return next(channel for channel in self.channels if channel.name == name)

    def speak(self, locale: str, *, to: simcord.MemberActor | None = None) -> None:
        """Give a person's Discord a language; without one, the server and everybody in it."""
        if to is None:
            guild_id = self.env.backend.get_channel(self.studio.id).guild_id
            self.env.backend.get_guild(guild_id or 0).preferred_locale = locale
        for person in self.people if to is None else (to,):
            self.locales[person.id] = locale

    @property
    def people(self) -> tuple[simcord.MemberActor, ...]:
        """Everybody one can be."""
        return (self.member, self.moderator, self.newcomer)


@contextlib.asynccontextmanager
async def open_world(
    sandbox_settings: SandboxSettings | None = None, **changes: Any
) -> AsyncGenerator[World]:
    """Start image API, bot and Discord on this machine alone, with a fresh data directory.

    `changes` are settings of the bot that are not the usual ones.
    """
    api_settings = sandbox_settings or SandboxSettings.for_people(draw_seconds=DRAW_SECONDS)
    with tempfile.TemporaryDirectory(prefix="imagine-demo-") as directory:
        async with SandboxServer(api_settings) as sandbox:
            settings = demo_settings(sandbox, Path(directory)).model_copy(update=changes)
            async with (
                open_app(settings) as app,
                simcord.run(app.bot, settle_timeout=SETTLE_SECONDS) as env,
            ):
                app.courier.open()
                await catch_up_with_today(env)
                yield populate(env, app, sandbox)


def demo_settings(sandbox: SandboxServer, data_dir: Path) -> Settings:
    """Return settings that reach nothing outside this machine, whatever the environment says."""
    values: dict[str, Any] = {name: each.default for name, each in Settings.model_fields.items()}
    values["api_key"] = SecretStr(sandbox.settings.api_key or "any-key")
    values["api_base_url"] = sandbox.base_url
    values["data_dir"] = data_dir
    values["http_port"] = 0
    return Settings.model_construct(**values)


async def catch_up_with_today(env: simcord.Env) -> None:
    """Move the simulated clock, which begins in January 2026, to the real present."""
    behind = (datetime.now(UTC) - env.now()).total_seconds()
    if behind > 0:
        await env.advance_time(behind)


def restrict_by_age(env: simcord.Env, channel: simcord.ChannelHandle) -> None:
    """Tell the bot that a channel is age-restricted, which the simulation does not know of."""
    payload = channel_payload(env.backend, env.backend.get_channel(channel.id))
    env.backend.emit("CHANNEL_UPDATE", {**payload, "nsfw": True})


def populate(env: simcord.Env, app: App, sandbox: SandboxServer) -> World:
    """Create the server with its channels and people."""
    env.backend.bot_user.global_name = "Imagine"
    guild = env.create_guild("Painters' Corner")
    moderators = guild.create_role(
        "Moderator", permissions=discord.Permissions(manage_messages=True, manage_guild=True)
    )
    channels = (
        guild.create_text_channel(CHANNELS[0], topic="Type /imagine and say what to draw"),
        guild.create_text_channel(CHANNELS[1], topic="Talk about anything"),
        guild.create_text_channel(CHANNELS[2], topic="Age-restricted"),
    )
    restrict_by_age(env, channels[-1])
    world = World(
        env=env,
        app=app,
        sandbox=sandbox,
        channels=channels,
        member=guild.add_member(env.create_user("mia", global_name="Mia")),
        moderator=guild.add_member(
            env.create_user("otto", global_name="Otto (moderator)"), roles=[moderators]
        ),
        newcomer=guild.add_member(env.create_user("nova", global_name="Nova (new here)")),
    )
    tell_of_languages(env, world.locales)
    return world


def tell_of_languages(env: simcord.Env, locales: Mapping[int, str]) -> None:
    """Have interactions tell the languages of person and server, which are English in simcord."""
    emit = env.backend.emit

    def emit_with_languages(event: str, payload: Mapping[str, Any]) -> None:
        emit(event, {**payload, **spoken(payload)} if event == "INTERACTION_CREATE" else payload)

    def spoken(payload: Mapping[str, Any]) -> Mapping[str, str]:
        who = payload.get("user") or payload["member"]["user"]
        own = {"locale": locales.get(int(who["id"]), "en-US")}
        if "guild_id" not in payload:
            return own
        guild = env.backend.get_guild(int(payload["guild_id"]))
        return {**own, "guild_locale": guild.preferred_locale}

    env.backend.emit = emit_with_languages
