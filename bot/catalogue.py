"""The models, LoRAs and embeddings a member can choose from, always answered from memory.

The list is kept in the database and refreshed from the API in the background; while the API is
away the last known list serves.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import structlog

from bot.domain.catalogue import CatalogueEntry, ModelKind
from bot.domain.matching import NameIndex
from bot.domain.ports import CatalogueStore, ImageApi
from bot.domain.sight import ANYWHERE, Sight
from bot.errors import ProviderError
from bot.loops import Loop

log = structlog.stdlib.get_logger(__name__)

REFRESH_SECONDS = 6 * 3600.0
RETRY_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Shelf:
    """The entries of one kind, the API's most used first, and where each id stands."""

    entries: Sequence[CatalogueEntry]
    places: Mapping[str, int]
    ids: Mapping[str, str]
    """By id and by name, both in small letters."""
    names: NameIndex


class Catalogue:
    """Finds entries for the options that take an id of the API's."""

    def __init__(self, *, store: CatalogueStore, api: ImageApi) -> None:
        self._store = store
        self._api = api
        self._shelves = _shelves(())
        self._stale_at = 0.0

    async def load(self) -> None:
        """Take the last known list from the database."""
        await self._take(await self._store.load())

    async def refresh(self) -> None:
        """Take a fresh list from the API; the old one stays where that fails.

        Raises:
            ProviderError: the API did not give a list.
        """
        entries = await self._api.list_models()
        if not entries:
            raise ProviderError("the model list came back empty")
        await self._store.replace(entries)
        await self._take(entries)
        log.info("model list refreshed", entries=len(entries))

    def loop(self) -> Loop:
        """Return the loop that keeps the list fresh."""
        return Loop("catalogue", self._refresh_if_stale, interval_seconds=RETRY_SECONDS)

    async def _refresh_if_stale(self) -> None:
        if time.monotonic() < self._stale_at:
            return
        try:
            await self.refresh()
        except ProviderError as error:
            log.warning("model list not refreshed, the last known one serves", reason=str(error))
        else:
            self._stale_at = time.monotonic() + REFRESH_SECONDS

    def of_kind(self, kind: ModelKind) -> Sequence[CatalogueEntry]:
        """Return all entries of a kind, the API's most used first."""
        return self._shelves[kind].entries

    def get(self, kind: ModelKind, wanted: str) -> CatalogueEntry | None:
        """Return the entry with an id, if the API lists it."""
        shelf = self._shelves[kind]
        place = shelf.places.get(wanted)
        return None if place is None else shelf.entries[place]

    def find(
        self, kind: ModelKind, typed: str, *, preferred: Collection[str] = ()
    ) -> Iterator[CatalogueEntry]:
        """Yield what matches what was typed so far, best first; typing errors are forgiven.

        The preferred ids come before their equals. With nothing typed the API's most used come
        first.
        """
        shelf = self._shelves[kind]
        if not typed.strip():
            return iter(shelf.entries)
        first = {shelf.places[each] for each in preferred if each in shelf.places}
        return (shelf.entries[place] for place in shelf.names.find(typed, preferred=first))

    def meant(self, model_id: str, sight: Sight = ANYWHERE) -> str | None:
        """Return the model that is probably meant by an id that the API does not list.

        One letter may be wrong; of several, the API's most used is meant.
        """
        shelf = self._shelves[ModelKind.MODEL]
        if model_id in shelf.places:
            return None
        near = (shelf.entries[place] for place in shelf.names.nearly(model_id))
        return next((each.id for each in near if sight.shows(each)), None)

    def suggest(self, kind: ModelKind, typed: str, *, limit: int = 25) -> Sequence[CatalogueEntry]:
        """Return the best of what matches, whoever asks."""
        return list(islice(self.find(kind, typed), limit))

    def known(self, kind: ModelKind, name: str) -> str | None:
        """Return the id of what has exactly this id or name, in capitals or not."""
        return self._shelves[kind].ids.get(name.lower())

    async def _take(self, entries: Sequence[CatalogueEntry]) -> None:
        """Put a list in the place of the one before, arranged in a thread: lists are long."""
        self._shelves = await asyncio.to_thread(_shelves, entries)


def _shelves(entries: Sequence[CatalogueEntry]) -> Mapping[ModelKind, Shelf]:
    return {kind: _shelf(each for each in entries if each.kind is kind) for kind in ModelKind}


def _shelf(entries: Iterable[CatalogueEntry]) -> Shelf:
    """Arrange entries of one kind; of those the API lists twice, the more used one stays."""
    ranked = sorted(entries, key=lambda entry: (-entry.uses, entry.name.lower()))
    distinct: dict[str, CatalogueEntry] = {}
    for entry in ranked:
        distinct.setdefault(entry.id, entry)
    rising = list(reversed(distinct.values()))  # of those with one name, the most used is meant
    return Shelf(
        entries=list(distinct.values()),
        places={each: place for place, each in enumerate(distinct)},
        ids={each.name.lower(): each.id for each in rising}
        | {each.id.lower(): each.id for each in rising},
        names=NameIndex((entry.id, entry.name) for entry in distinct.values()),
    )
