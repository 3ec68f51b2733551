"""A member's own defaults are kept for them alone, an option at a time."""

from __future__ import annotations

from pathlib import Path

from bot.domain.parameters import Scheduler
from bot.domain.personal import Erasure
from tests.contract.conftest import OpenStores, Stores
from tests.contract.test_personal_store import erase, rows_of
from tests.factories.jobs import ALICE, BOB
from tests.fakes.clock import NOON

WIDE = {"width": 1024, "height": 576}


async def test_a_member_has_none_at_first(stores: Stores):
    assert await stores.own_defaults.of_member(ALICE) == {}


async def test_each_is_kept_with_its_type_over_a_restart(open_stores: OpenStores, tmp_path: Path):
    given = {
        **WIDE,
        "seed": 2**32 - 1,
        "guidance_scale": 7.1,
        "scheduler": Scheduler.DDIM,
        "lora_model": ("a", "b"),
        "lora_strength": (0.5, 1.0),
        "negative_prompt": "'; DROP TABLE jobs; -- ☃",
        "safety_checker": False,
    }
    async with open_stores(tmp_path) as stores:
        await stores.own_defaults.put(ALICE, "size", WIDE, NOON)
        for name, value in list(given.items())[2:]:
            await stores.own_defaults.put(ALICE, name, {name: value}, NOON)
    async with open_stores(tmp_path) as stores:
        found = await stores.own_defaults.of_member(ALICE)
        assert found == given
        assert isinstance(found["lora_model"], tuple)
        assert await stores.own_defaults.of_member(BOB) == {}


async def test_a_later_value_takes_the_place_of_an_earlier_one(stores: Stores):
    for seed in (1, 2):
        await stores.own_defaults.put(ALICE, "seed", {"seed": seed}, NOON)
    assert await stores.own_defaults.of_member(ALICE) == {"seed": 2}


async def test_one_or_all_are_cleared_and_counted(stores: Stores):
    for user_id in (ALICE, BOB):
        for name in ("seed", "samples", "clip_skip"):
            await stores.own_defaults.put(user_id, name, {name: 1}, NOON)

    assert await stores.own_defaults.clear(ALICE, "seed") == 1
    assert await stores.own_defaults.clear(ALICE, "seed") == 0
    assert await stores.own_defaults.of_member(ALICE) == {"samples": 1, "clip_skip": 1}
    assert await stores.own_defaults.clear(ALICE, None) == 2
    assert await stores.own_defaults.of_member(ALICE) == {}
    assert len(await stores.own_defaults.of_member(BOB)) == 3


async def test_what_cannot_be_read_is_left_out_and_hides_nothing(stores: Stores):
    await stores.own_defaults.put(ALICE, "seed", {"seed": 7}, NOON)
    await stores.own_defaults.put(ALICE, "samples", {"samples": 99}, NOON)
    await stores.own_defaults.put(ALICE, "later", {"an_option_of_later": 1}, NOON)
    assert await stores.own_defaults.of_member(ALICE) == {"seed": 7}


async def test_they_are_exported_and_erased(stores: Stores):
    await stores.own_defaults.put(ALICE, "size", WIDE, NOON)
    await stores.own_defaults.put(BOB, "seed", {"seed": 7}, NOON)

    (row,) = (await rows_of(stores, ALICE))["own_defaults"]
    await erase(stores)

    assert (row["option"], row["value"]) == ("size", WIDE)
    assert await rows_of(stores, ALICE) == {}
    assert await stores.own_defaults.of_member(ALICE) == {}
    assert await stores.own_defaults.of_member(BOB) == {"seed": 7}


async def test_what_is_set_after_the_wish_stays(stores: Stores):
    await stores.own_defaults.put(ALICE, "seed", {"seed": 7}, NOON + 1)
    await stores.personal.erase(Erasure(ALICE, NOON))
    assert await stores.own_defaults.of_member(ALICE) == {"seed": 7}
