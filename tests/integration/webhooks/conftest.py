"""The whole bot behind its own HTTP server, with the sandbox as the image API."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr

from bot.app import App, open_app
from bot.domain.ids import JobId
from bot.domain.job import Job, JobStatus
from bot.sandbox import SandboxServer, SandboxSettings
from bot.settings import Settings
from tests.factories.jobs import GENEROUS, a_request, an_origin
from tests.patience import PATIENCE_SECONDS
from tests.ports import free_port


@dataclass
class Stage:
    """The bot, the API it asks, and what anybody on the internet can send it."""

    app: App
    sandbox: SandboxServer
    http: aiohttp.ClientSession
    seen: dict[JobId, list[JobStatus]] = field(default_factory=dict)
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1001))
    _moved: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, job: Job) -> None:
        self.seen.setdefault(job.id, []).append(job.status)
        self._moved.set()
        self._moved = asyncio.Event()

    async def ask(self, prompt: str = "a fox") -> JobId:
        job_id = JobId(next(self._ids))
        await self.app.services.jobs.submit(job_id, an_origin(), a_request(prompt=prompt), GENEROUS)
        return job_id

    async def until(self, job_id: JobId, status: JobStatus) -> Job:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while status not in self.seen.get(job_id, []):
                await self._moved.wait()
        return await self.app.services.jobs.get(job_id)

    def address(self, job_id: JobId) -> str:
        assert self.app.addresses is not None
        return self.app.addresses.of(job_id)

    async def post(self, url: str, **body: object) -> int:
        async with self.http.post(url, **body) as response:  # pyright: ignore[reportArgumentType]
            return response.status


@contextlib.asynccontextmanager
async def stage_with(sandbox_settings: SandboxSettings, data_dir: Path) -> AsyncGenerator[Stage]:
    port = free_port()
    async with SandboxServer(sandbox_settings) as sandbox:
        settings = Settings(
            api_base_url=sandbox.base_url,
            api_key=SecretStr("sandbox-key"),
            data_dir=data_dir,
            http_port=port,
            webhook_base_url=f"http://127.0.0.1:{port}",
        )
        async with open_app(settings) as app, aiohttp.ClientSession() as http:
            stage = Stage(app, sandbox, http)
            app.machine.lifecycle.on_change(stage.hear)
            yield stage


@pytest.fixture(autouse=True)
def brisk_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for nobody when a test is over: Discord, which is not there, will not come up."""
    monkeypatch.setattr("bot.app.STOP_SECONDS", 0.1)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    settings = SandboxSettings(draw_seconds=0.05, immediate_queueing=True, cheap_pictures=True)
    async with stage_with(settings, tmp_path) as stage:
        yield stage


@pytest.fixture
async def waiting(tmp_path: Path) -> AsyncIterator[Stage]:
    """A stage on which the sandbox draws nothing until it is resumed."""
    settings = SandboxSettings(immediate_queueing=True, cheap_pictures=True)
    async with stage_with(settings, tmp_path) as stage:
        stage.sandbox.pause()
        yield stage
