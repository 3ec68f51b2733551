"""A process that holds a data directory until it is killed."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.storage.lock import data_dir_lock

if __name__ == "__main__":
    with data_dir_lock(Path(sys.argv[1])):
        sys.stdout.write("held\n")
        sys.stdout.flush()
        sys.stdin.read()
