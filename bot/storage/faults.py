"""What a database or disk error means, in words."""

from __future__ import annotations

import errno
import sqlite3

from bot.errors import StorageError

_WORDS = {
    sqlite3.SQLITE_FULL: "The disk is full; nothing was saved.",
    sqlite3.SQLITE_BUSY: "The database is locked by another program.",
    sqlite3.SQLITE_LOCKED: "The database is locked by another program.",
    sqlite3.SQLITE_READONLY: "The database is read-only; nothing was saved.",
    sqlite3.SQLITE_PERM: "The database may not be used: permission denied.",
    sqlite3.SQLITE_CANTOPEN: "The database file cannot be opened.",
    sqlite3.SQLITE_IOERR: "The disk reported an error; nothing was saved.",
    sqlite3.SQLITE_CORRUPT: "The database file is damaged; restore a backup.",
    sqlite3.SQLITE_NOTADB: "The file is not a database.",
    sqlite3.SQLITE_CONSTRAINT: "A rule of the database forbids it; nothing was saved.",
}


def storage_error(error: sqlite3.Error | OSError) -> StorageError:
    """Return the error to raise in place of this one."""
    return StorageError(f"{_meaning(error)} ({error})")


def _meaning(error: sqlite3.Error | OSError) -> str:
    if isinstance(error, OSError):
        full = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
        return "The disk is full; nothing was saved." if full else "A file cannot be used."
    # The low byte is the kind of error, the rest its variety (sqlite.org/rescode.html).
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    return _WORDS.get(code, "The database refused.")
