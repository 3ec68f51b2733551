"""What the use cases of members' conveniences need from a store; as in `ports.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from bot.domain.audit import AuditEntry
from bot.domain.ids import JobId, UserId
from bot.domain.job import Picture
from bot.domain.ports import PictureData
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


class SourceStore(Protocol):
    """The pictures that jobs start from, and their masks, by positions of `start.py`.

    They may be kept before their job is accepted. Whoever gave one has it exported and erased,
    whosever job it is for.
    """

    async def keep(
        self, job_id: JobId, position: int, picture: PictureData, giver: UserId
    ) -> Picture:
        """Store a picture durably for a job that may follow; again is harmless."""
        ...

    async def hold(self, job_id: JobId, position: int, sha256: str, asker: UserId) -> bool:
        """Have a kept picture stay for another job; False where it is no longer kept."""
        ...

    async def let_go(self, job_id: JobId) -> None:
        """Forget what was kept for a job that did not come about; other ids' copies stay."""
        ...

    async def of_job(self, job_id: JobId) -> Sequence[Picture]:
        """Return what the job starts from: the picture, then its mask if it has one."""
        ...

    async def read(self, sha256: str) -> bytes:
        """Return a picture's bytes.

        Raises:
            StorageError: the file is gone.
        """
        ...
