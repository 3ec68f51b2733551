"""Puts a backup in the database's place, so that no job is forgotten and none shown twice."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import StorageError
from bot.storage.backup import copy_and_check, verify
from bot.storage.durable import sync_file
from bot.storage.faults import storage_error
from bot.storage.lock import data_dir_lock

_COMPANIONS = ("", "-wal", "-shm")
"""The files of one database. A write-ahead log left to another's file would be read into it."""

_PERHAPS_POSTED = """
    UPDATE jobs SET post_started_at_ms = COALESCE(ready_at_ms, submitted_at_ms, created_at_ms)
    WHERE post_started_at_ms IS NULL
      AND (finished_at_ms IS NULL OR
           (status IN ('failed', 'refused', 'expired') AND told_at_ms IS NULL))
"""

_COUNT_OPEN = "SELECT count(*) FROM jobs WHERE finished_at_ms IS NULL"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done: the jobs that will go on, and where the database before it is."""

    open_jobs: int
    set_aside: Path | None


async def restore(backup: Path, database: Path) -> Restored:
    """Put a backup where the bot will open it, and keep what was there under another name.

    Whatever was unfinished at the time of the backup may have been posted since, so it is marked
    as posts of unknown fate are: the bot looks into the channel before it shows anything.

    Raises:
        StorageError: in words; what was there is there still.
        StartupError: a bot uses the directory, or the backup is a newer program's.
    """
    await verify(backup)
    with data_dir_lock(database.parent):
        return await asyncio.to_thread(_restore, backup, database)


def _restore(backup: Path, database: Path) -> Restored:
    part = database.with_name(f"{database.name}.{os.getpid()}.part")
    try:
        copy_and_check(backup, part)
        open_jobs = _mark(part)
        sync_file(part)
        set_aside = _set_aside(database)
        try:
            part.replace(database)
        except OSError:
            _put_back(database, set_aside)
            raise
        sync_file(database.parent)
    except (sqlite3.Error, OSError) as error:
        raise StorageError(f"{backup} was not restored: {storage_error(error)}") from error
    finally:
        part.unlink(missing_ok=True)
    return Restored(open_jobs, set_aside)


def _mark(part: Path) -> int:
    """Mark what may have been posted since; return how many jobs are unfinished."""
    with contextlib.closing(sqlite3.connect(part)) as connection, connection:
        connection.execute(_PERHAPS_POSTED)
        return connection.execute(_COUNT_OPEN).fetchone()[0]


def _put_back(database: Path, aside: Path | None) -> None:
    if aside is None:
        return
    for end in _COMPANIONS:
        file = aside.with_name(aside.name + end)
        if file.exists():
            file.replace(database.with_name(database.name + end))


def _set_aside(database: Path) -> Path | None:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    aside = database.with_name(f"{database.name}.before-restore-{stamp}")
    moved = False
    for end in _COMPANIONS:
        file = database.with_name(database.name + end)
        if file.exists():
            file.replace(aside.with_name(aside.name + end))
            moved = True
    return aside if moved else None
