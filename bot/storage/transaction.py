"""An open transaction, and how `$n` placeholders are bound.

SQL is plain text with `$1…`, which SQLite and PostgreSQL's asyncpg both run unchanged. Python's
sqlite3 binds a sequence to them by order of first appearance and not by number, so arguments
always go through `bind`.
"""

from __future__ import annotations

import functools
import re
import sqlite3

SqlValue = int | float | str | bytes | None
Row = sqlite3.Row

_PLACEHOLDER = re.compile(r"\$(\d+)")


@functools.lru_cache(maxsize=512)
def count_placeholders(sql: str) -> int:
    """Return how many arguments a statement takes.

    Raises:
        ValueError: the numbers are not 1, 2, … without a gap.
    """
    numbers = {int(number) for number in _PLACEHOLDER.findall(sql)}
    if numbers != set(range(1, len(numbers) + 1)):
        raise ValueError(f"placeholders are not numbered from $1 without a gap: {sql}")
    return len(numbers)


def bind(sql: str, args: tuple[SqlValue, ...]) -> dict[str, SqlValue]:
    """Return the arguments by the number of their placeholder.

    Raises:
        ValueError: there are more or fewer arguments than placeholders.
    """
    if count_placeholders(sql) != len(args):
        raise ValueError(f"{len(args)} arguments do not fit: {sql}")
    return {str(number): value for number, value in enumerate(args, 1)}


class SqliteTransaction:
    """What a unit of work may do; of use only in the thread and during the call it is passed to."""

    __slots__ = ("_connection",)

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def execute(self, sql: str, *args: SqlValue) -> int:
        """Run a statement that returns nothing; return how many rows it touched."""
        return self._connection.execute(sql, bind(sql, args)).rowcount

    def fetch_all(self, sql: str, *args: SqlValue) -> list[Row]:
        """Run a statement and return all its rows."""
        return self._connection.execute(sql, bind(sql, args)).fetchall()

    def fetch_one(self, sql: str, *args: SqlValue) -> Row | None:
        """Run a statement and return its first row, if any.

        All rows are fetched: a statement left half read would keep its read transaction open, and
        the write-ahead log could not shrink.
        """
        rows = self.fetch_all(sql, *args)
        return rows[0] if rows else None
