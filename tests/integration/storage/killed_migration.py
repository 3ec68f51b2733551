"""A process that migrates a file and is killed just before a statement: `path versions words`."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from pathlib import Path

from bot.storage.migrate import Migration, known_migrations, migrate

NEXT = Migration(
    version=known_migrations()[-1].version + 1,
    name="a_test.sql",
    script="""
        CREATE TABLE extra (id INTEGER PRIMARY KEY) STRICT;
        INSERT INTO extra SELECT id FROM jobs;
        ALTER TABLE jobs ADD COLUMN extra INTEGER;
        UPDATE jobs SET extra = 1;
    """,
)


def main(path: Path, versions: int, words: str) -> None:
    def kill_before(statement: str) -> None:
        if words in statement:
            os.kill(os.getpid(), signal.SIGKILL)

    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    if words:
        connection.set_trace_callback(kill_before)
    migrate(connection, path, [*known_migrations(), NEXT][:versions])
    connection.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
