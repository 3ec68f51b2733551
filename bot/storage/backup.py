"""A consistent copy of the database, also while the bot runs."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import threading
from pathlib import Path

from bot.errors import StorageError
from bot.storage.durable import sync_file
from bot.storage.faults import storage_error
from bot.storage.migrate import known_migrations, refuse_unknown, version_of

_BUSY_SECONDS = 30.0
_STEPS = 1_000
"""Of SQLite's between two looks whether anybody still waits."""


async def backup(source: Path, target: Path) -> None:
    """Copy the database to a new file and check the copy.

    Cancelled, it ends at once and not with the copy: the program's end waits for its threads.

    Raises:
        StorageError: in words; an unfinished or unsound copy is removed.
    """
    given_up = threading.Event()
    try:
        await asyncio.to_thread(_backup, source, target, given_up)
    finally:
        given_up.set()


async def verify(path: Path) -> tuple[int, int]:
    """Read the whole database and find it sound; return its version and this program's.

    Raises:
        StorageError: it is damaged, or no database.
        StartupError: it is a newer program's, or another's.
    """
    try:
        return await asyncio.to_thread(_check, path)
    except sqlite3.Error as error:
        raise StorageError(f"{path} cannot be read: {storage_error(error)}") from error


def _backup(source: Path, target: Path, given_up: threading.Event) -> None:
    if not source.is_file():
        raise StorageError(f"There is no database at {source} yet.")
    if target.exists():
        raise StorageError(f"{target} exists already; name a file that does not.")
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        copy_and_check(source, part, given_up)
        sync_file(part)
        part.replace(target)
        sync_file(target.parent)
    except (sqlite3.Error, OSError) as error:
        raise StorageError(f"The copy {target} failed: {storage_error(error)}") from error
    finally:
        part.unlink(missing_ok=True)


def copy_and_check(source: Path, part: Path, given_up: threading.Event | None = None) -> None:
    """Copy a database to a file that is not there yet, for its owner alone, and read it whole."""
    part.touch(mode=0o600, exist_ok=False)
    with contextlib.closing(_open_read_only(source, given_up)) as connection:
        connection.execute("VACUUM INTO $1", {"1": str(part)})
    _check(part, given_up)


def _check(path: Path, given_up: threading.Event | None = None) -> tuple[int, int]:
    if not path.is_file():
        raise StorageError(f"There is no file {path}.")
    with contextlib.closing(_open_read_only(path, given_up)) as connection:
        answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
        orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
        refuse_unknown(connection, path)
        version = version_of(connection)
    if answer != "ok":
        raise StorageError(f"{path} is not sound: {answer}")
    if orphan:
        raise StorageError(f"{path} is not sound: {orphan[0]} names rows that are not there")
    return version, known_migrations()[-1].version


def _open_read_only(path: Path, given_up: threading.Event | None = None) -> sqlite3.Connection:
    # Read-only, so that this process never checkpoints the write-ahead log: with SQLite before
    # 3.51.3 two programs that do can damage the file ("WAL-reset bug", sqlite.org/wal.html).
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=ro",
        uri=True,
        isolation_level=None,
        timeout=_BUSY_SECONDS,
    )
    if given_up is not None:
        connection.set_progress_handler(given_up.is_set, _STEPS)
    return connection
