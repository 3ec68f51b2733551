"""A database or disk that refuses: words, nothing half written, and service goes on afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from bot.domain.job import Job, JobStatus
from bot.errors import StartupError, StorageError
from bot.storage.database import Database
from tests.fakes.other_program import writing
from tests.hostile.rows import drawn
from tests.hostile.scene import Scene
from tests.hostile.scripted_api import ScriptedApi, scripted_api
from tests.hostile.stage import Stage, open_stage, short_pauses
from tests.patience import PATIENCE_SECONDS

REFUSAL = "I cannot save anything right now, so nothing was started"
Outage = Callable[[Stage], AbstractAsyncContextManager[None]]


@pytest.fixture
async def api() -> AsyncIterator[ScriptedApi]:
    async with scripted_api() as api:
        yield api


@pytest.fixture
async def stage(api: ScriptedApi, tmp_path: Path) -> AsyncIterator[Stage]:
    with short_pauses() as patch:
        patch.setattr(Database, "open", functools.partial(Database.open, busy_timeout_ms=100))
        async with open_stage(api, tmp_path) as opened:
            yield opened


def database_of(stage: Stage) -> Database:
    return stage.app.stores.jobs._db


async def pragma(stage: Stage, text: str) -> Any:
    return await database_of(stage).between_writes(lambda tx: tx.fetch_all(f"PRAGMA {text}"))


@contextlib.asynccontextmanager
async def locked(stage: Stage) -> AsyncGenerator[None]:
    """Another program holds the write lock."""
    with writing(stage.app.settings.database_path):
        yield


@contextlib.asynccontextmanager
async def full(stage: Stage) -> AsyncGenerator[None]:
    """The file may not grow by a page."""
    pages = (await database_of(stage).fetch_all("PRAGMA page_count"))[0][0]
    await pragma(stage, f"max_page_count = {pages}")
    filler = "INSERT INTO marks (name, value) VALUES ('filler' || $1, $2)"
    with contextlib.suppress(StorageError):
        for number in range(100):
            row = (filler, number, "x" * 500)
            await database_of(stage).write(lambda tx, row=row: tx.fetch_all(*row))
    yield
    await pragma(stage, "max_page_count = 1000000")


@contextlib.asynccontextmanager
async def read_only(stage: Stage) -> AsyncGenerator[None]:
    """SQLite says what it says of a file system mounted read-only."""
    await pragma(stage, "query_only = 1")
    yield
    await pragma(stage, "query_only = 0")


OUTAGES: dict[str, Outage] = {"locked": locked, "full": full, "read-only": read_only}


async def a_scene(stage: Stage, prompt: str) -> Scene:
    scene = Scene(stage, prompt, await stage.place())
    scene.answers()
    return scene


def refused_writes(stage: Stage, count: int) -> asyncio.Event:
    """Return what is set once so many moves or facts of jobs could not be written."""
    seen, enough = [0], asyncio.Event()
    jobs = stage.app.stores.jobs

    def watched(method: Any) -> Any:
        async def call(*args: Any, **facts: Any) -> Job | None:
            try:
                return await method(*args, **facts)
            except StorageError:
                seen[0] += 1
                if seen[0] >= count:
                    enough.set()
                raise

        return call

    for name in ("advance", "record"):
        setattr(jobs, name, watched(getattr(jobs, name)))
    return enough


@pytest.mark.parametrize("outage", OUTAGES)
async def test_a_command_is_refused_in_words_and_works_again_afterwards(
    stage: Stage, outage: str
) -> None:
    scene = await a_scene(stage, "a mill " + "x" * 1900)
    long = {"negative_prompt": "y" * 1900}  # together more than a page
    async with OUTAGES[outage](stage):
        job_id = await scene.ask(options=long)
        used = await stage.discord.wait_for_answer(job_id)
        assert used.answer is not None
        assert REFUSAL in used.answer["content"]
        assert used.answer["flags"] & 64, "only the member sees it"
        assert await stage.app.stores.jobs.get(job_id) is None
    assert stage.ledger(job_id) == "nothing"
    assert stage.submitted(scene.prompt) == 0
    (await scene.end(await scene.ask())).check(drawn())


@pytest.mark.parametrize("outage", OUTAGES)
async def test_a_job_under_way_is_neither_lost_nor_paid_nor_shown_twice(
    stage: Stage, outage: str
) -> None:
    scene = await a_scene(stage, "a mill at night")
    job = await scene.acknowledged()
    await stage.is_status(job.id, JobStatus.SUBMITTING)
    refused = refused_writes(stage, 3)
    async with OUTAGES[outage](stage):
        scene.let_go()
        if outage != "full":  # a move of few bytes still fits into the last page
            await asyncio.wait_for(refused.wait(), PATIENCE_SECONDS)
    (await scene.end(job.id)).check(drawn())


async def test_pictures_that_cannot_be_kept_are_kept_and_shown_later(stage: Stage) -> None:
    folder = stage.app.settings.data_dir / "images"
    folder.write_bytes(b"in the way")
    failed = asyncio.Event()
    keep = stage.app.stores.pictures.keep

    async def watched(*args: Any) -> Any:
        try:
            return await keep(*args)
        except StorageError:
            failed.set()
            raise

    stage.app.stores.pictures.keep = watched  # pyright: ignore[reportAttributeAccessIssue]
    scene = await a_scene(stage, "a mill in the fog")
    job_id = await scene.ask()
    scene.let_go()
    await asyncio.wait_for(failed.wait(), PATIENCE_SECONDS)
    folder.unlink()
    (await scene.end(job_id)).check(drawn())


async def test_a_data_directory_that_is_none_is_said_at_the_start(
    api: ScriptedApi, tmp_path: Path
) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StartupError, match="data"):
        async with open_stage(api, tmp_path / "data"):
            pass
