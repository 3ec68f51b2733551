"""Erasing leaves no trace in the file, disturbs nobody, and bears being killed anywhere."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sqlite3
from pathlib import Path

import pytest

from bot.domain.ids import JobId, UserId
from bot.domain.job import JobStatus
from bot.domain.outcome import UsedSettings
from bot.domain.personal import Erasure
from bot.domain.ports import PictureData
from bot.storage.database import Database
from bot.storage.jobs import SqliteJobStore
from bot.storage.personal_data import SqlitePersonalStore
from bot.storage.pictures import SqlitePictureStore
from bot.storage.scraps import clear_scraps, merge_words
from tests.factories.jobs import ALICE, BOB, accept, bring_to
from tests.fakes.clock import NOON, FakeClock
from tests.fakes.other_program import writing
from tests.integration.storage.child import run_child
from tests.traces import forms_of, traces

MIA, OTTO = UserId(1_300_000_000_000_000_007), UserId(1_200_000_000_000_000_003)
DAY_MS = 24 * 60 * 60 * 1000


async def lived(path: Path, *, members: dict[UserId, str], jobs_each: int) -> None:
    """Let members' jobs run their course side by side, as rows grow and move between pages."""
    clock = FakeClock(NOON - 2 * DAY_MS)
    async with Database.open(path) as database:
        jobs = SqliteJobStore(database, clock)
        pictures = SqlitePictureStore(database, path.parent / "images", clock)
        numbers = iter(range(1, 10**6))
        async with asyncio.TaskGroup() as group:
            for _ in range(jobs_each):
                for user_id, word in members.items():
                    number = next(numbers)
                    group.create_task(live(jobs, pictures, number, user_id, word))


async def live(
    jobs: SqliteJobStore, pictures: SqlitePictureStore, number: int, user_id: UserId, word: str
) -> None:
    job_id = JobId(number)
    prompt = f"{word} {number} " * (1 + number % 40)
    await accept(jobs, number, user_id=user_id, prompt=prompt, created_at_ms=NOON - 2 * DAY_MS)
    await bring_to(jobs, job_id, JobStatus.PROCESSING)
    used = UsedSettings(prompt=f"{prompt} enhanced", seed=number)
    await jobs.advance(job_id, JobStatus.READY, used=used, output=(f"https://x/{number}",))
    data = f"{word} as a picture {number}".encode()
    await pictures.keep(job_id, 0, PictureData(data, "image/png", 1, 1))
    await jobs.advance(job_id, JobStatus.DELIVERED)


async def test_after_an_erasure_and_a_start_no_byte_of_the_member_is_left(path: Path):
    await lived(path, members={MIA: "zanzibar", OTTO: "ottoman"}, jobs_each=150)
    needles = [b"zanzibar", *forms_of(MIA)]
    before = traces(path.parent, *needles)
    assert before["imagine.db"] > 1000
    of_otto = traces(path.parent, b"ottoman")

    async with Database.open(path) as database:
        store = SqlitePersonalStore(database, FakeClock())
        pictures = SqlitePictureStore(database, path.parent / "images", FakeClock())
        await store.ask(Erasure(MIA, NOON))
        await store.erase(Erasure(MIA, NOON))
        await pictures.remove_unnamed()
        await store.fulfil(Erasure(MIA, NOON))
        assert await store.wipe()
        at_once = traces(path.parent, *needles)
    async with Database.open(path) as database:
        await clear_scraps(database)
        assert traces(path.parent, *needles) == {}

    assert at_once.keys() <= {"imagine.db"}
    assert at_once.get("imagine.db", 0) <= before["imagine.db"] // 100
    assert traces(path.parent, b"ottoman")["imagine.db"] <= of_otto["imagine.db"]
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM jobs").fetchone() == (150,)
        assert connection.execute("SELECT name FROM marks").fetchall() == []


async def test_the_log_is_not_emptied_while_somebody_reads_and_nobody_waits_for_that(
    database: Database, jobs: SqliteJobStore, path: Path
):
    await accept(jobs, 1)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM jobs").fetchall()
        await accept(jobs, 2)
        assert not await database.empty_log()
        await accept(jobs, 3)
        reader.execute("COMMIT")
        assert await database.empty_log()
    assert path.with_name("imagine.db-wal").stat().st_size == 0


