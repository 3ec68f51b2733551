"""A start that comes to nothing leaves every job as it was."""

from __future__ import annotations

import socket
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import app
from bot.domain.clock import SystemClock
from bot.domain.ids import JobId
from bot.domain.job import JobStatus
from bot.errors import StartupError
from bot.sandbox.server import SandboxServer
from bot.sandbox.settings import SandboxSettings
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.jobs import SqliteJobStore
from tests.factories.jobs import accept


@pytest.fixture
async def settings(tmp_path: Path) -> AsyncGenerator[Settings]:
    """Settings of a bot with one queued job."""
    async with SandboxServer(SandboxSettings(cheap_pictures=True)) as api:
        settings = Settings(
            data_dir=tmp_path,
            http_port=0,
            api_base_url=api.base_url,
            api_key=SecretStr("sandbox-key"),
            discord_token=SecretStr("a-discord-token"),
            _env_file=None,  # pyright: ignore[reportCallIssue]
        )
        async with Database.open(settings.database_path) as database:
            clock = SystemClock()
            await accept(SqliteJobStore(database, clock), 1, created_at_ms=clock.now_ms())
        yield settings


async def submissions(settings: Settings) -> int:
    async with Database.open(settings.database_path) as database:
        job = await SqliteJobStore(database, SystemClock()).get(JobId(1))
    assert job is not None
    assert job.status is JobStatus.QUEUED
    return job.attempts


async def test_a_port_that_is_taken_is_found_out_before_any_job_is_submitted(
    settings: Settings,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        busy = settings.model_copy(update={"http_port": taken.getsockname()[1]})
        with pytest.raises(StartupError, match="free port"):
            async with app.open_app(busy):
                pass
    assert await submissions(settings) == 0
