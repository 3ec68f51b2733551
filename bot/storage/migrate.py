"""Brings a database file to the version this program knows.

Each step is one transaction that also writes the new `user_version`, so a process killed in the
middle leaves the old version whole and the next start simply does it again.
"""

from __future__ import annotations

import importlib.resources
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot.errors import StartupError
from bot.storage import search_terms
from bot.storage.durable import sync_file

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Migration:
    """A script and the version it leads to."""

    version: int
    name: str
    script: str


def known_migrations() -> Sequence[Migration]:
    """Return the program's migrations in order.

    Raises:
        StartupError: their numbers have a gap; the installation is damaged.
    """
    folder = importlib.resources.files("bot.storage.migrations")
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda f: f.name
    )
    found = [Migration(int(f.name[:4]), f.name, f.read_text(encoding="utf-8")) for f in files]
    if not found or [m.version for m in found] != list(range(1, len(found) + 1)):
        raise StartupError("The program's database migrations are incomplete; install it again.")
    return found


def version_of(connection: sqlite3.Connection) -> int:
    """Return the version of the database; 0 for a new file."""
    return connection.execute("PRAGMA user_version").fetchone()[0]


def refuse_unknown(
    connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration] | None = None
) -> None:
    """Let only a file pass that this program can use.

    Raises:
        StartupError: it was written by a newer version, or by another program.
    """
    version, latest = version_of(connection), (migrations or known_migrations())[-1].version
    if version > latest:
        raise StartupError(
            f"{path} was written by a newer version of Imagine (database version {version}; "
            f"this program knows {latest}). Update the program, or restore a backup."
        )
    if version == 0 and connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        raise StartupError(f"{path} is a database of some other program. Move it away.")


def migrate(
    connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration] | None = None
) -> None:
    """Run what is pending, after copying a file that holds anything to `<name>.before-vN`.

    Foreign keys must be off on the connection, as SQLite's procedure for altering tables asks;
    they are checked before each commit. The connection learns the function that migrations and
    triggers call.

    Raises:
        StartupError: the file is unknown, or a row would be left without the one it names.
    """
    migrations = migrations or known_migrations()
    refuse_unknown(connection, path, migrations)
    search_terms.add_to(connection)
    version = version_of(connection)
    pending = [m for m in migrations if m.version > version]
    if pending and version > 0:
        copy_database(connection, path.with_name(f"{path.name}.before-v{pending[-1].version}"))
    for migration in pending:
        _run(connection, migration)
        log.info("database migrated", version=migration.version, script=migration.name)


def copy_database(connection: sqlite3.Connection, target: Path) -> None:
    """Write a consistent copy; the target appears whole or not at all, replacing an older one."""
    partial = target.with_name(f"{target.name}.part")
    partial.unlink(missing_ok=True)
    try:
        connection.execute("VACUUM INTO $1", {"1": str(partial)})
        sync_file(partial)
        partial.replace(target)
        sync_file(target.parent)
    finally:
        partial.unlink(missing_ok=True)  # where the disk is full, it must not stay so for this


def statements_of(script: str) -> Iterator[str]:
    """Split a script into statements."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement.strip()
            statement = ""
    if statement.strip():
        yield statement.strip()


def _run(connection: sqlite3.Connection, migration: Migration) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        if version_of(connection) >= migration.version:
            return
        for statement in statements_of(migration.script):
            connection.execute(statement)
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            raise StartupError(f"{migration.name} would leave rows that name missing ones.")
        connection.execute(f"PRAGMA user_version = {migration.version:d}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.rollback()
