"""The composition root: opens every part in order, hands each what it needs, closes in reverse.

The only module that names every concrete class.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pydantic import SecretStr

from bot.approval import Approval, Floors
from bot.browser import Browser
from bot.catalogue import Catalogue
from bot.client import ImagineBot
from bot.domain.clock import Clock, SystemClock
from bot.domain.ports import ImageApi
from bot.domain.quota import QuotaLimits
from bot.guild_settings import GuildSettingsService
from bot.history import History
from bot.imageapi.client import ImageApiClient
from bot.jobs.collection import PictureCollector
from bot.jobs.delivery import Delivery
from bot.jobs.engine import LocalEngine
from bot.jobs.estimates import WaitEstimate
from bot.jobs.gate import ProviderGate
from bot.jobs.inbox import WebhookInbox
from bot.jobs.lifecycle import JobLifecycle
from bot.jobs.precedence import Precedence
from bot.jobs.progress import ProgressBoard
from bot.jobs.service import JobService
from bot.jobs.timing import Timing
from bot.jobs.upkeep import OverdueJobs, Retention
from bot.jobs.wakeups import WakeUps
from bot.jobs.worker import Worker
from bot.loops import Loop
from bot.metrics import Metrics
from bot.moderation import Moderation
from bot.moderation_log import ModerationLog
from bot.offers import Offers
from bot.own_defaults import OwnDefaults
from bot.presets import Presets
from bot.privacy import Privacy, RemembersServers, build_privacy
from bot.prompt_rules import PromptRules
from bot.quotas import Quotas
from bot.services import Services
from bot.settings import Settings
from bot.stats import Stats
from bot.storage.stores import Stores, open_stores
from bot.ui.courier import DiscordCourier
from bot.ui.moderation_log import DiscordLogPoster
from bot.ui.owner_notice import OwnerNotice
from bot.ui.uploads import fitted
from bot.webhooks.addresses import KEY_MARK, WebhookAddresses
from bot.webhooks.pictures import PublishedPictures
from bot.webhooks.receiver import WebhookReceiver
from bot.webhooks.server import build_http_app, serve_http

STOP_SECONDS = 4.0
"""Grace for jobs and again for posts: the whole stop stays within ten seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobMachine:
    """The parts that carry jobs, before anybody can ask for one."""

    lifecycle: JobLifecycle
    gate: ProviderGate
    engine: LocalEngine
    precedence: Precedence
    estimate: WaitEstimate
    worker: Worker


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """Everything that runs."""

    settings: Settings
    bot: ImagineBot
    services: Services
    addresses: WebhookAddresses | None
    courier: DiscordCourier
    owner_notice: OwnerNotice
    machine: JobMachine
    delivery: Delivery
    progress: ProgressBoard
    moderation_log: ModerationLog
    api: ImageApi
    stores: Stores
    metrics: Metrics

    async def start(self, stack: AsyncExitStack) -> None:
        """Start every loop, and last of all take up what an earlier process left.

        Long-lived tasks begin here and not in discord.py's `setup_hook`: they are the program's,
        and end after the client's. Nothing may be submitted by a start that fails half way, such
        as at a port that is taken: its answer would be lost.
        """
        await self.services.catalogue.load()
        for loop in self._loops():
            await stack.enter_async_context(loop)
        inbox = WebhookInbox(
            jobs=self.stores.jobs,
            worker=self.machine.worker,
            on_verdict=self.metrics.count_delivery,
        )
        await stack.enter_async_context(inbox)
        http = build_http_app(
            readiness=self.readiness,
            metrics=self.metrics.render,
            receiver=self.addresses and WebhookReceiver(addresses=self.addresses, inbox=inbox),
            pictures=self.addresses
            and PublishedPictures(self.addresses.pictures, self.stores.jobs, self.stores.pictures),
        )
        host, port = self.settings.http_host, self.settings.http_port
        await stack.enter_async_context(serve_http(http, host, port))
        stack.push_async_callback(self.stop_work)
        await self.delivery.start()
        await self.progress.recover()
        await self.moderation_log.recover()
        await self.machine.engine.start(self.machine.worker.run)

    async def stop_work(self) -> None:
        """Begin nothing more; let what is being posted finish; leave the rest for next time."""
        await self.machine.engine.stop(STOP_SECONDS / 4)
        await self.delivery.stop(STOP_SECONDS)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS / 4):
                await self.progress.round()

    def readiness(self) -> tuple[bool, Mapping[str, Any]]:
        """Tell whether members can be served, and what stands in the way."""
        connected = self.bot.is_ready()
        details = {
            "discord": "connected" if connected else "not connected",
            "submissions": self.machine.gate.reason or "going out",
            "in_flight": self.machine.engine.running,
            "waiting": self.machine.engine.waiting,
        }
        return connected, details

    def _loops(self) -> list[Loop]:
        settings, clock, machine = self.settings, self.services.clock, self.machine
        overdue = OverdueJobs(
            jobs=self.stores.jobs,
            lifecycle=machine.lifecycle,
            gate=machine.gate,
            clock=clock,
            job_timeout_seconds=settings.job_timeout_seconds,
        )
        retention = Retention(
            pictures=self.stores.pictures,
            clock=clock,
            keep_for=timedelta(days=settings.image_retention_days),
            keep_total_bytes=settings.image_store_megabytes * 1_000_000,
        )
        parts = (self.progress, self.owner_notice, overdue, retention)
        services = (self.services.catalogue, self.services.history)
        return [
            *(part.loop() for part in (*parts, *services)),
            *self.moderation_log.loops(),
            *self.services.privacy.loops(),
        ]


