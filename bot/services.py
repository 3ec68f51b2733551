"""What commands and buttons may ask for: the use cases, in one record handed to every cog."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.approval import Approval
from bot.browser import Browser
from bot.catalogue import Catalogue
from bot.domain.clock import Clock
from bot.domain.draft import DraftStore
from bot.domain.guild_ports import AuditStore
from bot.findings import Findings
from bot.guild_settings import GuildSettingsService
from bot.history import History
from bot.jobs.cards import Cards
from bot.jobs.engine import LocalEngine
from bot.jobs.gate import ProviderGate
from bot.jobs.precedence import Precedence
from bot.jobs.service import JobService
from bot.jobs.standings import Standings
from bot.moderation import Moderation
from bot.offers import Offers
from bot.own_defaults import OwnDefaults
from bot.presets import Presets
from bot.privacy import Privacy
from bot.prompt_rules import PromptRules
from bot.quotas import Quotas
from bot.reloading import Reloading
from bot.sources import Sources
from bot.stats import Stats


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The use cases. `program_defaults` are attributes for whatever nobody chose."""

    jobs: JobService
    approval: Approval
    history: History
    sources: Sources
    quotas: Quotas
    catalogue: Catalogue
    offers: Offers
    browser: Browser
    reloading: Reloading
    guild_settings: GuildSettingsService
    moderation: Moderation
    prompt_rules: PromptRules
    own_defaults: OwnDefaults
    presets: Presets
    audit: AuditStore
    drafts: DraftStore
    findings: Findings
    privacy: Privacy
    stats: Stats
    gate: ProviderGate
    engine: LocalEngine
    standings: Standings
    cards: Cards
    precedence: Precedence
    clock: Clock
    program_defaults: Mapping[str, Any]
