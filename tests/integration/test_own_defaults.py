"""A member's own defaults come from memory, and what memory says is what is stored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot import own_defaults as module
from bot.domain.ids import UserId
from bot.errors import StorageError
from bot.own_defaults import OwnDefaults
from bot.storage.database import Database
from bot.storage.own_defaults import SqliteOwnDefaultsStore
from tests.factories.jobs import ALICE, BOB
from tests.fakes.clock import FakeClock


class CountingStore(SqliteOwnDefaultsStore):
    """Counts reads, and holds them up or fails where a test says so."""

    reads = 0
    fails = False
    held: asyncio.Event | None = None
    reached: asyncio.Event | None = None

    async def of_member(self, user_id: UserId) -> Mapping[str, Any]:
        self.reads += 1
        found = await super().of_member(user_id)
        if self.held is not None and self.reached is not None:
            self.reached.set()
            await self.held.wait()
        return found

    async def put(
        self, user_id: UserId, option: str, attributes: Mapping[str, Any], now_ms: int
    ) -> None:
        await super().put(user_id, option, attributes, now_ms)
        if self.fails:
            raise StorageError("the answer was lost")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncGenerator[CountingStore]:
    async with Database.open(tmp_path / "imagine.db") as database:
        yield CountingStore(database)


@pytest.fixture
def own(store: CountingStore) -> OwnDefaults:
    return OwnDefaults(store=store, clock=FakeClock())


async def test_a_member_is_read_once_with_and_without_defaults(
    own: OwnDefaults, store: CountingStore
):
    await own.put(ALICE, "seed", "7")
    before = store.reads
    for _ in range(3):
        assert await own.of(ALICE) == {"seed": 7}
        assert await own.of(BOB) == {}
    assert store.reads == before + 1


async def test_a_change_shows_at_once(own: OwnDefaults):
    assert await own.of(ALICE) == {}
    assert await own.put(ALICE, "size", " wide ") == {"width": 1024, "height": 576}
    assert await own.put(ALICE, "seed", "7") == {"seed": 7, "width": 1024, "height": 576}
    assert await own.clear(ALICE, "size") == 1
    assert await own.of(ALICE) == {"seed": 7}


async def test_what_was_read_before_a_change_is_not_remembered_after_it(
    own: OwnDefaults, store: CountingStore
):
    store.held, store.reached = asyncio.Event(), asyncio.Event()
    early = asyncio.create_task(own.of(ALICE))
    await store.reached.wait()
    late = asyncio.create_task(own.put(ALICE, "seed", "7"))
    while store.reads < 2:  # noqa: ASYNC110
        await asyncio.sleep(0)
    store.held.set()

    assert await early == {}
    assert await late == {"seed": 7}
    assert await own.of(ALICE) == {"seed": 7}


async def test_a_change_of_unknown_fate_is_looked_up(own: OwnDefaults, store: CountingStore):
    assert await own.of(ALICE) == {}
    store.fails = True
    with pytest.raises(StorageError):
        await own.put(ALICE, "seed", "7")
    assert await own.of(ALICE) == {"seed": 7}


async def test_only_those_who_asked_last_are_remembered(
    own: OwnDefaults, store: CountingStore, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "MEMBERS_KEPT", 2)
    for user_id in (1, 2, 1, 3, 1, 3):
        await own.of(UserId(user_id))
    assert store.reads == 3
    await own.of(UserId(2))
    assert store.reads == 4
