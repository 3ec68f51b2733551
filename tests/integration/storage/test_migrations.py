"""A file is brought up to date wholly or not at all."""

from __future__ import annotations

import contextlib
import re
import signal
import sqlite3
from pathlib import Path

import pytest

import bot.storage
from bot.errors import StartupError
from bot.storage.database import Database
from bot.storage.jobs import SqliteJobStore
from bot.storage.migrate import Migration, known_migrations, migrate, statements_of
from tests.factories.jobs import accept
from tests.fakes.clock import FakeClock
from tests.integration.storage.child import run_child
from tests.integration.storage.killed_migration import NEXT

LATEST = known_migrations()[-1].version
SCHEMA = Path(bot.storage.__file__).parent / "schema.sql"


def look(path: Path, sql: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def version(path: Path) -> object:
    return look(path, "PRAGMA user_version")[0][0]


def structure(path: Path) -> set[str]:
    """Return the schema without spaces and comments, and without what FTS5 makes for itself."""
    own = "type != 'table' OR name NOT LIKE 'job_search@_%' ESCAPE '@'"
    rows = look(path, f"SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND ({own})")
    return {normalised(str(sql)) for (sql,) in rows}


def normalised(sql: str) -> str:
    return re.sub(r"\s+", "", re.sub(r"--.*", "", sql)).rstrip(";")


@pytest.fixture
async def old_file(path: Path) -> Path:
    async with Database.open(path) as database:
        await accept(SqliteJobStore(database, FakeClock()), 1)
    return path


async def test_migrations_make_the_schema_that_is_checked_in(path: Path):
    async with Database.open(path):
        pass
    expected = {normalised(statement) for statement in statements_of(SCHEMA.read_text())}
    assert structure(path) == expected


async def test_a_new_file_needs_no_copy(path: Path):
    async with Database.open(path):
        pass
    assert version(path) == LATEST
    assert sorted(file.name for file in path.parent.iterdir()) == ["imagine.db"]


async def test_opening_again_changes_nothing(old_file: Path):
    before = old_file.read_bytes()
    async with Database.open(old_file):
        pass
    assert old_file.read_bytes() == before


@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE jobs", "CREATE TABLE ledger", "INSERT INTO fair_clock", "COMMIT"],
)
async def test_killed_while_making_a_file_the_next_start_makes_it(path: Path, statement: str):
    killed = run_child("killed_migration", path, LATEST, statement)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert (version(path), structure(path)) == (0, set())
    async with Database.open(path) as database:
        await accept(SqliteJobStore(database, FakeClock()))


@pytest.mark.parametrize(
    "statement", ["INSERT INTO extra", "ALTER TABLE jobs", "PRAGMA user_version =", "COMMIT"]
)
async def test_killed_in_mid_migration_the_old_version_is_whole(old_file: Path, statement: str):
    before = structure(old_file)
    killed = run_child("killed_migration", old_file, LATEST + 1, statement)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert (version(old_file), structure(old_file)) == (LATEST, before)
    async with Database.open(old_file) as database:
        await accept(SqliteJobStore(database, FakeClock()), 2)
    done = run_child("killed_migration", old_file, LATEST + 1, "")
    assert done.returncode == 0, done.stderr
    assert version(old_file) == LATEST + 1
    assert look(old_file, "SELECT id FROM extra") == [(1,), (2,)]


async def test_the_old_file_is_copied_before_it_is_changed(old_file: Path):
    run_child("killed_migration", old_file, LATEST + 1, "")
    copy = old_file.with_name(f"imagine.db.before-v{LATEST + 1}")
    assert version(copy) == LATEST
    assert look(copy, "SELECT id FROM jobs") == [(1,)]


async def test_a_copy_that_cannot_be_made_is_said_in_words_and_leaves_nothing(old_file: Path):
    with contextlib.closing(sqlite3.connect(old_file)) as connection:
        connection.execute(f"PRAGMA user_version = {LATEST - 1}")
    in_the_way = old_file.with_name(f"imagine.db.before-v{LATEST}")
    (in_the_way / "full").mkdir(parents=True)
    with pytest.raises(StartupError, match="A file cannot be used"):
        async with Database.open(old_file):
            pass
    assert not list(old_file.parent.glob("*.part"))
    assert version(old_file) == LATEST - 1


def test_a_migration_that_breaks_a_reference_is_undone(path: Path):
    breaking = Migration(
        LATEST + 1,
        "x.sql",
        f"INSERT INTO pictures VALUES (404, 0, '{'0' * 64}', '', 1, 1, 1, 0, 0);",
    )
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        with pytest.raises(StartupError, match="name missing ones"):
            migrate(connection, path, [*known_migrations(), breaking])
        assert not connection.in_transaction
    assert version(path) == LATEST
    assert look(path, "SELECT * FROM pictures") == []


async def test_a_file_from_the_future_is_refused_in_words_and_left_alone(old_file: Path):
    run_child("killed_migration", old_file, NEXT.version, "")
    before = old_file.read_bytes()
    with pytest.raises(StartupError, match="newer version of Imagine"):
        async with Database.open(old_file):
            pass
    assert old_file.read_bytes() == before


async def test_another_programs_database_is_refused_and_left_alone(path: Path):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    before = path.read_bytes()
    with pytest.raises(StartupError, match="some other program"):
        async with Database.open(path):
            pass
    assert path.read_bytes() == before


async def test_a_file_that_is_no_database_is_refused_in_words(path: Path):
    path.write_text("Dear diary," * 1000)
    with pytest.raises(StartupError, match=r"imagine\.db: The file is not a database"):
        async with Database.open(path):
            pass


async def test_a_directory_that_is_not_there_is_said_in_words(tmp_path: Path):
    with pytest.raises(StartupError, match="cannot be opened"):
        async with Database.open(tmp_path / "nowhere" / "imagine.db"):
            pass


@pytest.mark.parametrize(
    ("script", "statements"),
    [
        ("", []),
        ("-- only a comment\n", ["-- only a comment"]),
        (
            "CREATE TABLE a (b);\nCREATE TABLE c (d);",
            ["CREATE TABLE a (b);", "CREATE TABLE c (d);"],
        ),
        (
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN\n  SELECT 1;\n  SELECT 2;\nEND;\nSELECT 3",
            [
                "CREATE TRIGGER t AFTER INSERT ON a BEGIN\n  SELECT 1;\n  SELECT 2;\nEND;",
                "SELECT 3",
            ],
        ),
        ("INSERT INTO a VALUES (';\n');", ["INSERT INTO a VALUES (';\n');"]),
    ],
)
def test_scripts_are_split_into_statements(script: str, statements: list[str]):
    assert list(statements_of(script)) == statements
