"""What the model list and the marks promise."""

from __future__ import annotations

import asyncio

from bot.domain.catalogue import CatalogueEntry, ModelKind
from tests.contract.conftest import Stores

ENTRIES = [
    CatalogueEntry(
        id="midjourney",
        name="Midjourney",
        category="art",
        description="x",
        trigger="mdjrny",
        screenshot="https://a/b.png",
        nsfw=True,
        uses=9,
    ),
    CatalogueEntry(id="more-details", kind=ModelKind.LORA, name="More details"),
    CatalogueEntry(id="midjourney", name="the API lists some twice"),
]


async def test_the_model_list_is_empty_at_first(stores: Stores):
    assert list(await stores.catalogue.load()) == []


async def test_the_model_list_reads_back_in_order(stores: Stores):
    await stores.catalogue.replace(ENTRIES)
    assert list(await stores.catalogue.load()) == ENTRIES


async def test_a_fresh_list_takes_the_place_of_the_old_one(stores: Stores):
    await stores.catalogue.replace(ENTRIES)
    await stores.catalogue.replace(ENTRIES[1:2])
    assert list(await stores.catalogue.load()) == ENTRIES[1:2]


async def test_a_mark_is_what_was_put_last(stores: Stores):
    assert await stores.marks.get("tree") is None
    await stores.marks.put("tree", "a")
    await stores.marks.put("tree", "b")
    assert await stores.marks.get("tree") == "b"


async def test_of_many_who_create_a_secret_at_once_all_get_the_same(stores: Stores):
    made = iter(range(100))
    values = await asyncio.gather(
        *(stores.marks.get_or_create("key", lambda: str(next(made))) for _ in range(20))
    )
    assert set(values) == {"0"}
    assert await stores.marks.get("key") == "0"
