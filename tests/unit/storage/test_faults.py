"""Operators read words, not error codes."""

from __future__ import annotations

import errno
import sqlite3

import pytest

from bot.storage.faults import storage_error


def sqlite_error(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("detail")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (sqlite_error(sqlite3.SQLITE_FULL), "The disk is full; nothing was saved. (detail)"),
        (sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT), "locked by another program"),
        (sqlite_error(sqlite3.SQLITE_READONLY_DBMOVED), "read-only"),
        (sqlite_error(sqlite3.SQLITE_IOERR_FSYNC), "The disk reported an error"),
        (sqlite_error(sqlite3.SQLITE_CONSTRAINT_UNIQUE), "A rule of the database"),
        (sqlite_error(sqlite3.SQLITE_CORRUPT), "damaged; restore a backup"),
        (sqlite_error(sqlite3.SQLITE_ERROR), "The database refused. (detail)"),
        (sqlite3.ProgrammingError("no code"), "The database refused. (no code)"),
        (OSError(errno.ENOSPC, "No space left"), "The disk is full"),
        (PermissionError(errno.EACCES, "Permission denied"), "A file cannot be used"),
    ],
)
def test_the_words(error: sqlite3.Error | OSError, words: str):
    assert words in str(storage_error(error))
