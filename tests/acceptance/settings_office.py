"""Moderators at work: open the panel, press its controls, fill in its forms, give the commands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import discord
import simcord
from simcord.components import walk_components
from simcord.results import InteractionResult, ResponseMessage

from bot.domain.guild_settings import SERVER, Place, Setting
from bot.domain.ids import GuildId
from bot.ui.settings_panel.spot import control_of
from tests.acceptance.stage import Stage, said


class Office:
    """Who is there: see the properties. Two servers, one bot."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        guild = stage.member.guild
        self.guild = guild
        self.keepers = guild.create_role("Keepers")
        self.artists = guild.create_role("Artists")
        users = [stage.env.create_user(name) for name in ("kim", "ola")]
        self.keeper = guild.add_member(users[0], roles=[self.keepers])
        """Has a role that the server may name."""
        self.elsewhere = stage.env.create_guild("Elsewhere")
        chief = self.elsewhere.create_role(
            "Chief", permissions=discord.Permissions(manage_guild=True, administrator=True)
        )
        self.abroad = self.elsewhere.create_text_channel("abroad")
        self.outsider = self.elsewhere.add_member(users[1], roles=[chief])
        """Moderates the other server, and is an ordinary member of this one."""
        self.visitor = guild.add_member(users[1])

    @property
    def moderator(self) -> simcord.MemberActor:
        """Has Manage Server."""
        return self.stage.world.moderator

    @property
    def member(self) -> simcord.MemberActor:
        """Decides nothing."""
        return self.stage.member

    @property
    def owner(self) -> simcord.MemberActor:
        """Owns the server."""
        return simcord.MemberActor(self.stage.env, self.guild, self.guild.owner)

    def channel(self, name: str) -> simcord.ChannelHandle:
        """Return a channel of this server."""
        return self.stage.world.channel(name)

    async def value(self, setting: Setting, place: Place = SERVER, guild_id: int = 0) -> Any:
        """Return what is stored, None where nothing is."""
        guild = GuildId(guild_id or self.stage.guild_id)
        stored = (await self.stage.app.stores.guild_settings.load(guild)).at(setting, place)
        return stored.value if stored else None

    async def audit(self, guild_id: int = 0) -> list[Mapping[str, Any]]:
        """Return the details of what moderators did, newest first."""
        guild = GuildId(guild_id or self.stage.guild_id)
        return [entry.details for entry in await self.stage.app.stores.audit.page(guild, limit=99)]

    async def command(
        self, name: str, *, by: simcord.MemberActor | None = None, **options: Any
    ) -> str:
        """Give a command of `/settings` and return the private answer."""
        actor = by or self.moderator
        channel = self.abroad if actor is self.outsider else self.stage.studio
        answer = said(await actor.slash(channel, f"settings {name}", **options))
        assert answer.ephemeral
        return text_of(answer)

    async def panel(self, *, by: simcord.MemberActor | None = None) -> Panel:
        """Open the panel."""
        actor = by or self.moderator
        channel = self.abroad if actor is self.outsider else self.stage.studio
        return Panel(actor, said(await actor.slash(channel, "settings panel")))


class Panel:
    """A panel somebody has opened."""

    def __init__(self, actor: simcord.MemberActor, message: ResponseMessage) -> None:
        self.actor = actor
        self.message = message
        assert message.ephemeral

    @property
    def text(self) -> str:
        """All that can be read in it."""
        return text_of(self.message)

    @property
    def notice(self) -> str:
        """What it says of the last press: the text below the panel itself."""
        below = [each for each in self.message.components if each["type"] == 10]
        return below[-1]["content"] if below else ""

    @property
    def labels(self) -> list[str]:
        """The buttons."""
        return [each["label"] for each in self._controls() if each["type"] == 2]

    @property
    def components(self) -> int:
        """How many parts it has, nested ones included."""
        return sum(1 for _ in walk_components(self.message.components))

    def select_of(self, action: str) -> dict[str, Any]:
        """Return a select by what it does."""
        return next(each for each in self._controls() if _action(each) == action)

    def options(self, action: str) -> list[str]:
        """Return what a select offers."""
        return [each["value"] for each in self.select_of(action)["options"]]

    def chosen(self, action: str) -> list[str]:
        """Return what a select shows as chosen."""
        select = self.select_of(action)
        if "options" in select:
            return [each["value"] for each in select["options"] if each.get("default")]
        return [str(each["id"]) for each in select.get("default_values", [])]

    async def press(self, label: str) -> InteractionResult:
        """Press a button."""
        return await self.actor.click(self.message, label=label)

    async def choose(self, action: str, *values: Any) -> InteractionResult:
        """Choose in a select."""
        custom_id = self.select_of(action)["custom_id"]
        return await self.actor.select(self.message, values, custom_id=custom_id)

    async def fill_in(self, label: str, values: Mapping[str, Any]) -> InteractionResult:
        """Press a button that opens a form, and send the form."""
        return await send(self.actor, await self.press(label), values)

    def _controls(self) -> Iterator[dict[str, Any]]:
        return (each for each in walk_components(self.message.components) if "custom_id" in each)


async def send(
    actor: simcord.MemberActor, form: InteractionResult, values: Mapping[str, Any]
) -> InteractionResult:
    """Fill in a form, one line chosen where it offers some, and send it."""
    assert form.modal is not None, "no form was shown"
    selects = {c["custom_id"] for c in walk_components(form.modal["components"]) if c["type"] == 3}
    chosen = {
        name: [value] if name in selects and isinstance(value, str) else value
        for name, value in values.items()
    }
    return await actor.submit_modal(form, chosen)


def choices_in(form: InteractionResult, field: str) -> list[str]:
    """Return what a field of a form offers to choose from."""
    assert form.modal is not None, "no form was shown"
    parts = walk_components(form.modal["components"])
    select = next(each for each in parts if each.get("custom_id") == field)
    return [each["value"] for each in select["options"]]


def _action(control: Mapping[str, Any]) -> str | None:
    found = control_of(control["custom_id"])
    return found.action if found else None


def text_of(message: ResponseMessage) -> str:
    """Return all that can be read in a message."""
    texts = [each["content"] for each in walk_components(message.components) if each["type"] == 10]
    return "\n".join([message.content, *texts]) if message.content else "\n".join(texts)


def ids(handles: Sequence[Any]) -> tuple[int, ...]:
    """Return the ids of channels or roles."""
    return tuple(each.id for each in handles)
