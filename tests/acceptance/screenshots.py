"""The pictures in the documents, made anew with UPDATE_SCREENSHOTS=1."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tests.acceptance.programs import ROOT

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), None)
MISSING = f"no Chromium found (looked for {', '.join(NAMES)})"

LAUNCH = {"executable_path": CHROMIUM, "args": ["--no-sandbox", "--disable-dev-shm-usage"]}
"""How the browser is started, in a container too."""


def keep(path: Path) -> None:
    """Put a picture among the documents, where that is asked for."""
    if os.environ.get("UPDATE_SCREENSHOTS"):
        shutil.copy(path, ROOT / "docs" / path.name)
