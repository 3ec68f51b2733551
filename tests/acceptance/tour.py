"""Somebody who tries everything: gives every command, presses every button, fills in every form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import discord
import simcord
from simcord.components import walk_components
from simcord.results import InteractionResult, ResponseMessage

from bot.sandbox import Fault
from tests.acceptance.remixes import flat
from tests.acceptance.stage import Stage
from tests.acceptance.test_no_internals import parts_of, required_options

BUTTON, MENU, TEXT_INPUT, FILE_UPLOAD = 2, 3, 4, 19
"""Kinds of components (Discord, "Component Reference")."""

NONSENSE = "1x1"
"""What is typed where nothing better is known; most refuse it, in words."""

TROUBLES = (Fault.FETCH_FAILED, Fault.NSFW_FLAG, Fault.MODEL_NOT_FOUND)
"""What goes wrong with pictures on the way."""

DEPTH = 3
"""How many presses lead away from what a command showed."""

UNPRESSED = frozenset({"privacy erase"})
"""Whose buttons end the tour, since they take everything away."""


Shown = discord.Message | ResponseMessage


@dataclass(frozen=True)
class Act:
    """A press of a button, or a choice in a select."""

    custom_id: str
    choice: Any = None

    @property
    def kind(self) -> str:
        """What is done, whatever it is done to."""
        return re.sub(r"\d+", "", f"{self.custom_id} {self.choice}")


class Tour:
    """One person's way through all that there is, in the studio."""

    def __init__(self, stage: Stage, published: list[dict[str, Any]], who: simcord.MemberActor):
        self._stage = stage
        self._published = published
        self._who = who
        self._done: set[str] = set()

    async def take(self) -> set[str]:
        """Ask for pictures, good and bad, then try whatever there is; return what was done."""
        await self._ask_for_pictures()
        shown = self._stage.shown_pictures()[-1]
        for name in ("Show parameters", "Use these parameters", "Remix this", "Report picture"):
            chosen = await self._who.context_menu(self._stage.studio, name, shown)
            await self._follow(chosen, DEPTH - 1)
        await self._look_closer(shown, DEPTH)
        for name in self._who.available_commands(self._stage.studio):
            await self._give(name)
        return self._done

    async def _ask_for_pictures(self) -> None:
        stage = self._stage
        for fault in TROUBLES:
            await stage.end_of(await stage.imagine(f"x9 [{fault.value}]", by=self._who))
        await stage.end_of(await stage.imagine("猫", by=self._who, samples=2, size="wide"))
        await stage.imagine("x9", by=self._who, size=NONSENSE, lora_strength="1,1,1")
        await stage.imagine("x9 --steps 999 --no-such", by=self._who)

    async def _give(self, name: str) -> None:
        options = dict(required_options(self._stage, self._published, name))
        if name in {"remix", "inpaint"}:
            options["image"] = ("photo.png", flat())
        result = await self._who.slash(self._stage.studio, name, **options)
        await self._follow(result, 0 if name in UNPRESSED else DEPTH)

    async def _follow(self, result: InteractionResult, depth: int, *, under: int = 0) -> None:
        """Look at what was answered, but for the message under whose control it was."""
        if result.modal is not None:
            filled = dict(_filled_in(result.modal))
            sent = await self._who.submit_modal(result, filled)
            await self._follow(sent, depth - 1, under=under)
        for answer in filter(None, [result.response, *result.followups]):
            if answer.id != under:
                await self._look_closer(answer, depth)

    async def _look_closer(self, message: Shown, depth: int) -> None:
        """Do each thing that can be done with a message and was not done yet."""
        while depth > 0 and (act := self._next(message)) is not None:
            self._done.add(act.kind)
            await self._follow(await self._do(message, act), depth - 1, under=message.id)

    def _next(self, message: Shown) -> Act | None:
        stored = self._stage.env.backend.messages.get(self._stage.studio.id, {})
        if message.id not in stored:
            return None
        fresh = [act for act in self._acts(message) if act.kind not in self._done]
        return min(fresh, key=lambda act: "delete" in act.custom_id, default=None)

    def _acts(self, message: Shown) -> Iterator[Act]:
        """Yield the lowest first: what leads to another page stands above what the page is for."""
        for control in reversed(parts_of(message)):
            if not control.get("custom_id") or control.get("disabled"):
                continue
            custom_id = control["custom_id"]
            if control["type"] == BUTTON:
                yield Act(custom_id)
            elif control["type"] == MENU:
                yield from (Act(custom_id, each["value"]) for each in control["options"])
            else:
                yield Act(custom_id, self._somebody(control["type"]))

    async def _do(self, message: Shown, act: Act) -> InteractionResult:
        if act.choice is None:
            return await self._who.click(message, custom_id=act.custom_id)
        return await self._who.select(message, [act.choice], custom_id=act.custom_id)

    def _somebody(self, kind: int) -> Any:
        match kind:
            case 6:
                return self._who.guild.roles["Moderator"]
            case 8:
                return self._stage.world.channel("general")
            case _:
                return self._stage.member


def _filled_in(modal: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for part in walk_components(modal["components"]):
        if part["type"] == TEXT_INPUT:
            yield part["custom_id"], part.get("value") or NONSENSE[: part.get("max_length") or 99]
        elif part["type"] == MENU:
            yield part["custom_id"], [part["options"][0]["value"]]
        elif part["type"] == FILE_UPLOAD:
            yield part["custom_id"], ("settings.json", b"{}")
