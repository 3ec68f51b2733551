"""Nothing is kept about members that is not declared, exported, documented, and erased as declared.

Whoever adds a table or a column meets these tests, and adds a line to `bot/storage/personal.py`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.domain.personal import Fate, Holding
from bot.storage.database import Database
from bot.storage.personal import IMPERSONAL, JOBS, PERSONAL, SEARCH_INDEXES
from bot.storage.personal_table import (
    Departure,
    Person,
    PersonalTable,
    delete_some,
    first_page,
    key_of,
    next_page,
    reduce_some,
)
from bot.storage.transaction import SqlValue, count_placeholders
from bot.ui.privacy_words import ending
from tools.translations import texts

DOCUMENT = Path(__file__).parents[3] / "docs" / "privacy.md"

NAMES_A_PERSON = re.compile(r"user|member|(er|or)_id$|_by$")
"""Columns that hold a member's id are called like this: user_id, actor_id, reporter_id, set_by."""

MADE_BY_SQLITE = re.compile(r"sqlite_|.*_(data|idx|content|docsize|config)$")
"""SQLite's own tables, and those inside an index of words, which its own name stands for."""

BY_NAME = {table.name: table for table in PERSONAL}


async def tables_of(database: Database) -> set[str]:
    rows = await database.fetch_all("SELECT name FROM sqlite_master WHERE type = 'table'")
    return {row["name"] for row in rows if not MADE_BY_SQLITE.fullmatch(row["name"])}


async def columns_of(database: Database, table: str) -> set[str]:
    """Return the columns that hold something; those computed from others hold nothing more."""
    rows = await database.fetch_all(f"PRAGMA table_xinfo({table})")
    return {row["name"] for row in rows if row["hidden"] == 0}


def declared_columns(table: PersonalTable) -> set[str]:
    people = {column for person in table.people for column in person.exported.split()}
    return people | {person.column for person in table.people} | set(table.withheld)


async def test_every_table_is_declared(database: Database):
    assert await tables_of(database) == {*BY_NAME, *IMPERSONAL, *SEARCH_INDEXES}
    assert not BY_NAME.keys() & IMPERSONAL.keys()


@pytest.mark.parametrize("name", BY_NAME)
async def test_every_column_is_exported_or_withheld_for_a_reason(database: Database, name: str):
    table = BY_NAME[name]
    assert await columns_of(database, name) == declared_columns(table)
    assert all(table.withheld.values())


@pytest.mark.parametrize("name", [*BY_NAME, *IMPERSONAL])
async def test_every_column_that_holds_a_members_id_says_what_becomes_of_it(
    database: Database, name: str
):
    columns = await columns_of(database, name)
    people = {column for column in columns if NAMES_A_PERSON.search(column)}
    declared = {p.column for p in BY_NAME[name].people} if name in BY_NAME else set[str]()
    is_owned = name in BY_NAME and bool(BY_NAME[name].goes_with)
    assert people == (set[str]() if is_owned else declared)


@pytest.mark.parametrize("name", BY_NAME)
async def test_every_table_with_a_server_says_what_becomes_of_it(database: Database, name: str):
    has_guild = "guild_id" in await columns_of(database, name)
    assert has_guild == (BY_NAME[name].departure is not None)


@pytest.mark.parametrize("table", PERSONAL, ids=BY_NAME)
async def test_the_key_is_the_primary_key_and_in_every_export(
    database: Database, table: PersonalTable
):
    rows = await database.fetch_all(f"PRAGMA table_xinfo({table.name})")
    keys = sorted((row["pk"], row["name"]) for row in rows if row["pk"])
    assert [name for _, name in keys] == key_of(table)
    for person in table.people:
        assert set(key_of(table)) <= set(person.exported.split())


@pytest.mark.parametrize("table", PERSONAL, ids=BY_NAME)
async def test_what_goes_with_something_else_than_a_job_is_deleted_by_the_database_itself(
    database: Database, table: PersonalTable
):
    rows = await database.fetch_all(f"PRAGMA foreign_key_list({table.name})")
    cascades = {(row["table"], row["from"]) for row in rows if row["on_delete"] == "CASCADE"}
    if table.goes_with not in {"", "jobs"}:
        assert (table.goes_with, table.people[0].column) in cascades


@pytest.mark.parametrize("table", PERSONAL, ids=BY_NAME)
def test_what_stays_has_a_reason(table: PersonalTable):
    for person in table.people:
        assert person.fate is Fate.DELETED or person.because


STATEMENTS = [
    (f"{table.name} {kind}", sql)
    for table in PERSONAL
    for person in table.people
    for kind, sql in (
        ("first page", first_page(table, person)),
        ("next page", next_page(table, person)),
        ("delete", delete_some(table, person.column, person)),
    )
] + [
    (f"{table.name} departure", made)
    for table in PERSONAL
    if (left := table.departure)
    for made in [
        reduce_some(table, "guild_id", left) if left.sets else delete_some(table, "guild_id", left)
    ]
]


@pytest.mark.parametrize(("name", "sql"), STATEMENTS, ids=[name for name, _ in STATEMENTS])
async def test_every_statement_that_follows_from_a_declaration_runs(
    database: Database, name: str, sql: str
):
    args: list[SqlValue] = [1] * count_placeholders(sql)
    assert await database.write(lambda tx: tx.execute(sql, *args)) in {0, -1}
    if name.startswith(("jobs", "ledger", "pictures", "log_posts")):
        rows = await database.write(lambda tx: tx.fetch_all(f"EXPLAIN QUERY PLAN {sql}", *args))
        plan = "\n".join(row["detail"] for row in rows)
        assert not re.search(r"SCAN (jobs|ledger|pictures|log_posts)\b", plan), plan
        assert "TEMP B-TREE" not in plan, plan


def test_an_open_job_is_never_deleted_by_its_declaration():
    assert "finished_at_ms IS NOT NULL" in delete_some(JOBS, "user_id", JOBS.people[0])
    assert isinstance(JOBS.departure, Departure)
    assert "finished_at_ms IS NOT NULL" in reduce_some(JOBS, "guild_id", JOBS.departure)


def document_row(holding: Holding) -> str:
    erased = "; ".join(map(ending, holding.erased))
    departed = ending(holding.departed) if holding.departed else "nothing of it is a server's"
    told = (holding.what, holding.kept, holding.seen_by, erased, departed)
    return f"| `{holding.name}` | {' | '.join(told)} |"


def test_the_document_tells_of_every_table_what_is_declared():
    rows = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("| `")]
    withheld = [
        f"| `{table.name}.{column}` | {reason} |"
        for table in PERSONAL
        for column, reason in table.withheld.items()
    ]
    impersonal = [f"| `{name}` | {what} |" for name, what in IMPERSONAL.items()]
    declared = [document_row(table.holding()) for table in PERSONAL]
    assert rows == [*declared, *withheld, *impersonal]


def test_all_that_members_are_told_of_it_can_be_said_in_every_language():
    marked = {text for text, _plural in texts()}
    for holding in (table.holding() for table in PERSONAL):
        assert {holding.what, holding.kept, holding.seen_by} <= marked
        reasons = {each.because for each in holding.erased if holding.stays}
        assert reasons - {""} <= marked


def test_the_tests_can_tell_an_undeclared_person():
    assert NAMES_A_PERSON.search("blocked_by")
    assert NAMES_A_PERSON.search("user_id")
    assert not NAMES_A_PERSON.search("message_id")
    assert Person(exported="id", fate=Fate.DELETED).column == "user_id"
