"""A press on a control, or a form sent in: what an action is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

import discord

from bot.domain.guild_settings import Setting
from bot.guild_settings import Amend
from bot.ui.settings_panel.desk import Desk
from bot.ui.settings_panel.sheet import UNSET, Block, Sheet
from bot.ui.settings_panel.spot import Control


@dataclass(frozen=True, slots=True)
class Press:
    """Who pressed what. `values` come from a select, `fields` from a form, by name."""

    desk: Desk
    control: Control
    values: Sequence[str] = ()
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])

    @property
    def chosen(self) -> str | None:
        """The line chosen in a select of one; None for "no rule here"."""
        value = self.values[0] if self.values else UNSET
        return None if value == UNSET else value

    def text(self, name: str) -> str:
        """Return what was typed or chosen in a field, "" where nothing was."""
        return next(iter(self.fields.get(name, ())), "").strip()

    async def put(self, setting: Setting, value: Any) -> str:
        """Set the value that the control shows; None unsets it."""
        return await self.change(setting, lambda _before: value)

    async def change(self, setting: Setting, amend: Amend) -> str:
        """Change the value that the control shows."""
        return await self.desk.change(
            setting, amend, self.control.spot.place, seen_ms=self.control.seen_ms
        )


class Form(NamedTuple):
    """A form to fill in; its action hears of it under the same name."""

    title: str
    fields: Sequence[discord.ui.Label[Any]]


Action = Callable[[Press], Awaitable[str]]
"""Does what was pressed, and returns what to tell."""

Opener = Callable[[Sheet], Form]
"""Returns the form behind a button."""


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the panel; its title is said where it is shown."""

    title: str
    emoji: str
    blocks: Callable[[Sheet], Iterator[Block]]
    actions: Mapping[str, Action]
    forms: Mapping[str, Opener] = field(default_factory=dict[str, Opener])


def typed(data: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    """Return what a form brought, by the names of its fields."""
    return dict(_fields(data.get("components", ())))


def _fields(components: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Sequence[str]]]:
    for each in components:
        inner = [each["component"]] if "component" in each else each.get("components", ())
        yield from _fields(cast("Sequence[Mapping[str, Any]]", inner))
        if "custom_id" in each:
            yield each["custom_id"], each.get("values") or [each.get("value") or ""]
