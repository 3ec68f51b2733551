"""`/history` on a million jobs: turning pages, filters and searches, of members small and large.

Every page is one that the use case serves, with the look at whether there are others before and
after it, but without Discord.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

from bot.__main__ import SWITCH_SECONDS
from bot.domain.clock import SystemClock
from bot.domain.history import EVERYTHING, HistoryFilter, Spot
from bot.domain.ids import UserId
from bot.history import History
from bot.storage.database import Database
from bot.storage.history import SqliteHistoryStore
from bot.storage.pictures import SqlitePictureStore
from tests.benchmarks.figures import Figure, percentile
from tests.benchmarks.million import BUSY, HEAVY, HUGE, copy_of_million, member_of, rare_word

TURNS = 2_000
SEARCHES = 2_000
_TODAY = datetime.now(UTC).date()
_COMMON = ("lighthouse", "fox", "storm", "castle dragon", "neon city rain", "light", "por")
_FILTERS = (
    HistoryFilter(model_id="model-1"),
    HistoryFilter(guild_id=HUGE),
    HistoryFilter(favourites=True),
    HistoryFilter(since=_TODAY - timedelta(days=9), until=_TODAY - timedelta(days=8)),
    HistoryFilter(search="lighthouse", model_id="model-1", guild_id=BUSY),
)


async def measure() -> list[Figure]:
    """Turn pages and search, one after the other as one member's clicks come."""
    sys.setswitchinterval(SWITCH_SECONDS)
    chance = random.Random(3)
    async with copy_of_million() as directory, Database.open(directory / "imagine.db") as database:
        clock = SystemClock()
        pictures = SqlitePictureStore(database, directory / "images", clock)
        history = History(store=SqliteHistoryStore(database, clock), pictures=pictures)
        turned = [each for _ in range(TURNS // 20) for each in await _turn_pages(history, chance)]
        searched = [await _timed(lambda: _search(history, chance)) for _ in range(SEARCHES)]
    return [
        *_figures("history page", turned, 5, "20 pages back from the newest, a member at random"),
        *_figures("history search", searched, 50, "common, rare and no words, and filters"),
    ]


async def _turn_pages(history: History, chance: random.Random) -> list[float]:
    member, spot = _member(chance), Spot()
    waits: list[float] = []
    for _ in range(20):
        begun = time.perf_counter()
        page = await history.page(member, EVERYTHING, spot)
        waits.append(1000 * (time.perf_counter() - begun))
        spot = Spot(start=page.jobs[-1].id) if page.has_older else Spot()
    return waits


async def _search(history: History, chance: random.Random) -> None:
    await history.page(_member(chance), _wanted(chance))


def _member(chance: random.Random) -> UserId:
    if chance.random() < 0.25:
        return HEAVY
    return member_of(chance.choice((BUSY, HUGE)), int(2_000 * chance.random() ** 3))


def _wanted(chance: random.Random) -> HistoryFilter:
    luck = chance.random()
    if luck < 0.4:
        return HistoryFilter(search=chance.choice(_COMMON))
    if luck < 0.7:
        return HistoryFilter(search=rare_word(chance.randrange(100_000)))
    return chance.choice(_FILTERS)


async def _timed(act: Callable[[], Awaitable[None]]) -> float:
    begun = time.perf_counter()
    await act()
    return 1000 * (time.perf_counter() - begun)


def _figures(name: str, waits: Sequence[float], at_most: float, how: str) -> list[Figure]:
    return [
        Figure(
            name=f"{name}: p99",
            value=percentile(waits, 0.99),
            unit="ms",
            at_most=at_most,
            note=f"{len(waits)} on a million jobs, slowest {max(waits):.1f}; {how}",
        ),
        Figure(name=f"{name}: median", value=percentile(waits, 0.5), unit="ms"),
    ]
