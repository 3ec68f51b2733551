"""The stores under contract: each suite runs once for every implementation named here."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.domain.draft import DraftStore
from bot.domain.guild_ports import (
    AuditStore,
    GrantStore,
    GuildSettingsStore,
    ModerationStore,
    PromptRuleStore,
    StatsStore,
)
from bot.domain.history import HistoryStore
from bot.domain.member_ports import OwnDefaultsStore, PresetStore, SourceStore
from bot.domain.personal_ports import PersonalStore, ServerStore
from bot.domain.ports import CatalogueStore, JobStore, PictureStore, SecretsAndMarks
from bot.storage.audit import SqliteAuditStore
from bot.storage.catalogue import SqliteCatalogueStore
from bot.storage.database import Database
from bot.storage.drafts import SqliteDraftStore
from bot.storage.grants import SqliteGrantStore
from bot.storage.guild_settings import SqliteGuildSettingsStore
from bot.storage.history import SqliteHistoryStore
from bot.storage.jobs import SqliteJobStore
from bot.storage.marks import SqliteMarks
from bot.storage.moderation import SqliteModerationStore
from bot.storage.own_defaults import SqliteOwnDefaultsStore
from bot.storage.personal_data import SqlitePersonalStore
from bot.storage.pictures import SqlitePictureStore
from bot.storage.presets import SqlitePresetStore
from bot.storage.prompt_rules import SqlitePromptRuleStore
from bot.storage.servers import SqliteServerStore
from bot.storage.sources import SqliteSourceStore
from bot.storage.stats import SqliteStatsStore
from tests.fakes.clock import FakeClock


@dataclass(frozen=True)
class Stores:
    """One implementation of every store, on one database."""

    jobs: JobStore
    grants: GrantStore
    pictures: PictureStore
    sources: SourceStore
    history: HistoryStore
    drafts: DraftStore
    catalogue: CatalogueStore
    marks: SecretsAndMarks
    guild_settings: GuildSettingsStore
    audit: AuditStore
    personal: PersonalStore
    servers: ServerStore
    moderation: ModerationStore
    prompt_rules: PromptRuleStore
    stats: StatsStore
    own_defaults: OwnDefaultsStore
    presets: PresetStore
    clock: FakeClock


OpenStores = Callable[[Path], AbstractAsyncContextManager[Stores]]


@asynccontextmanager
async def sqlite_stores(directory: Path) -> AsyncGenerator[Stores]:
    clock = FakeClock()
    async with Database.open(directory / "imagine.db") as database:
        yield Stores(
            jobs=SqliteJobStore(database, clock),
            grants=SqliteGrantStore(database),
            pictures=SqlitePictureStore(database, directory / "images", clock),
            sources=SqliteSourceStore(database, directory / "images", clock),
            history=SqliteHistoryStore(database, clock),
            drafts=SqliteDraftStore(database, clock),
            catalogue=SqliteCatalogueStore(database),
            marks=SqliteMarks(database),
            guild_settings=SqliteGuildSettingsStore(database),
            audit=SqliteAuditStore(database),
            personal=SqlitePersonalStore(database, clock),
            servers=SqliteServerStore(database, clock),
            moderation=SqliteModerationStore(database, clock),
            prompt_rules=SqlitePromptRuleStore(database),
            stats=SqliteStatsStore(database),
            own_defaults=SqliteOwnDefaultsStore(database),
            presets=SqlitePresetStore(database),
            clock=clock,
        )


IMPLEMENTATIONS: dict[str, OpenStores] = {"sqlite": sqlite_stores}


@pytest.fixture(params=IMPLEMENTATIONS)
def open_stores(request: pytest.FixtureRequest) -> OpenStores:
    """Opens the stores on a directory; again on the same one is a restart."""
    return IMPLEMENTATIONS[request.param]


@pytest.fixture
async def stores(open_stores: OpenStores, tmp_path: Path) -> AsyncGenerator[Stores]:
    async with open_stores(tmp_path) as opened:
        yield opened


@pytest.fixture
def jobs(stores: Stores) -> JobStore:
    return stores.jobs


@pytest.fixture
def pictures(stores: Stores) -> PictureStore:
    return stores.pictures


@pytest.fixture
def sources(stores: Stores) -> SourceStore:
    return stores.sources


@pytest.fixture
def history(stores: Stores) -> HistoryStore:
    return stores.history


@pytest.fixture
def clock(stores: Stores) -> FakeClock:
    return stores.clock
