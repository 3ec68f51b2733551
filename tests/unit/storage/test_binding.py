"""Arguments reach the placeholder of their number."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

import pytest

from bot.storage.transaction import SqliteTransaction, SqlValue, count_placeholders


@pytest.fixture
def transaction() -> Iterator[SqliteTransaction]:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.row_factory = sqlite3.Row
        yield SqliteTransaction(connection)


def test_the_number_counts_and_not_the_order(transaction: SqliteTransaction):
    row = transaction.fetch_one("SELECT $2 AS a, $1 AS b, $2 AS c", "one", "two")
    assert row is not None
    assert tuple(row) == ("two", "one", "two")


def test_more_than_nine(transaction: SqliteTransaction):
    names = ", ".join(f"${number}" for number in range(12, 0, -1))
    row = transaction.fetch_one(f"SELECT {names}", *range(1, 13))
    assert row is not None
    assert tuple(row) == tuple(range(12, 0, -1))


@pytest.mark.parametrize(
    ("sql", "args"),
    [("SELECT $1", ()), ("SELECT $1", (1, 2)), ("SELECT 1", (1,)), ("SELECT $2", (1,))],
)
def test_arguments_that_do_not_fit_are_a_mistake(
    transaction: SqliteTransaction, sql: str, args: tuple[SqlValue, ...]
):
    with pytest.raises(ValueError, match=r"placeholders|arguments"):
        transaction.execute(sql, *args)


def test_placeholders_are_counted_once_each():
    assert count_placeholders("SELECT $1, $2, $1") == 2


def test_a_query_without_rows_gives_none(transaction: SqliteTransaction):
    assert transaction.fetch_one("SELECT 1 WHERE 0") is None
