"""What a page of the catalogue shows: which entries, in which order."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.catalogue import CatalogueEntry, ModelKind

PAGE_SIZE = 5
MAX_SEARCH = 40
"""So that a search fits a button's id beside everything else."""


class Order(StrEnum):
    """What comes first. A search has an order of its own: what fits best."""

    HERE = "here"
    """What this server used most in the last month."""
    SERVICE = "service"
    """What the image service was asked for most."""
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Selection:
    """What somebody wants to see. `category` is a key, empty for all of them."""

    kind: ModelKind = ModelKind.MODEL
    order: Order = Order.HERE
    category: str = ""
    search: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CataloguePage:
    """Some entries, and what else there is to choose from."""

    selection: Selection
    entries: Sequence[CatalogueEntry] = ()
    number: int = 0
    pages: int = 1
    total: int = 0
    categories: Sequence[str] = ()
    """Of all entries of the kind that are shown here, the most frequent first."""
    orders: Sequence[Order] = ()
    uses_here: Mapping[str, int] = field(default_factory=dict[str, int])
    hidden: int = 0
    """Entries for adults that fit and are not shown here."""


@functools.lru_cache(maxsize=1024)
def category_key(category: str) -> str:
    """Return a short name of a category, the same as long as it is called so."""
    return hashlib.blake2s(category.encode("utf-8", "replace"), digest_size=4).hexdigest()
