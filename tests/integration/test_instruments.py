"""What is measured beside the jobs: the image API, Discord, the loop, the disk, the books."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from aiohttp import ClientConnectionError, ClientSession, web
from prometheus_client import CollectorRegistry

from bot.domain.clock import SystemClock
from bot.domain.ids import JobId, first_id_at
from bot.domain.job import JobStatus
from bot.domain.ports import JobRef
from bot.errors import ProviderBusy
from bot.jobs.engine import LocalEngine
from bot.metrics.discord_calls import discord_trace
from bot.metrics.health import Health
from bot.metrics.image_api import MeteredImageApi
from bot.storage.database import Database
from bot.storage.jobs import SqliteJobStore
from bot.storage.ledger_totals import LedgerTotals
from bot.storage.stores import open_stores
from bot.webhooks.server import serve_http
from tests.factories.jobs import a_request, accept, bring_to
from tests.fakes.clock import FakeClock
from tests.fakes.image_api import ScriptedImageApi
from tests.ports import free_port


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


async def test_calls_of_the_image_api_are_timed_and_their_errors_told_apart(
    registry: CollectorRegistry,
) -> None:
    scripted = ScriptedImageApi()
    api = MeteredImageApi(scripted, registry)
    scripted.answers(ProviderBusy("wait"))
    with pytest.raises(ProviderBusy):
        await api.submit(a_request(), track_id="1", webhook=None)
    await api.submit(a_request(), track_id="2", webhook=None)
    await api.list_models()

    def value(name: str, **labels: str) -> float | None:
        return registry.get_sample_value(name, labels)

    assert value("imagine_api_seconds_count", call="submit") == 2
    assert value("imagine_api_seconds_count", call="list_models") == 1
    assert value("imagine_api_errors_total", call="submit", kind="ProviderBusy") == 1


async def test_requests_to_discord_are_counted_by_what_for_and_status(
    registry: CollectorRegistry,
) -> None:
    app = web.Application()

    async def handle(request: web.Request) -> web.Response:
        return web.Response(status=429 if request.path.endswith("/9/messages") else 200)

    app.router.add_route("*", "/{path:.*}", handle)
    async with (
        serve_http(app, "127.0.0.1", 0) as port,
        ClientSession(trace_configs=[discord_trace(registry)]) as http,
    ):
        base = f"http://127.0.0.1:{port}/api/v10"
        for method, path in (
            ("POST", "/channels/5/messages"),
            ("POST", "/channels/9/messages"),
            ("PATCH", "/channels/5/messages/7"),
            ("POST", "/interactions/5/token/callback"),
            ("GET", "/users/@me"),
        ):
            await http.request(method, base + path)
        with pytest.raises(ClientConnectionError):
            await http.get(f"http://127.0.0.1:{free_port()}/")

    counted = {
        (sample.labels["what"], sample.labels["status"]): sample.value
        for family in registry.collect()
        for sample in family.samples
        if sample.name == "imagine_discord_requests_total"
    }
    assert counted == {
        ("post", "200"): 1,
        ("post", "429"): 1,
        ("edit", "200"): 1,
        ("answer", "200"): 1,
        ("other", "200"): 1,
        ("other", "none"): 1,
    }


async def test_every_transaction_is_timed(registry: CollectorRegistry, tmp_path: Path) -> None:
    health = Health(registry)
    database = tmp_path / "imagine.db"
    async with open_stores(tmp_path, database, SystemClock(), health.note_write) as stores:
        before = registry.get_sample_value("imagine_write_seconds_count") or 0
        await stores.marks.put("a", "b")
    assert registry.get_sample_value("imagine_write_seconds_count") == before + 1


async def test_the_books_are_added_up_by_what_became_of_the_images(
    registry: CollectorRegistry, tmp_path: Path
) -> None:
    async with Database.open(tmp_path / "imagine.db") as database:
        totals = LedgerTotals(database)
        assert await totals.add_up() == {"reserved": 0, "settled": 0, "refunded": 0}
        jobs = SqliteJobStore(database, FakeClock())
        ends = (JobStatus.DELIVERED, JobStatus.DELIVERED, JobStatus.FAILED, JobStatus.PROCESSING)
        for number, status in enumerate(ends, start=1):
            await accept(jobs, number)
            await bring_to(jobs, JobId(number), status)
        each = sum((await totals.add_up()).values()) // len(ends)
        assert await totals.add_up() == {
            "reserved": each,
            "settled": 2 * each,
            "refunded": each,
        }
        health = Health(registry)
        added = asyncio.Event()

        async def add_up() -> Mapping[str, int]:
            found = await totals.add_up()
            added.set()
            return found

        _, books = health.loops(add_up)
        async with books:
            await added.wait()
    assert registry.get_sample_value("imagine_ledger_images", {"state": "refunded"}) == each


async def test_the_oldest_that_waits_is_known_by_its_id(tmp_path: Path) -> None:
    async with Database.open(tmp_path / "imagine.db") as database:
        jobs = SqliteJobStore(database, FakeClock())
        engine = LocalEngine(jobs, slots=1)
        assert engine.oldest_waiting is None
        now = int(time.time() * 1000)
        ids = [first_id_at(now - seconds * 1000) for seconds in (10, 300, 20)]
        for each in ids:
            job = await accept(jobs, each)
            engine.committed(JobRef(job.id, job.status, job.fair_tag))
        assert engine.oldest_waiting == ids[1]
