"""What is kept about people, in the words and the form in which they are told of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.ids import UserId
from bot.speech import N_

NOBODY = UserId(0)
"""Whose those jobs are that outlive their member's erasure by a little; Discord has no such id."""

PICTURES = "pictures"
SOURCES = "sources"
"""The kind of record whose rows name files."""

_NESTED = frozenset({"request", "output", "used", "value", "details", "attributes", "draft"})
"""Columns that hold JSON."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Fate(StrEnum):
    """What becomes of a record, when its member erases it or its server removes the bot."""

    DELETED = "deleted"
    REDUCED = "reduced"
    """What is needed for a while longer, or belongs to somebody else, stays."""
    KEPT = "kept"


FATES: Mapping[Fate, str] = {
    Fate.DELETED: N_("deleted"),
    Fate.REDUCED: N_("reduced"),
    Fate.KEPT: N_("stays"),
}
"""What members are told of it."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What becomes of records of one kind, and why, where that is said."""

    fate: Fate
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One kind of record that names members, in plain words, to be said in any language."""

    name: str
    what: str
    kept: str
    """How long."""
    seen_by: str
    erased: Sequence[Ending]
    """What `/privacy erase` does, and why where something stays."""
    departed: Ending | None
    """What becomes of it when the server removes the bot; None where it is no server's."""

    @property
    def stays(self) -> bool:
        """Whether erasing leaves something of it."""
        return any(each.fate is not Fate.DELETED for each in self.erased)


@dataclass(frozen=True, slots=True)
class Erasure:
    """A member's confirmed wish: what was kept about them up to that moment goes."""

    user_id: UserId
    asked_at_ms: int


Row = Mapping[str, int | float | str | bytes | None]


@dataclass(frozen=True, slots=True)
class ExportedRows:
    """Some rows of one kind, as they are stored."""

    name: str
    rows: Sequence[Row]


def presented(row: Row) -> dict[str, Any]:
    """Return a stored row as a person, or another program, can read it.

    Ids are text, since many programs round numbers of that size. Moments are spelt out.
    """
    return dict(_presented(name, value) for name, value in row.items())


def _presented(name: str, value: Any) -> tuple[str, Any]:
    if name.endswith("_ms"):
        return name.removesuffix("_ms"), None if value is None else _moment(value)
    if name == "id" or name.endswith(("_id", "_by")):
        return name, None if value is None else str(value)
    if name in _NESTED and isinstance(value, str):
        return name, _nested(value)
    return name, value


def _moment(ms: int) -> str:
    try:
        return (_EPOCH + timedelta(milliseconds=ms)).isoformat(timespec="milliseconds")
    except OverflowError:
        return str(ms)


def _nested(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
