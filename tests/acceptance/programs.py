"""Runs the command line as a person would: a process with an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.patience import PATIENCE_SECONDS

ROOT = Path(__file__).parents[2]


def environment(home: Path, **settings: str) -> dict[str, str]:
    """Return an environment with nothing of ours but these settings."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
    return {**kept, "HOME": str(home), "PYTHONPATH": str(ROOT), **settings}


def run_bot(directory: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m bot …` to its end in a directory of its own."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=directory,
        env=environment(directory, **settings),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def start_bot(directory: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start `python -m bot …` and leave it running."""
    return subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        cwd=directory,
        env=environment(directory),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
