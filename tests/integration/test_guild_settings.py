"""A server's settings: changed one at a time, remembered rightly, written down, on real SQLite."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.domain.audit import Act
from bot.domain.guild_settings import (
    SERVER,
    AllowList,
    Ceilings,
    Decision,
    Flagged,
    GuildSettings,
    Place,
    Scope,
    Setting,
)
from bot.domain.ids import DIRECT_MESSAGES, GuildId, RoleId
from bot.errors import ChangedMeanwhile, InvalidRequest, NotAllowed
from bot.guild_settings import GuildSettingsService
from bot.storage.audit import SqliteAuditStore
from bot.storage.database import Database
from bot.storage.guild_settings import SqliteGuildSettingsStore
from tests.factories.rules import (
    AT_CHANNEL,
    AT_ROLE,
    GUILD,
    OTHER_ROLE,
    ROLE,
    a_moderator,
    an_asker,
)
from tests.fakes.clock import FakeClock


@pytest.fixture
async def database(tmp_path: Path) -> AsyncGenerator[Database]:
    async with Database.open(tmp_path / "imagine.db") as opened:
        yield opened


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def service(database: Database, clock: FakeClock) -> GuildSettingsService:
    return GuildSettingsService(store=SqliteGuildSettingsStore(database), clock=clock)


async def test_changes_at_the_same_moment_are_all_kept(service: GuildSettingsService):
    names = [f"model-{n}" for n in range(20)]

    def blocking(name: str):
        return lambda listed: (listed or AllowList()).blocking(name)

    await asyncio.gather(
        *(service.change(a_moderator(), Setting.MODELS, blocking(name)) for name in names)
    )

    stored = (await service.of(GUILD)).at(Setting.MODELS)
    assert stored is not None
    assert sorted(stored.value.blocked) == sorted(names)


class SlowReader(SqliteGuildSettingsStore):
    """Whose first reader dawdles with what it has read."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.may_return = asyncio.Event()
        self._is_first = True

    async def load(self, guild_id: GuildId) -> GuildSettings:
        is_first, self._is_first = self._is_first, False
        settings = await super().load(guild_id)
        if is_first:
            await self.may_return.wait()
        return settings


async def test_what_was_read_before_a_change_is_not_remembered_after_it(
    database: Database, clock: FakeClock
):
    store = SlowReader(database)
    service = GuildSettingsService(store=store, clock=clock)
    reading = asyncio.ensure_future(service.of(GUILD))
    await asyncio.sleep(0)
    changing = asyncio.ensure_future(service.put(a_moderator(), Setting.FLAGGED, "shown"))
    await asyncio.wait({changing}, timeout=0.1)  # as far as it comes
    store.may_return.set()
    await asyncio.gather(reading, changing)

    stored = (await service.of(GUILD)).at(Setting.FLAGGED)
    assert stored is not None
    assert stored.value is Flagged.SHOWN


async def test_a_change_decided_from_an_older_value_is_refused(
    service: GuildSettingsService, clock: FakeClock
):
    await service.change(a_moderator(), Setting.FLAGGED, lambda _: "shown", seen_ms=0)
    first = (await service.of(GUILD)).at(Setting.FLAGGED)
    assert first is not None
    clock.advance(1)

    with pytest.raises(ChangedMeanwhile):
        await service.change(a_moderator(), Setting.FLAGGED, lambda _: "spoiler", seen_ms=0)
    await service.change(
        a_moderator(), Setting.FLAGGED, lambda _: "withheld", seen_ms=first.set_at_ms
    )

    stored = (await service.of(GUILD)).at(Setting.FLAGGED)
    assert stored is not None
    assert stored.value is Flagged.WITHHELD


async def test_setting_what_is_set_already_is_no_act(
    service: GuildSettingsService, database: Database
):
    await service.put(a_moderator(), Setting.CEILINGS, Ceilings(samples=2))
    again = await service.put(an_asker(manages_server=True), Setting.CEILINGS, {"samples": 2})

    assert again.set_by == a_moderator().user_id
    assert len(await SqliteAuditStore(database).page(GUILD)) == 1


async def test_a_value_that_breaks_its_limits_is_refused_however_it_was_made(
    service: GuildSettingsService,
):
    for value in (Ceilings().model_copy(update={"samples": 99}), {"samples": 99}):
        with pytest.raises(InvalidRequest):
            await service.put(a_moderator(), Setting.CEILINGS, value)
    assert (await service.of(GUILD)).stored == {}


async def test_everyone_is_no_role(service: GuildSettingsService):
    everyone = Place(Scope.ROLE, GUILD)
    rule = {"level": "off", "loosest": "off"}
    with pytest.raises(InvalidRequest, match="whole server"):
        await service.put(a_moderator(), Setting.SAFETY, rule, everyone)
    for setting in (Setting.ROLES, Setting.MODERATORS):
        with pytest.raises(InvalidRequest, match="@everyone"):
            await service.put(a_moderator(), setting, (ROLE, GUILD))


async def test_nobody_decides_for_direct_messages(service: GuildSettingsService):
    alone = a_moderator(guild_id=DIRECT_MESSAGES)
    with pytest.raises(NotAllowed):
        await service.put(alone, Setting.FLAGGED, "shown")
    with pytest.raises(NotAllowed):
        await service.replace(alone, [])


async def test_replacing_is_one_act_that_tells_every_change(
    service: GuildSettingsService, database: Database
):
    await service.put(a_moderator(), Setting.FLAGGED, "shown")
    await service.put(a_moderator(), Setting.FLAGGED, "withheld", AT_CHANNEL)

    await service.replace(
        a_moderator(),
        [
            Decision(Setting.FLAGGED, SERVER, "shown"),
            Decision(Setting.SAFETY, AT_ROLE, {"level": "black", "loosest": "black"}),
        ],
    )

    settings = await service.of(GUILD)
    assert set(settings.stored) == {(SERVER, Setting.FLAGGED), (AT_ROLE, Setting.SAFETY)}
    [entry, *_] = await SqliteAuditStore(database).page(GUILD)
    assert entry.act is Act.IMPORT
    changed = {(each["setting"], each["scope"]) for each in entry.details["settings"]}
    assert changed == {("flagged", "channel"), ("safety", "role")}


async def test_replacing_with_something_invalid_changes_nothing(service: GuildSettingsService):
    await service.put(a_moderator(), Setting.FLAGGED, "shown")
    bad = [Decision(Setting.REUSE, SERVER, "everyone"), Decision(Setting.CHANNELS, SERVER, ())]
    with pytest.raises(InvalidRequest):
        await service.replace(a_moderator(), bad)

    service.forget(GUILD)
    assert set((await service.of(GUILD)).stored) == {(SERVER, Setting.FLAGGED)}


async def test_replacing_leaves_the_moderators_to_people_with_manage_server(
    service: GuildSettingsService,
):
    await service.put(a_moderator(), Setting.MODERATORS, (ROLE,))
    keeper = an_asker(role_ids=frozenset({RoleId(ROLE)}))
    other = [Decision(Setting.MODERATORS, SERVER, (OTHER_ROLE,))]

    await service.replace(keeper, other)
    kept = (await service.of(GUILD)).at(Setting.MODERATORS)
    assert kept is not None
    assert (kept.value, kept.set_by) == ((ROLE,), a_moderator().user_id)

    await service.replace(a_moderator(), other)
    changed = (await service.of(GUILD)).at(Setting.MODERATORS)
    assert changed is not None
    assert changed.value == (OTHER_ROLE,)
