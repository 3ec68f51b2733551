"""A member's `/history` as they see it: read it, press what is on it."""

from __future__ import annotations

from typing import Any

from simcord.results import ResponseMessage

from tests.acceptance.pages import BUTTON, GALLERY, TEXT, THUMBNAIL, PageOf


class Page(PageOf):
    """The jobs that are shown, and the buttons."""

    command = "history"

    @property
    def text(self) -> str:
        """All it says."""
        words = [part["content"] for part in self.parts(TEXT)]
        return "\n".join([self.message.content, *words])

    @property
    def entries(self) -> list[str]:
        """What it says of each job."""
        texts = [part["content"] for part in self.parts(TEXT)]
        return [text for text in texts if not text.startswith("#")]

    @property
    def labels(self) -> list[str]:
        """The labels of its buttons."""
        return [part["label"] for part in self.parts(BUTTON)]

    @property
    def pictures(self) -> list[dict[str, Any]]:
        """The pictures beside its texts, or in its gallery."""
        shown = self.parts(THUMBNAIL, GALLERY)
        return [item for part in shown for item in part.get("items", [part])]

    async def press(self, label: str, nth: int = 0) -> ResponseMessage | None:
        """Press the nth button of that label; return what was answered besides, if anything."""
        ids = [part["custom_id"] for part in self.parts(BUTTON) if part["label"] == label]
        result = await self._reader.click(self.message, custom_id=ids[nth])
        others = [result.response, *result.followups]
        return next((each for each in others if each and each.id != self.message.id), None)
