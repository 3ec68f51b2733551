"""Another program at the bot's database, such as a backup tool."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Generator
from pathlib import Path


@contextlib.contextmanager
def writing(path: Path) -> Generator[None]:
    """Keep everybody else from writing for as long as this lasts."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
