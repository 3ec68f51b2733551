"""Pages of the catalogue, as somebody may see it who looks through it at leisure."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import structlog

from bot.catalogue import Catalogue
from bot.domain.asker import Asker
from bot.domain.browsing import PAGE_SIZE, CataloguePage, Order, Selection, category_key
from bot.domain.catalogue import CatalogueEntry, ModelKind
from bot.domain.clock import Clock
from bot.domain.guild_ports import StatsStore
from bot.domain.ids import DIRECT_MESSAGES, GuildId
from bot.domain.memory import BriefMemory
from bot.domain.sight import Sight
from bot.domain.stats import Period, window_of
from bot.errors import StorageError

log = structlog.stdlib.get_logger(__name__)

_COUNTED = 1000
"""Models of a server that are counted; those after them are as good as never used."""

_COUNTS_SECONDS = 600.0
_COUNTED_SERVERS = 1000


class Browser:
    """Sorts what there is; what a server uses most is counted now and then."""

    def __init__(
        self,
        catalogue: Catalogue,
        sight: Callable[[Asker], Awaitable[Sight]],
        stats: StatsStore,
        clock: Clock,
    ) -> None:
        self._catalogue = catalogue
        self._sight = sight
        self._stats = stats
        self._clock = clock
        self._counts = BriefMemory[GuildId, Mapping[str, int]](
            clock, seconds=_COUNTS_SECONDS, most=_COUNTED_SERVERS
        )

    async def page(self, asker: Asker, selection: Selection, number: int = 0) -> CataloguePage:
        """Return a page, or the last one where there are not so many."""
        sight = await self._sight(asker)
        uses = await self._uses(asker.guild_id, selection.kind)
        if not uses and selection.order is Order.HERE:
            selection = replace(selection, order=Order.SERVICE)
        # In a thread: sorting ten thousand entries takes longer than others should wait.
        return await asyncio.to_thread(self._page, sight, uses, selection, number)

    def _page(
        self, sight: Sight, uses: Mapping[str, int], selection: Selection, number: int
    ) -> CataloguePage:
        fitting = self._fitting(selection, uses)
        found = [each for each in fitting if sight.shows(each)]
        pages = max(1, -(-len(found) // PAGE_SIZE))
        number = min(number, pages - 1)
        return CataloguePage(
            selection=selection,
            entries=found[number * PAGE_SIZE : (number + 1) * PAGE_SIZE],
            number=number,
            pages=pages,
            total=len(found),
            categories=_categories(filter(sight.shows, self._catalogue.of_kind(selection.kind))),
            orders=[each for each in Order if each is not Order.HERE or uses],
            uses_here=uses,
            hidden=0 if sight.adult else sum(each.nsfw for each in fitting),
        )

    def _fitting(self, selection: Selection, uses: Mapping[str, int]) -> Sequence[CatalogueEntry]:
        """Return what was selected, whoever may see it."""
        entries: Iterable[CatalogueEntry] = self._catalogue.find(selection.kind, selection.search)
        if selection.category:
            entries = (e for e in entries if category_key(e.category or "") == selection.category)
        if selection.search:
            return list(entries)
        match selection.order:
            case Order.HERE:
                return sorted(entries, key=lambda entry: -uses.get(entry.id, 0))
            case Order.SERVICE:
                return list(entries)
            case Order.NAME:
                return sorted(entries, key=lambda entry: entry.name.casefold())

    async def _uses(self, guild_id: GuildId, kind: ModelKind) -> Mapping[str, int]:
        """Return how often a server used each model; direct messages are nobody's server."""
        if kind is not ModelKind.MODEL or guild_id == DIRECT_MESSAGES:
            return {}
        try:
            return await self._counts.get(guild_id, self._count)
        except StorageError as error:
            log.warning("models shown without their uses", reason=str(error))
            return {}

    async def _count(self, guild_id: GuildId) -> Mapping[str, int]:
        window = window_of(Period.MONTH, self._clock.now_ms())
        counts = await self._stats.models(guild_id, window, _COUNTED)
        return {each.model_id: each.jobs for each in counts}


def _categories(entries: Iterable[CatalogueEntry]) -> Sequence[str]:
    counted = Counter(entry.category for entry in entries if entry.category)
    return [category for category, _ in counted.most_common()]
