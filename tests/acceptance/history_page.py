"""A member's `/history` as they see it: read it, press what is on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import simcord
from simcord.results import ResponseMessage

from tests.acceptance.stage import Stage, said

TEXT, BUTTON, THUMBNAIL, GALLERY = 10, 2, 11, 12


class Page:
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
    ) -> Page:
        """Type `/history`."""
        reader = by or stage.member
        answer = said(await reader.slash(channel or stage.studio, "history", **options))
        assert answer.ephemeral
        return cls(reader, answer)

    @property
    def text(self) -> str:
        """All it says."""
        words = [part["content"] for part in self._parts() if part["type"] == TEXT]
        return "\n".join([self.message.content, *words])

    @property
    def entries(self) -> list[str]:
        """What it says of each job."""
        texts = [part["content"] for part in self._parts() if part["type"] == TEXT]
        return [text for text in texts if not text.startswith("#")]

    @property
    def labels(self) -> list[str]:
        """The labels of its buttons."""
        return [part["label"] for part in self._parts() if part["type"] == BUTTON]

    @property
    def pictures(self) -> list[dict[str, Any]]:
        """The pictures beside its texts, or in its gallery."""
        shown = [part for part in self._parts() if part["type"] in {THUMBNAIL, GALLERY}]
        return [item for part in shown for item in part.get("items", [part])]

    async def press(self, label: str, nth: int = 0) -> ResponseMessage | None:
        """Press the nth button of that label; return what was answered besides, if anything."""
        ids = [
            part["custom_id"]
            for part in self._parts()
            if part["type"] == BUTTON and part["label"] == label
        ]
        result = await self._reader.click(self.message, custom_id=ids[nth])
        others = [result.response, *result.followups]
        return next((each for each in others if each and each.id != self.message.id), None)

    def _parts(self) -> Iterator[dict[str, Any]]:
        yield from _walk(self.message.components)


def _walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from _walk(component.get("components") or [])
        if accessory := component.get("accessory"):
            yield accessory
