"""`/models` as a member sees it: read it, press what is on it, choose from its menus."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import simcord
from simcord.results import ResponseMessage

from tests.acceptance.stage import Stage, said

TEXT, BUTTON, MENU, THUMBNAIL = 10, 2, 3, 11


class ModelsPage:
    """The private message, which every press turns into something else."""

    def __init__(self, reader: simcord.MemberActor, message: ResponseMessage) -> None:
        self._reader = reader
        self.message = message

    @classmethod
    async def open(
        cls,
        stage: Stage,
        *,
        by: simcord.MemberActor | None = None,
        channel: simcord.ChannelHandle | None = None,
        **options: Any,
    ) -> ModelsPage:
        """Type `/models` once the list is there."""
        await stage.app.services.catalogue.refresh()
        reader = by or stage.member
        answer = said(await reader.slash(channel or stage.studio, "models", **options))
        assert answer.ephemeral
        return cls(reader, answer)

    @property
    def texts(self) -> list[str]:
        """All its texts, from the top down."""
        return [part["content"] for part in self._parts(TEXT)]

    @property
    def heading(self) -> str:
        """What stands above the entries."""
        return self.texts[0]

    @property
    def ids(self) -> list[str]:
        """The ids that its entries offer to copy."""
        return [text.split("`")[1] for text in self.texts[1:-1]]

    @property
    def pictures(self) -> list[str]:
        """The addresses of its pictures."""
        return [part["media"]["url"] for part in self._parts(THUMBNAIL)]

    @property
    def covered(self) -> list[bool]:
        """Which of them are covered."""
        return [bool(part.get("spoiler")) for part in self._parts(THUMBNAIL)]

    def menu(self, act: str) -> dict[str, str]:
        """Return what a menu offers, by value."""
        return {each["value"]: each["label"] for each in self._menu(act)["options"]}

    def chosen(self, act: str) -> list[str]:
        """Return what a menu shows as chosen."""
        return [each["value"] for each in self._menu(act)["options"] if each.get("default")]

    def has_menu(self, act: str) -> bool:
        """Tell whether there is such a menu."""
        return any(_is_of(part, act) for part in self._parts(MENU))

    async def press(self, label: str) -> None:
        """Press a button."""
        button = next(part for part in self._parts(BUTTON) if part["label"] == label)
        await self._reader.click(self.message, custom_id=button["custom_id"])

    async def choose(self, act: str, value: str) -> None:
        """Choose from a menu."""
        custom_id = self._menu(act)["custom_id"]
        await self._reader.select(self.message, [value], custom_id=custom_id)

    def _menu(self, act: str) -> dict[str, Any]:
        return next(part for part in self._parts(MENU) if _is_of(part, act))

    def _parts(self, kind: int) -> Iterator[dict[str, Any]]:
        return (part for part in _walk(self.message.components) if part["type"] == kind)


def _is_of(part: dict[str, Any], act: str) -> bool:
    return part["custom_id"].startswith(f"imagine:models:{act}:")


def _walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from _walk(component.get("components") or [])
        if accessory := component.get("accessory"):
            yield accessory
