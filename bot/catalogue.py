"""The models, LoRAs and embeddings a member can choose from, always answered from memory.

The list is kept in the database and refreshed from the API in the background; while the API is
away the last known list serves.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import structlog
from rapidfuzz import fuzz, process

from bot.domain.catalogue import CatalogueEntry, ModelKind
from bot.domain.ports import CatalogueStore, ImageApi
from bot.errors import ProviderError
from bot.loops import Loop

log = structlog.stdlib.get_logger(__name__)

REFRESH_SECONDS = 6 * 3600.0
RETRY_SECONDS = 300.0
_WORST_SCORE = 60


class Catalogue:
    """Suggestions for the options that take an id of the API's."""

    def __init__(self, *, store: CatalogueStore, api: ImageApi) -> None:
        self._store = store
        self._api = api
        self._by_kind: dict[ModelKind, list[CatalogueEntry]] = {}
        self._labels: dict[ModelKind, list[str]] = {}
        self._ids: dict[tuple[ModelKind, str], str] = {}
        self._stale_at = 0.0

    async def load(self) -> None:
        """Take the last known list from the database."""
        self._take(await self._store.load())

    async def refresh(self) -> None:
        """Take a fresh list from the API; the old one stays where that fails.

        Raises:
            ProviderError: the API did not give a list.
        """
        entries = await self._api.list_models()
        if not entries:
            raise ProviderError("the model list came back empty")
        await self._store.replace(entries)
        self._take(entries)
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

    def suggest(self, kind: ModelKind, text: str, *, limit: int = 25) -> Sequence[CatalogueEntry]:
        """Return entries that match what was typed so far, best first; typing errors are forgiven.

        With nothing typed, the API's most used come first.
        """
        entries = self._by_kind.get(kind, [])
        wanted = text.strip().lower()
        if not wanted:
            return entries[:limit]
        hits = process.extract(
            wanted,
            self._labels[kind] if entries else [],
            scorer=fuzz.partial_ratio if len(wanted) > 2 else fuzz.WRatio,
            score_cutoff=_WORST_SCORE,
            limit=limit * 2,
        )
        ranked = sorted(hits, key=lambda hit: (not hit[0].startswith(wanted), -hit[1], hit[2]))
        return [entries[index] for _, _, index in ranked[:limit]]

    def known(self, kind: ModelKind, name: str) -> str | None:
        """Return the id of what has exactly this id or name, in capitals or not."""
        return self._ids.get((kind, name.lower()))

    def _take(self, entries: Sequence[CatalogueEntry]) -> None:
        names = {(each.kind, each.name.lower()): each.id for each in entries}
        self._ids = names | {(each.kind, each.id.lower()): each.id for each in entries}
        for kind in ModelKind:
            of_kind = [entry for entry in entries if entry.kind is kind]
            of_kind.sort(key=lambda entry: (-entry.uses, entry.name.lower()))
            self._by_kind[kind] = of_kind
            self._labels[kind] = [f"{e.id} {e.name}".lower() for e in of_kind]