@contextlib.asynccontextmanager
async def open_app(
    settings: Settings, *, clock: Clock | None = None, timing: Timing | None = None
) -> AsyncGenerator[App]:
    """Open every part and start the job engine; deliveries wait until the courier is opened.

    Raises:
        StartupError: in words, when something is missing or in use.
    """
    async with AsyncExitStack() as stack:
        app = await open_parts(stack, settings, clock or SystemClock(), timing or Timing())
        await app.start(stack)
        yield app


async def open_parts(
    stack: AsyncExitStack, settings: Settings, clock: Clock, timing: Timing
) -> App:
    """Open and wire every part; nothing runs yet."""
    stores = await stack.enter_async_context(
        open_stores(settings.data_dir, settings.database_path, clock)
    )
    api = await stack.enter_async_context(
        ImageApiClient(settings.api_base_url, settings.api_key or SecretStr("no-key-set"))
    )
    addresses = await _webhook_addresses(settings, stores)
    return _assemble(settings, clock, timing, stores, api, addresses)


async def _webhook_addresses(settings: Settings, stores: Stores) -> WebhookAddresses | None:
    if settings.webhook_base_url is None:
        return None
    key = await stores.marks.get_or_create(KEY_MARK, lambda: secrets.token_hex(32))
    return WebhookAddresses(settings.webhook_base_url, key)


