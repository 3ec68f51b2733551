"""Making files survive a power cut."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def sync_file(path: Path) -> None:
    """Have a file, or a directory's list of names, written to the disk itself."""
    if sys.platform == "win32" and path.is_dir():
        return  # a directory cannot be opened there, and its changes are journalled anyway
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
