"""What the use cases of members' conveniences need from a store; as in `ports.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from bot.domain.audit import AuditEntry
from bot.domain.ids import UserId
from bot.domain.preset import Preset, Shelf


class OwnDefaultsStore(Protocol):
    """What each member has set for options they leave out."""

    async def of_member(self, user_id: UserId) -> Mapping[str, Any]:
        """Return a member's defaults as attributes; what this program cannot read is left out."""
        ...

    async def put(
        self, user_id: UserId, option: str, attributes: Mapping[str, Any], now_ms: int
    ) -> None:
        """Set what an option stands for, in the place of what it stood for."""
        ...

    async def clear(self, user_id: UserId, option: str | None) -> int:
        """Unset an option, or all of them; return how many were set."""
        ...


class PresetStore(Protocol):
    """Presets by the names on their shelves. A server's change with the entry that tells of it."""

    async def on(self, *shelves: Shelf) -> Sequence[Preset]:
        """Return everything on some shelves, in the order of the shelves and then of the names."""
        ...

    async def find(self, shelf: Shelf, key: str) -> Preset | None:
        """Return the preset of a name."""
        ...

    async def save(
        self, preset: Preset, *, saved_by: UserId, now_ms: int, entry: AuditEntry | None
    ) -> bool:
        """Keep a preset, in the place of one of the same name; False where the shelf is full."""
        ...

    async def delete(self, shelf: Shelf, key: str, *, entry: AuditEntry | None) -> bool:
        """Take a preset away; False, and nothing is written, where there is none."""
        ...