def _assemble(
    settings: Settings,
    clock: Clock,
    timing: Timing,
    stores: Stores,
    api: ImageApi,
    addresses: WebhookAddresses | None,
) -> App:
    machine = _job_machine(settings, clock, timing, stores, api, addresses)
    defaults = {"model_id": settings.default_model}
    services = _services(settings, clock, stores, api, machine, defaults)
    bot = ImagineBot(services=services, marks=stores.marks)
    courier = DiscordCourier(
        bot,
        clock=clock,
        estimate=machine.estimate,
        defaults=defaults,
        is_paused=lambda: machine.gate.is_closed,
        own_link=addresses and addresses.pictures.of,
        are_open=services.approval.are_open,
    )
    delivery = Delivery(
        jobs=stores.jobs,
        lifecycle=machine.lifecycle,
        collector=PictureCollector(
            api=api, pictures=stores.pictures, retry_seconds=timing.link_retry_seconds
        ),
        courier=courier,
        clock=clock,
    )
    owner_notice = OwnerNotice(bot, ready=courier.wait_until_ready)
    machine.gate.on_suspended(owner_notice.hear)
    services.privacy.erasures.on_taken_back(courier.update_acknowledgement)
    services.privacy.erasures.on_erased(services.own_defaults.forget)
    return App(
        settings=settings,
        bot=bot,
        services=services,
        addresses=addresses,
        courier=courier,
        owner_notice=owner_notice,
        machine=machine,
        delivery=delivery,
        progress=ProgressBoard(
            jobs=stores.jobs,
            lifecycle=machine.lifecycle,
            courier=courier,
            is_paused=lambda: machine.gate.is_closed,
        ),
        moderation_log=ModerationLog(
            lifecycle=machine.lifecycle,
            jobs=stores.jobs,
            store=stores.moderation,
            guild_settings=services.guild_settings,
            history=services.history,
            poster=DiscordLogPoster(bot, ready=courier.wait_until_ready),
        ),
        api=api,
        stores=stores,
        metrics=Metrics(lifecycle=machine.lifecycle, engine=machine.engine, gate=machine.gate),
    )


def _job_machine(
    settings: Settings,
    clock: Clock,
    timing: Timing,
    stores: Stores,
    api: ImageApi,
    addresses: WebhookAddresses | None,
) -> JobMachine:
    lifecycle = JobLifecycle(stores.jobs)
    precedence = Precedence()
    gate = ProviderGate(clock)
    worker = Worker(
        jobs=stores.jobs,
        lifecycle=lifecycle,
        api=api,
        gate=gate,
        clock=clock,
        wakeups=WakeUps(),
        timing=timing.for_worker(
            job_timeout_seconds=settings.job_timeout_seconds, webhooks=addresses is not None
        ),
        webhook_of=addresses.of if addresses else lambda _: None,
    )
    return JobMachine(
        lifecycle=lifecycle,
        gate=gate,
        engine=LocalEngine(stores.jobs, slots=settings.max_in_flight, precedence=precedence),
        precedence=precedence,
        estimate=WaitEstimate(lifecycle=lifecycle, slots=settings.max_in_flight),
        worker=worker,
    )


def _services(
    settings: Settings,
    clock: Clock,
    stores: Stores,
    api: ImageApi,
    machine: JobMachine,
    defaults: Mapping[str, Any],
) -> Services:
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
    offers = Offers(
        catalogue=catalogue,
        history=history,
        guild_settings=guild_settings,
        direct_floor=settings.dm_safety_floor,
        clock=clock,
    )
    own_defaults = OwnDefaults(store=stores.own_defaults, clock=clock)
    presets = Presets(
        store=stores.presets, history=stores.history, guild_settings=guild_settings, clock=clock
    )
    return Services(
        jobs=JobService(
            jobs=stores.jobs,
            lifecycle=machine.lifecycle,
            engine=machine.engine,
            clock=clock,
            costs=settings.costs,
        ),
        history=history,
        quotas=_quotas(settings, clock, stores, guild_settings),
        catalogue=catalogue,
        offers=offers,
        browser=Browser(catalogue=catalogue, sight=offers.sight, stats=stores.stats, clock=clock),
        guild_settings=guild_settings,
        moderation=moderation,
        prompt_rules=prompt_rules,
        approval=Approval(
            guild_settings=guild_settings,
            own_defaults=own_defaults,
            presets=presets,
            program_defaults=defaults,
            floors=Floors(settings.safety_floor, settings.dm_safety_floor),
            checks=(moderation.refuse_blocked, prompt_rules.refuse),
        ),
        own_defaults=own_defaults,
        presets=presets,
        audit=stores.audit,
        privacy=_privacy(
            settings, clock, stores, machine, (guild_settings, moderation, prompt_rules)
        ),
        stats=Stats(store=stores.stats, clock=clock),
        gate=machine.gate,
        engine=machine.engine,
        estimate=machine.estimate,
        precedence=machine.precedence,
        clock=clock,
        program_defaults=defaults,
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
