"""Which part is made of which: the job machine and the use cases.

`app.py` opens what they stand on, and starts and stops them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.approval import Approval, Floors
from bot.browser import Browser
from bot.catalogue import Catalogue
from bot.domain.clock import Clock
from bot.domain.ports import ImageApi
from bot.domain.quota import QuotaLimits
from bot.findings import Findings
from bot.guild_settings import GuildSettingsService
from bot.history import History
from bot.imageapi.dialects import ENDPOINTS, Dialect
from bot.jobs.cards import Cards
from bot.jobs.engine import LocalEngine
from bot.jobs.estimates import WaitEstimate
from bot.jobs.gate import ProviderGate
from bot.jobs.lifecycle import JobLifecycle
from bot.jobs.precedence import Precedence
from bot.jobs.service import JobService
from bot.jobs.standings import Standings
from bot.jobs.start_links import StartLinker
from bot.jobs.timing import Timing
from bot.jobs.wakeups import WakeUps
from bot.jobs.worker import Worker
from bot.languages import Languages
from bot.moderation import Moderation
from bot.offers import Offers
from bot.own_defaults import OwnDefaults
from bot.presets import Presets
from bot.privacy import Privacy, RemembersServers, build_privacy
from bot.prompt_rules import PromptRules
from bot.quotas import Quotas
from bot.reloading import Reloading
from bot.services import Services
from bot.settings import Settings
from bot.sources import Sources
from bot.stats import Stats
from bot.storage.stores import Stores
from bot.ui.uploads import fitted
from bot.webhooks.addresses import WebhookAddresses


@dataclass(frozen=True, slots=True, kw_only=True)
class JobMachine:
    """The parts that carry jobs, before anybody can ask for one."""

    lifecycle: JobLifecycle
    gate: ProviderGate
    engine: LocalEngine
    precedence: Precedence
    cards: Cards
    estimate: WaitEstimate
    standings: Standings
    worker: Worker


def build_job_machine(
    settings: Settings,
    clock: Clock,
    timing: Timing,
    stores: Stores,
    api: ImageApi,
    addresses: WebhookAddresses | None,
) -> JobMachine:
    """Wire what carries jobs; nothing runs yet."""
    lifecycle = JobLifecycle(stores.jobs)
    precedence = Precedence()
    gate = ProviderGate(clock)
    worker = Worker(
        jobs=stores.jobs,
        lifecycle=lifecycle,
        api=api,
        linker=StartLinker(
            sources=stores.sources, api=api, own_link=addresses and addresses.sources.of
        ),
        gate=gate,
        clock=clock,
        wakeups=WakeUps(),
        timing=timing.for_worker(
            job_timeout_seconds=settings.job_timeout_seconds, webhooks=addresses is not None
        ),
        webhook_of=addresses.of if addresses else lambda _: None,
    )
    slots = settings.max_in_flight
    engine = LocalEngine(stores.jobs, slots=slots, precedence=precedence)
    estimate = WaitEstimate(lifecycle=lifecycle, slots=slots, running=lambda: engine.running)
    return JobMachine(
        lifecycle=lifecycle,
        gate=gate,
        engine=engine,
        precedence=precedence,
        cards=Cards(lifecycle),
        estimate=estimate,
        standings=Standings(estimate=estimate, clock=clock, is_paused=lambda: gate.is_closed),
        worker=worker,
    )


def build_services(
    settings: Settings,
    clock: Clock,
    stores: Stores,
    api: ImageApi,
    machine: JobMachine,
    defaults: Mapping[str, Any],
) -> Services:
    """Wire the use cases."""
    guild_settings = GuildSettingsService(store=stores.guild_settings, clock=clock)
    prompt_rules = PromptRules(
        store=stores.prompt_rules, guild_settings=guild_settings, clock=clock
    )
    moderation = Moderation(
        store=stores.moderation,
        jobs=stores.jobs,
        pictures=stores.pictures,
        guild_settings=guild_settings,
        clock=clock,
    )
    catalogue = Catalogue(store=stores.catalogue, api=api)
    history = History(store=stores.history, pictures=stores.pictures)
    offers = Offers(catalogue, history, guild_settings, settings.dm_safety_floor, clock)
    own_defaults = OwnDefaults(store=stores.own_defaults, clock=clock)
    presets = _presets(stores, guild_settings, clock)
    approval = _approval(
        settings, guild_settings, moderation, prompt_rules, own_defaults, presets, offers, defaults
    )
    remembering = (guild_settings, moderation, prompt_rules)
    return Services(
        jobs=_job_service(settings, clock, stores, machine),
        history=history,
        sources=Sources(store=stores.sources, pictures=stores.pictures),
        quotas=_quotas(settings, clock, stores, guild_settings),
        catalogue=catalogue,
        offers=offers,
        browser=Browser(catalogue, offers.sight, stores.stats, clock),
        reloading=Reloading(
            api=api, guild_settings=guild_settings, moderation=moderation, clock=clock
        ),
        guild_settings=guild_settings,
        moderation=moderation,
        prompt_rules=prompt_rules,
        approval=approval,
        own_defaults=own_defaults,
        presets=presets,
        audit=stores.audit,
        drafts=stores.drafts,
        findings=Findings(),
        privacy=_privacy(settings, clock, stores, machine, remembering),
        stats=Stats(store=stores.stats, clock=clock),
        gate=machine.gate,
        engine=machine.engine,
        standings=machine.standings,
        cards=machine.cards,
        precedence=machine.precedence,
        clock=clock,
        program_defaults=defaults,
    )


def _presets(stores: Stores, guild_settings: GuildSettingsService, clock: Clock) -> Presets:
    return Presets(
        store=stores.presets, history=stores.history, guild_settings=guild_settings, clock=clock
    )


def _approval(
    settings: Settings,
    guild_settings: GuildSettingsService,
    moderation: Moderation,
    prompt_rules: PromptRules,
    own_defaults: OwnDefaults,
    presets: Presets,
    offers: Offers,
    defaults: Mapping[str, Any],
) -> Approval:
    return Approval(
        guild_settings=guild_settings,
        own_defaults=own_defaults,
        presets=presets,
        program_defaults=defaults,
        floors=Floors(settings.safety_floor, settings.dm_safety_floor),
        linguist=Languages().foreign,
        guess=offers.meant,
        abilities=ENDPOINTS[Dialect(settings.api_dialect)].abilities,
        checks=(moderation.refuse_blocked, prompt_rules.refuse),
    )


def _quotas(
    settings: Settings, clock: Clock, stores: Stores, guild_settings: GuildSettingsService
) -> Quotas:
    return Quotas(
        jobs=stores.jobs,
        grants=stores.grants,
        settings=guild_settings,
        clock=clock,
        ceiling=QuotaLimits(settings.user_daily_images, settings.user_max_active),
        costs=settings.costs,
    )


def _job_service(
    settings: Settings, clock: Clock, stores: Stores, machine: JobMachine
) -> JobService:
    return JobService(
        jobs=stores.jobs,
        lifecycle=machine.lifecycle,
        engine=machine.engine,
        clock=clock,
        costs=settings.costs,
    )


def _privacy(
    settings: Settings,
    clock: Clock,
    stores: Stores,
    machine: JobMachine,
    remembering: Sequence[RemembersServers],
) -> Privacy:
    return build_privacy(
        personal=stores.personal,
        servers=stores.servers,
        pictures=stores.pictures,
        lifecycle=machine.lifecycle,
        clock=clock,
        folder=settings.data_dir,
        jobs=stores.jobs,
        fit=fitted,
        picture_days=settings.image_retention_days,
        grace_days=settings.guild_grace_days,
        remembering=remembering,
    )
