"""Everything that is kept on disk, opened together."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

from bot.domain.clock import Clock
from bot.storage.audit import SqliteAuditStore
from bot.storage.catalogue import SqliteCatalogueStore
from bot.storage.drafts import SqliteDraftStore
from bot.storage.grants import SqliteGrantStore
from bot.storage.guild_settings import SqliteGuildSettingsStore
from bot.storage.history import SqliteHistoryStore
from bot.storage.jobs import SqliteJobStore
from bot.storage.ledger_totals import LedgerTotals
from bot.storage.lock import data_dir_lock
from bot.storage.marks import SqliteMarks
from bot.storage.moderation import SqliteModerationStore
from bot.storage.own_defaults import SqliteOwnDefaultsStore
from bot.storage.personal_data import SqlitePersonalStore
from bot.storage.pictures import SqlitePictureStore
from bot.storage.presets import SqlitePresetStore
from bot.storage.prompt_rules import SqlitePromptRuleStore
from bot.storage.scraps import clear_scraps
from bot.storage.servers import SqliteServerStore
from bot.storage.sources import SqliteSourceStore
from bot.storage.stats import SqliteStatsStore
from bot.storage.timed import TimedDatabase, WriteListener


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """One database and one folder of pictures, as those who use them see them."""

    jobs: SqliteJobStore
    ledger_totals: LedgerTotals
    grants: SqliteGrantStore
    pictures: SqlitePictureStore
    sources: SqliteSourceStore
    history: SqliteHistoryStore
    drafts: SqliteDraftStore
    catalogue: SqliteCatalogueStore
    marks: SqliteMarks
    guild_settings: SqliteGuildSettingsStore
    audit: SqliteAuditStore
    moderation: SqliteModerationStore
    prompt_rules: SqlitePromptRuleStore
    stats: SqliteStatsStore
    personal: SqlitePersonalStore
    servers: SqliteServerStore
    own_defaults: SqliteOwnDefaultsStore
    presets: SqlitePresetStore


@contextlib.asynccontextmanager
async def open_stores(
    data_dir: Path, database: Path, clock: Clock, on_write: WriteListener = lambda _: None
) -> AsyncGenerator[Stores]:
    """Take the data directory for this process and open what lies in it.

    `on_write` hears how long each transaction took.

    Raises:
        StartupError: in words, when it is in use or cannot be used.
    """
    with data_dir_lock(data_dir):
        async with TimedDatabase.open_timed(database, on_write) as opened:
            await clear_scraps(opened)
            yield Stores(
                jobs=SqliteJobStore(opened, clock),
                ledger_totals=LedgerTotals(opened),
                grants=SqliteGrantStore(opened),
                pictures=SqlitePictureStore(opened, data_dir / "images", clock),
                sources=SqliteSourceStore(opened, data_dir / "images", clock),
                history=SqliteHistoryStore(opened, clock),
                drafts=SqliteDraftStore(opened, clock),
                catalogue=SqliteCatalogueStore(opened),
                marks=SqliteMarks(opened),
                guild_settings=SqliteGuildSettingsStore(opened),
                audit=SqliteAuditStore(opened),
                moderation=SqliteModerationStore(opened, clock),
                prompt_rules=SqlitePromptRuleStore(opened),
                stats=SqliteStatsStore(opened),
                personal=SqlitePersonalStore(opened, clock),
                servers=SqliteServerStore(opened, clock),
                own_defaults=SqliteOwnDefaultsStore(opened),
                presets=SqlitePresetStore(opened),
            )
