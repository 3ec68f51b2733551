"""Private messages made of components, as their reader sees and uses them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

import simcord
from simcord.results import ResponseMessage

from tests.acceptance.stage import Stage, said

BUTTON, MENU, TEXT, THUMBNAIL, GALLERY = 2, 3, 10, 11, 12
"""Kinds of components (Discord, "Component Reference")."""


class PageOf:
    """The answer to a command, which every press turns into something else."""

    command: str

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
    ) -> Self:
        """Type the command."""
        await cls.prepare(stage)
        reader = by or stage.member
        answer = said(await reader.slash(channel or stage.studio, cls.command, **options))
        assert answer.ephemeral
        return cls(reader, answer)

    @classmethod
    async def prepare(cls, stage: Stage) -> None:
        """Bring about what the command needs."""

    def parts(self, *kinds: int) -> Iterator[dict[str, Any]]:
        """Yield its components of some kinds, from the top down."""
        return (part for part in _walk(self.message.components) if part["type"] in kinds)


def _walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from _walk(component.get("components") or [])
        if accessory := component.get("accessory"):
            yield accessory