async def test_where_the_file_cannot_be_written_anew_the_start_goes_on_and_the_next_one_tries(
    path: Path,
):
    async with Database.open(path, busy_timeout_ms=10) as database:
        await SqlitePersonalStore(database, FakeClock()).fulfil(Erasure(ALICE, NOON))
        with writing(path):
            await clear_scraps(database)
        assert len(await database.fetch_all("SELECT * FROM marks")) == 1
        await clear_scraps(database)
        assert await database.fetch_all("SELECT * FROM marks") == []


INDEX = """
    CREATE VIRTUAL TABLE words USING fts5 (
        terms, content = '', columnsize = 0, detail = 'none', tokenize = 'ascii'
    )
"""


async def test_an_index_of_words_keeps_none_that_were_deleted(database: Database, path: Path):
    """It would keep each, and a mark of its deletion, until it happens to be rewritten."""
    add = "INSERT INTO words (rowid, terms) VALUES ($1, $2)"
    delete = "INSERT INTO words (words, rowid, terms) VALUES ('delete', $1, $2)"
    terms = [f"u{MIA if n % 3 else OTTO}word{n}" for n in range(600)]
    await database.write(lambda tx: tx.execute(INDEX))
    for number, term in enumerate(terms):
        await database.write(lambda tx, n=number, term=term: tx.execute(add, n, term))
    for number, term in enumerate(terms):
        if str(MIA) in term:
            await database.write(lambda tx, n=number, term=term: tx.execute(delete, n, term))
    await database.empty_log()
    assert traces(path.parent, str(MIA).encode()) != {}

    await merge_words(database, ["words"])
    await database.compact()
    await database.empty_log()

    assert traces(path.parent, str(MIA).encode()) == {}
    found = "SELECT count(*) AS found FROM words WHERE words MATCH $1"
    assert [tuple(r) for r in await database.fetch_all(found, f'"u{OTTO}word3"')] == [(1,)]
    await merge_words(database, ["words"])


KILLS = [
    ("INSERT INTO erasures", 1),
    ("DELETE FROM jobs", 1),
    ("DELETE FROM jobs", 3),
    ("UPDATE ledger SET job_id", 1),
    ("UPDATE ledger SET job_id", 4),
    ("DELETE FROM erasures", 1),
    ("COMMIT", 2),
    ("COMMIT", 5),
    ("PRAGMA wal_checkpoint", 1),
]


@pytest.mark.parametrize(("words", "number"), KILLS)
async def test_killed_anywhere_the_next_process_goes_on_to_the_same_end(
    path: Path, words: str, number: int
):
    async with Database.open(path) as database:
        jobs = SqliteJobStore(database, FakeClock())
        pictures = SqlitePictureStore(database, path.parent / "images", FakeClock())
        for job, user_id in enumerate((ALICE, BOB, ALICE, ALICE, BOB, ALICE, ALICE, ALICE), 1):
            await live_now(jobs, pictures, job, user_id)
        await accept(jobs, 9, user_id=ALICE)
    killed = run_child("killed_erasure", path, words, number)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    asked_for = words != "INSERT INTO erasures"
    half_way = look(path, "SELECT count(*) FROM erasures") == [(1,)]
    done = look(path, "SELECT count(*) FROM jobs WHERE user_id = 111") == [(0,)]
    assert half_way or done or not asked_for
    assert ledger(path) in ([(111, 6), (222, 2)], [(111, 7), (222, 2)])

    assert run_child("killed_erasure", path, "", 0).returncode == 0

    if asked_for:
        assert look(path, "SELECT DISTINCT user_id FROM jobs") == [(222,)]
        assert look(path, "SELECT count(*) FROM ledger WHERE user_id = 111 AND job_id > 0") == [
            (0,)
        ]
        assert len([f for f in (path.parent / "images").rglob("*") if f.is_file()]) == 2
    assert look(path, "SELECT * FROM erasures") == []
    assert ledger(path) == [(111, 6 if asked_for else 7), (222, 2)]
    assert look(path, "PRAGMA integrity_check") == [("ok",)]


async def live_now(
    jobs: SqliteJobStore, pictures: SqlitePictureStore, number: int, user_id: UserId
) -> None:
    await accept(jobs, number, user_id=user_id)
    await bring_to(jobs, JobId(number), JobStatus.DELIVERED)
    await pictures.keep(JobId(number), 0, PictureData(b"%d" % number, "image/png", 1, 1))


def ledger(path: Path) -> list[tuple[object, ...]]:
    """Return what each member's day comes to: only the job taken back while it waited is free."""
    return look(
        path,
        "SELECT user_id, sum(images) FROM ledger WHERE refunded_at_ms IS NULL GROUP BY user_id",
    )


def look(path: Path, sql: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()
