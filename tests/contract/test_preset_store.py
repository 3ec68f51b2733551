"""Presets lie on shelves: each member's own, each server's, and no name twice on one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.domain import preset as preset_module
from bot.domain.audit import Act, AuditEntry
from bot.domain.ids import GuildId, UserId
from bot.domain.parameters import Scheduler
from bot.domain.preset import Preset, Shelf
from tests.contract.conftest import OpenStores, Stores
from tests.contract.test_personal_store import erase, rows_of
from tests.factories.jobs import ALICE, BOB
from tests.factories.rules import GUILD
from tests.fakes.clock import NOON

ALICES, BOBS = Shelf.of_member(ALICE), Shelf.of_member(BOB)
HERE, ELSEWHERE = Shelf.of_server(GUILD), Shelf.of_server(GuildId(11))


def a_preset(shelf: Shelf = ALICES, name: str = "ink", **changes: Any) -> Preset:
    values: dict[str, Any] = {"attributes": {"seed": 7}, "template": "{prompt}, ink", **changes}
    return Preset(shelf=shelf, name=name, **values)


async def save(stores: Stores, preset: Preset, by: UserId = ALICE) -> bool:
    entry = an_entry() if preset.shelf.is_servers else None
    return await stores.presets.save(preset, saved_by=by, now_ms=NOON, entry=entry)


def an_entry(act: Act = Act.PRESET_SAVED) -> AuditEntry:
    return AuditEntry(guild_id=GUILD, actor_id=ALICE, act=act, at_ms=NOON)


async def names(stores: Stores, *shelves: Shelf) -> list[str]:
    return [preset.name for preset in await stores.presets.on(*shelves)]


async def test_a_preset_reads_back_over_a_restart(open_stores: OpenStores, tmp_path: Path):
    given = a_preset(
        name="'; DROP TABLE presets; -- ☃",
        template="{prompt} {x} 'quoted' \\",
        attributes={
            "lora_model": ("a", "b"),
            "scheduler": Scheduler.DDIM,
            "guidance_scale": 7.1,
            "panorama": True,
        },
    )
    async with open_stores(tmp_path) as stores:
        assert await save(stores, given)
    async with open_stores(tmp_path) as stores:
        assert await stores.presets.find(ALICES, given.key) == given
        assert await stores.presets.find(BOBS, given.key) is None
        assert await stores.presets.find(HERE, given.key) is None


async def test_shelves_are_read_one_after_the_other_by_name(stores: Stores):
    for shelf, name in (
        (HERE, "a"),
        (ALICES, "Öl"),
        (ALICES, "ink"),
        (BOBS, "x"),
        (ELSEWHERE, "y"),
    ):
        await save(stores, a_preset(shelf, name))
    assert await names(stores, ALICES, HERE) == ["ink", "Öl", "a"]
    assert await names(stores, HERE) == ["a"]
    assert await names(stores) == []


async def test_the_same_name_again_takes_the_place_of_the_first(stores: Stores):
    await save(stores, a_preset(name="ink"))
    await save(stores, a_preset(name="ＩＮＫ", template=""))
    (only,) = await stores.presets.on(ALICES)
    assert (only.name, only.template) == ("ＩＮＫ", "")


async def test_a_full_shelf_takes_only_what_is_on_it(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(preset_module, "MAX_OWN", 2)
    monkeypatch.setattr(preset_module, "MAX_OF_SERVER", 3)
    for shelf, room in ((ALICES, 2), (HERE, 3)):
        kept = [await save(stores, a_preset(shelf, f"{n}")) for n in range(4)]
        assert kept == [n < room for n in range(4)]
        assert await save(stores, a_preset(shelf, "0", template=""))
        assert len(await stores.presets.on(shelf)) == room
    assert len(await stores.audit.page(GUILD)) == 4


async def test_a_preset_is_deleted_once_and_from_its_own_shelf(stores: Stores):
    await save(stores, a_preset())
    await save(stores, a_preset(HERE))
    entry = an_entry(Act.PRESET_DELETED)

    assert not await stores.presets.delete(BOBS, "ink", entry=None)
    assert not await stores.presets.delete(ELSEWHERE, "ink", entry=entry)
    assert await stores.presets.delete(HERE, "ink", entry=entry)
    assert not await stores.presets.delete(HERE, "ink", entry=entry)

    assert await names(stores, ALICES, HERE) == ["ink"]
    acts = [each.act for each in await stores.audit.page(GUILD)]
    assert acts == [Act.PRESET_DELETED, Act.PRESET_SAVED]


async def test_what_cannot_be_read_is_left_out_and_can_be_replaced(stores: Stores):
    await save(stores, a_preset(attributes={"an_option_of_later": 1}))
    assert list(await stores.presets.on(ALICES)) == []
    assert await stores.presets.find(ALICES, "ink") is None
    assert await save(stores, a_preset())
    assert await names(stores, ALICES) == ["ink"]


async def test_ones_own_are_exported_and_erased_and_the_servers_lose_ones_id(stores: Stores):
    await save(stores, a_preset(name="mine"))
    await save(stores, a_preset(HERE, "ours"))
    await save(stores, a_preset(BOBS, "bobs"), BOB)
    await save(stores, a_preset(HERE, "bob's for us"), BOB)

    found = await rows_of(stores, ALICE)
    await erase(stores)

    assert [(row["name"], row["attributes"]) for row in found["presets"]] == [("mine", {"seed": 7})]
    assert [row["name"] for row in found["presets-saved_by"]] == ["ours"]
    assert (await rows_of(stores, ALICE)).keys() <= {"audit-actor_id"}
    assert await names(stores, ALICES, HERE, BOBS) == ["bob's for us", "ours", "bobs"]
    assert [row["name"] for row in (await rows_of(stores, BOB))["presets-saved_by"]] == [
        "bob's for us"
    ]


async def test_a_servers_go_with_the_server_and_members_keep_theirs(stores: Stores):
    await save(stores, a_preset(HERE))
    await save(stores, a_preset(ELSEWHERE))
    await save(stores, a_preset())
    await stores.servers.left(GUILD, NOON)
    await stores.servers.forget(GUILD)
    assert await names(stores, HERE) == []
    assert await names(stores, ELSEWHERE, ALICES) == ["ink", "ink"]
