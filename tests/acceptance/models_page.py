"""`/models` as a member sees it: read it, press what is on it, choose from its menus."""

from __future__ import annotations

from typing import Any

from tests.acceptance.pages import BUTTON, MENU, TEXT, THUMBNAIL, PageOf
from tests.acceptance.stage import Stage


class ModelsPage(PageOf):
    """The entries that are shown, and the controls."""

    command = "models"

    @classmethod
    async def prepare(cls, stage: Stage) -> None:
        """Have the list there."""
        await stage.app.services.catalogue.refresh()

    @property
    def texts(self) -> list[str]:
        """All its texts, from the top down."""
        return [part["content"] for part in self.parts(TEXT)]

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
        return [part["media"]["url"] for part in self.parts(THUMBNAIL)]

    @property
    def covered(self) -> list[bool]:
        """Which of them are covered."""
        return [bool(part.get("spoiler")) for part in self.parts(THUMBNAIL)]

    def menu(self, act: str) -> dict[str, str]:
        """Return what a menu offers, by value."""
        return {each["value"]: each["label"] for each in self._menu(act)["options"]}

    def chosen(self, act: str) -> list[str]:
        """Return what a menu shows as chosen."""
        return [each["value"] for each in self._menu(act)["options"] if each.get("default")]

    def has_menu(self, act: str) -> bool:
        """Tell whether there is such a menu."""
        return any(_is_of(part, act) for part in self.parts(MENU))

    async def press(self, label: str) -> None:
        """Press a button."""
        button = next(part for part in self.parts(BUTTON) if part["label"] == label)
        await self._reader.click(self.message, custom_id=button["custom_id"])

    async def choose(self, act: str, value: str) -> None:
        """Choose from a menu."""
        custom_id = self._menu(act)["custom_id"]
        await self._reader.select(self.message, [value], custom_id=custom_id)

    def _menu(self, act: str) -> dict[str, Any]:
        return next(part for part in self.parts(MENU) if _is_of(part, act))


def _is_of(part: dict[str, Any], act: str) -> bool:
    return part["custom_id"].startswith(f"imagine:models:{act}:")
