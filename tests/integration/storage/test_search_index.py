"""The search index holds what the jobs hold, whoever changes them and however."""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.history import HistoryFilter
from bot.domain.ids import JobId
from bot.domain.job import JobStatus
from bot.errors import StorageError
from bot.storage import search_terms
from bot.storage.database import Database
from bot.storage.history import SqliteHistoryStore
from bot.storage.jobs import SqliteJobStore
from bot.storage.migrate import known_migrations, migrate
from bot.storage.transaction import SqliteTransaction
from tests.factories.jobs import ALICE, accept
from tests.fakes.clock import FakeClock

BEFORE_HISTORY = list(
    itertools.takewhile(lambda each: "history" not in each.name, known_migrations())
)


def out_of_step(path: Path) -> set[tuple[str, int]]:
    """Return the terms that are in the index and in no visible job, or the other way round.

    Jobs whose turn to be indexed is still to come have none there.
    """
    with closing(sqlite3.connect(path)) as connection:
        search_terms.add_to(connection)
        connection.execute(
            "CREATE VIRTUAL TABLE temp.indexed USING fts5vocab(main, job_search, instance)"
        )
        indexed = set(connection.execute("SELECT term, doc FROM temp.indexed"))
        jobs = connection.execute(
            "SELECT id, search_terms(user_id, guild_id, request, favourited_at_ms) "
            "FROM shown_jobs WHERE search_due = 0"
        )
        return indexed ^ {(term, job_id) for job_id, terms in jobs for term in terms.split()}


@dataclass(frozen=True)
class Step:
    what: str
    job: int
    prompt: str = ""


prompts = st.sampled_from(["a fox", "red fox 月下的", "", '"NEAR(', "owl owl owl"])
steps = st.builds(
    Step,
    st.sampled_from(
        ["accept", "favour", "unfavour", "hide", "erase", "rewrite", "damage", "index"]
    ),
    st.integers(1, 6),
    prompts,
)


async def take(
    step: Step, jobs: SqliteJobStore, history: SqliteHistoryStore, database: Database
) -> None:
    job_id = JobId(step.job)
    match step.what:
        case "accept":
            with contextlib.suppress(StorageError):  # an erased one's ledger row is still there
                await accept(jobs, step.job, prompt=step.prompt or "x")
        case "favour" | "unfavour":
            await history.favour(ALICE, job_id, favourite=step.what == "favour")
        case "hide":
            if await history.get(ALICE, job_id) is not None:
                await jobs.advance(job_id, JobStatus.CANCELLED)
            await history.hide(ALICE, job_id)
        case "index":
            await history.index()
        case "erase":
            await database.write(lambda tx: tx.execute("DELETE FROM jobs WHERE id = $1", job_id))
        case _:
            text = '{"prompt": "an otter"}' if step.what == "rewrite" else "{damaged"
            sql = "UPDATE jobs SET request = $1 WHERE id = $2"
            await database.write(lambda tx: tx.execute(sql, text, job_id))


@settings(max_examples=40, deadline=None)
@given(st.lists(steps, max_size=25))
async def test_whatever_happens_to_jobs_the_index_follows(taken: list[Step]):
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "imagine.db"
        async with Database.open(path) as database:
            clock = FakeClock()
            jobs, history = SqliteJobStore(database, clock), SqliteHistoryStore(database, clock)
            for step in taken:
                await take(step, jobs, history, database)
            assert out_of_step(path) == set()
            await history.index()
            assert await database.fetch_one("SELECT 1 FROM jobs WHERE search_due = 1") is None
        assert out_of_step(path) == set()


@pytest.fixture
def old_file(path: Path) -> Path:
    """A database from before there was a search, with jobs in it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, path, BEFORE_HISTORY)
        for job_id, user_id, request in (
            (1, ALICE, '{"prompt": "an old fox", "model_id": "sd", "seed": 1}'),
            (2, ALICE, "{damaged"),
            (3, 5, '{"prompt": "a fox of another"}'),
        ):
            connection.execute(
                "INSERT INTO jobs (id, user_id, guild_id, channel_id, application_id, "
                "interaction_token, can_post, can_read_history, upload_limit_bytes, request, "
                "images, status, fair_tag, created_at_ms, finished_at_ms) "
                "VALUES (?, ?, 10, 5, 6, '', 1, 1, 9, ?, 1, 'delivered', 0, 1, 1)",
                (job_id, user_id, request),
            )
    return path


async def test_jobs_from_before_there_was_a_search_are_found(old_file: Path):
    async with Database.open(old_file) as database:
        history = SqliteHistoryStore(database, FakeClock())
        page = await history.page(ALICE, HistoryFilter(search="fox"), limit=5)
        assert [job.id for job in page] == [1]
        everything = await history.page(ALICE, HistoryFilter(), limit=5)
        assert [job.id for job in everything] == [2, 1]
    assert out_of_step(old_file) == set()


async def test_a_job_that_is_undone_leaves_no_term(
    database: Database, jobs: SqliteJobStore, path: Path
):
    await accept(jobs, 1)

    def copy_and_fail(tx: SqliteTransaction) -> None:
        tx.execute("UPDATE jobs SET request = $1 WHERE id = 1", '{"prompt": "half an otter"}')
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(copy_and_fail)

    assert out_of_step(path) == set()
    history = SqliteHistoryStore(database, FakeClock())
    assert await history.page(ALICE, HistoryFilter(search="otter"), limit=1) == []
