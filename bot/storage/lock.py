"""One process a data directory.

The engine counts slots in memory and the database has one writer: a second process would break
both promises.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Generator
from pathlib import Path

from bot.errors import StartupError

LOCK_NAME = "imagine.lock"


@contextlib.contextmanager
def data_dir_lock(data_dir: Path) -> Generator[None]:
    """Hold the directory for this process; it is made if it is not there.

    The system drops the lock with the process, however that ends. The file stays, since removing
    it would let two processes lock two files of the same name.

    Raises:
        StartupError: another process holds it, or the directory cannot be used.
    """
    with _startup_errors(data_dir):
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(data_dir / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _try_lock(descriptor):
            raise StartupError(
                f"Another Imagine{_holder(descriptor)} already uses {data_dir}. "
                "Stop it, or give this one an IMAGINE_DATA_DIR of its own."
            )
        with _startup_errors(data_dir):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _startup_errors(data_dir: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise StartupError(
            f"IMAGINE_DATA_DIR {data_dir} cannot be used: {error.strerror or error}."
        ) from None


def _holder(descriptor: int) -> str:
    written = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
    return f" (process {written})" if written.isdigit() else ""


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
