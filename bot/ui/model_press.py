"""What a control of `/models` says in its id: which page it stands on, and what it changes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from bot.domain.browsing import MAX_SEARCH, Order, Selection
from bot.domain.catalogue import ModelKind
from bot.domain.matching import words_of
from bot.ui.job_button import PREFIX

TEMPLATE = (
    rf"{PREFIX}:models:(?P<act>[a-z]):(?P<kind>[a-z])(?P<order>[a-z]):"
    r"(?P<category>[0-9a-f]{8}|-):(?P<page>\d{1,6}):(?P<search>.*)"
)
EVERY_CATEGORY = "-"

_KINDS = {"m": ModelKind.MODEL, "l": ModelKind.LORA, "e": ModelKind.EMBEDDING}
_ORDERS = {"h": Order.HERE, "s": Order.SERVICE, "n": Order.NAME}
_KIND_LETTERS = {kind: letter for letter, kind in _KINDS.items()}
_ORDER_LETTERS = {order: letter for letter, order in _ORDERS.items()}


class Act(StrEnum):
    """What a control does."""

    BACK = "b"
    ON = "o"
    KIND = "k"
    CATEGORY = "c"
    ORDER = "s"


@dataclass(frozen=True, slots=True)
class Press:
    """A control's meaning; `page` is the one it leads to."""

    act: Act
    selection: Selection
    page: int = 0

    @property
    def custom_id(self) -> str:
        """The id that says so, within the 100 characters of a `custom_id`."""
        wanted = self.selection
        return (
            f"{PREFIX}:models:{self.act}:{_KIND_LETTERS[wanted.kind]}"
            f"{_ORDER_LETTERS[wanted.order]}:{wanted.category or EVERY_CATEGORY}:"
            f"{self.page}:{wanted.search}"
        )

    @classmethod
    def read(cls, match: re.Match[str]) -> Self:
        """Read it back.

        Raises:
            ValueError: a later or earlier program meant something by it.
            KeyError: the same.
        """
        category = match["category"]
        selection = Selection(
            kind=_KINDS[match["kind"]],
            order=_ORDERS[match["order"]],
            category="" if category == EVERY_CATEGORY else category,
            search=match["search"],
        )
        return cls(Act(match["act"]), selection, int(match["page"]))

    def chosen(self, value: str) -> Selection:
        """Return what is selected once a menu's value was chosen."""
        match self.act:
            case Act.KIND:
                return replace(self.selection, kind=ModelKind(value), category="")
            case Act.CATEGORY:
                return replace(self.selection, category="" if value == EVERY_CATEGORY else value)
            case Act.ORDER:
                return replace(self.selection, order=Order(value))
            case _:
                return self.selection


def searchable(text: str) -> str:
    """Return what is looked for, in signs that an id can hold."""
    return " ".join(words_of(text))[:MAX_SEARCH].strip()
