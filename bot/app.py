"""The composition root: opens every part in order, hands each what it needs, closes in reverse.

The only module that names every concrete class.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from bot.assembly import JobMachine, build_job_machine, build_services
from bot.client import ImagineBot, make_bot
from bot.domain.clock import Clock, SystemClock
from bot.domain.ports import ImageApi
from bot.imageapi import Dialect
from bot.imageapi.client import ImageApiClient
from bot.jobs.collection import PictureCollector
from bot.jobs.delivery import Delivery
from bot.jobs.inbox import WebhookInbox
from bot.jobs.progress import ProgressBoard
from bot.jobs.timing import Timing
from bot.jobs.upkeep import OverdueJobs, Retention
from bot.loops import Loop
from bot.metrics import Metrics
from bot.metrics.discord_calls import discord_trace
from bot.metrics.health import Health
from bot.metrics.image_api import MeteredImageApi
from bot.moderation_log import ModerationLog
from bot.services import Services
from bot.settings import Settings
from bot.storage.rotation import DailyBackup
from bot.storage.stores import Stores, open_stores
from bot.ui.courier import DiscordCourier
from bot.ui.moderation_log import DiscordLogPoster
from bot.ui.owner_notice import OwnerNotice
from bot.webhooks.addresses import KEY_MARK, WebhookAddresses
from bot.webhooks.pictures import PublishedPictures
from bot.webhooks.receiver import WebhookReceiver
from bot.webhooks.server import build_http_app, serve_http

STOP_SECONDS = 4.0
"""Grace for jobs and again for posts: the whole stop stays within ten seconds."""


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
    health: Health

    async def start(self, stack: AsyncExitStack) -> None:
        """Start every loop, and last of all take up what an earlier process left.

        Long-lived tasks begin here and not in discord.py's `setup_hook`: they are the program's,
        and end after the client's. Nothing may be submitted by a start that fails half way, such
        as at a port that is taken: its answer would be lost.
        """
        await self.services.catalogue.load()
        await self.machine.estimate.recover(self.stores.jobs)
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
            and PublishedPictures(
                addresses=self.addresses.pictures,
                source_addresses=self.addresses.sources,
                jobs=self.stores.jobs,
                pictures=self.stores.pictures,
                sources=self.stores.sources,
            ),
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
        parts = (self.progress, self.owner_notice, overdue, retention, *self._daily_backup())
        services = (self.services.catalogue, self.services.history)
        return [
            *(part.loop() for part in (*parts, *services)),
            *self.moderation_log.loops(),
            *self.services.privacy.loops(),
            *self.health.loops(self.stores.ledger_totals.add_up),
        ]

    def _daily_backup(self) -> list[DailyBackup]:
        settings = self.settings
        if settings.backup_dir is None:
            return []
        return [
            DailyBackup(
                database=settings.database_path,
                folder=settings.backup_dir,
                keep=settings.backup_keep,
                clock=self.services.clock,
            )
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
    registry = CollectorRegistry()
    health = Health(registry)
    stores = await stack.enter_async_context(
        open_stores(settings.data_dir, settings.database_path, clock, health.note_write)
    )
    api = await stack.enter_async_context(
        ImageApiClient(
            settings.api_base_url,
            settings.api_key or SecretStr("no-key-set"),
            dialect=Dialect(settings.api_dialect),
        )
    )
    metered = MeteredImageApi(api, registry)
    addresses = await _webhook_addresses(settings, stores)
    return _assemble(settings, clock, timing, stores, metered, addresses, registry, health)


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
    registry: CollectorRegistry,
    health: Health,
) -> App:
    machine = build_job_machine(settings, clock, timing, stores, api, addresses)
    defaults = {"model_id": settings.default_model}
    services = build_services(settings, clock, stores, api, machine, defaults)
    bot = make_bot(
        services=services,
        marks=stores.marks,
        shard_count=settings.shard_count,
        http_trace=discord_trace(registry),
    )
    courier = DiscordCourier(
        bot,
        clock=clock,
        defaults=defaults,
        abilities=services.approval.abilities,
        guess=services.catalogue.meant,
        own_link=addresses and addresses.pictures.of,
        are_open=services.approval.are_open,
    )
    delivery = _delivery(clock, timing, stores, api, machine, courier)
    owner_notice = OwnerNotice(bot, ready=courier.wait_until_ready)
    machine.gate.on_suspended(owner_notice.hear)
    services.privacy.erasures.on_taken_back(
        lambda job: courier.update_acknowledgement(job, machine.standings.of(job))
    )
    services.privacy.erasures.on_erased(services.own_defaults.forget)
    progress = ProgressBoard(
        jobs=stores.jobs, cards=machine.cards, courier=courier, standings=machine.standings
    )
    services.privacy.erasures.on_begun(progress.finish)
    return App(
        settings=settings,
        bot=bot,
        services=services,
        addresses=addresses,
        courier=courier,
        owner_notice=owner_notice,
        machine=machine,
        delivery=delivery,
        progress=progress,
        moderation_log=_moderation_log(bot, courier, machine, services, stores),
        api=api,
        stores=stores,
        metrics=Metrics(
            lifecycle=machine.lifecycle,
            engine=machine.engine,
            gate=machine.gate,
            registry=registry,
        ),
        health=health,
    )


def _moderation_log(
    bot: ImagineBot,
    courier: DiscordCourier,
    machine: JobMachine,
    services: Services,
    stores: Stores,
) -> ModerationLog:
    return ModerationLog(
        lifecycle=machine.lifecycle,
        jobs=stores.jobs,
        store=stores.moderation,
        guild_settings=services.guild_settings,
        history=services.history,
        poster=DiscordLogPoster(bot, ready=courier.wait_until_ready),
    )


def _delivery(
    clock: Clock,
    timing: Timing,
    stores: Stores,
    api: ImageApi,
    machine: JobMachine,
    courier: DiscordCourier,
) -> Delivery:
    return Delivery(
        jobs=stores.jobs,
        lifecycle=machine.lifecycle,
        collector=PictureCollector(
            api=api, pictures=stores.pictures, retry_seconds=timing.link_retry_seconds
        ),
        courier=courier,
        clock=clock,
    )
