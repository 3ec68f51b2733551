"""Every SQL statement of the package, read from its source.

Python's sqlite3 binds `$n` by order of first appearance when given a sequence, so arguments are
bound by name in one place; and no statement is put together from values.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot.storage
from bot.domain.ids import JobId
from bot.domain.job import JobStatus
from bot.domain.ports import JobFacts
from bot.storage.job_rows import update_job
from bot.storage.transaction import count_placeholders

PACKAGE = Path(bot.storage.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
VERB = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH|VACUUM|REPLACE)\s+[^ ]+ ")
FOREIGN_PLACEHOLDER = re.compile(r"\?|(?<![:\w]):\w+|@\w+|%s|%\(|\{")
RUNS_SQL = {"execute", "executemany", "executescript", "fetch_all", "fetch_one"}

RAW = {"transaction.py", "database.py", "migrate.py", "group_commit.py", "backup.py", "restore.py"}
"""Modules that open, prepare, migrate or copy a database: no members' values there."""

FORMATTED = {
    "accepting.py": {"SELECT * FROM {}"},
    "job_rows.py": {"UPDATE jobs SET {} WHERE id = $1 AND status IN ({}) RETURNING *"},
    "database.py": {
        "PRAGMA wal_autocheckpoint = {}",
        "PRAGMA journal_size_limit = {}",
        "PRAGMA busy_timeout = {}",
    },
    "migrate.py": {"PRAGMA user_version = {}"},
    "scraps.py": {"INSERT INTO {} ({}, rank) VALUES ('merge', $1)"},
    "personal_table.py": {
        "SELECT {} FROM {} WHERE {} ORDER BY {} LIMIT $2",
        "SELECT {} FROM {} WHERE {} AND ({}) > ({}) ORDER BY {} LIMIT $2",
        "SELECT {} FROM {} WHERE {} = $1{}{} LIMIT $2",
        "DELETE FROM {} WHERE ({}) IN ({})",
        "DELETE FROM {} WHERE job_id = $1",
        "UPDATE {} SET {} WHERE ({}) IN ({})",
    },
}
"""The only texts with holes: names and numbers that this program knows, never values."""


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for module in MODULES:
        yield module, ast.parse(module.read_text())


def statements() -> list[str]:
    return [
        node.value
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and VERB.match(node.value)
    ]


def calls_that_run_sql(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in RUNS_SQL
        ):
            yield node


def shape(node: ast.JoinedStr) -> str:
    """Return the text of an f-string with its holes empty."""
    parts = [part.value if isinstance(part, ast.Constant) else "{}" for part in node.values]
    return "".join(map(str, parts))


def test_the_scan_sees_the_statements():
    assert len(statements()) > 25


@pytest.mark.parametrize("sql", statements())
def test_placeholders_are_numbered_and_without_a_gap(sql: str):
    count_placeholders(sql)
    assert not FOREIGN_PLACEHOLDER.search(sql)


def test_no_statement_has_holes_but_the_known_ones():
    verb = re.compile(r"\s*(PRAGMA|SELECT|UPDATE|INSERT|DELETE)\b")
    for module, tree in trees():
        shapes = {shape(node) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)}
        sql = {text for text in shapes if verb.match(text)}
        assert sql == FORMATTED.get(module.name, set())


def test_no_statement_is_joined_or_formatted_where_it_is_run():
    """Whoever runs SQL passes a constant, or what `update_job` and the migrations made."""
    for module, tree in trees():
        for call in calls_that_run_sql(tree):
            text = call.args[0]
            assert isinstance(text, ast.Name | ast.Constant | ast.JoinedStr | ast.Attribute), (
                f"{module.name}:{call.lineno}"
            )


def test_arguments_reach_a_raw_connection_only_by_name():
    """Everywhere else SQL goes through a transaction, and so through `bind`."""
    for module, tree in trees():
        for call in calls_that_run_sql(tree):
            if ast.unparse(call.func).split(".")[-2].endswith("connection"):
                assert module.name in RAW
                assert all(isinstance(arg, ast.Dict | ast.Call) for arg in call.args[1:])


def test_the_built_update_is_numbered_too():
    facts: JobFacts = {"attempts": 1, "end_detail": "x", "told_at_ms": 5}
    sql, args = update_job(
        JobId(1), facts, target=JobStatus.FAILED, sources=[JobStatus.QUEUED, JobStatus.READY]
    )
    assert sql == (
        "UPDATE jobs SET status = $2, attempts = $3, end_detail = $4, told_at_ms = $5 "
        "WHERE id = $1 AND status IN ($6, $7) RETURNING *"
    )
    assert args == [1, "failed", 1, "x", 5, "queued", "ready"]
    assert count_placeholders(sql) == len(args)
