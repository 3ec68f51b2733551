"""The demo in a real browser: somebody types /imagine and sees the picture arrive.

With UPDATE_SCREENSHOTS=1 the README's picture, docs/demo.png, is made anew.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.programs import ROOT, start_bot
from tests.patience import PATIENCE_SECONDS

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), None)

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason=f"no Chromium found (looked for {', '.join(NAMES)})"
)

SHOWN = """() => [...document.querySelectorAll("#channel-message-list img")]
    .some(image => image.naturalWidth >= 500)"""


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The demo, serving its page; it must end well when told to."""
    process = start_bot(tmp_path, "demo", "--no-open", "--port", "0")
    with process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            output, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, output
    assert "Traceback" not in output


def address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return next(line for line in process.stdout if "The bot is at" in line).split()[-1]


@pytest.fixture
def page(demo: subprocess.Popen[str], tmp_path: Path) -> Iterator[Any]:
    """The demo's page in a browser that has never been used."""
    with playwright.sync_playwright() as browsers:
        context = browsers.chromium.launch_persistent_context(
            tmp_path / "browser",
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-dev-shm-usage"],
            viewport={"width": 1280, "height": 900},
        )
        page = context.pages[0]
        page.set_default_timeout(PATIENCE_SECONDS * 1000)
        page.goto(address(demo))
        yield page
        context.close()


def choose(page: Any, option: str, value: str) -> None:
    """Add an option to the command and pick the first thing it offers."""
    page.locator(".command-ghost").click()
    page.locator(".command-popup [role=option]", has_text=option).first.click()
    page.locator(f"input[data-option={option}]").fill(value)
    page.locator(".command-popup [role=option]", has_text=value).first.click()


def test_somebody_types_imagine_picks_options_and_sees_the_picture(
    page: Any, tmp_path: Path
) -> None:
    page.locator("#channel-composer-input").click()
    page.keyboard.type("/imagine")
    page.locator(".command-popup [role=option]", has_text="imagine").first.click()
    page.locator("input[data-option=prompt]").fill("a sailing boat on a calm lake, mountains")
    choose(page, "size", "wide")
    choose(page, "steps", "41")
    choose(page, "model", "dreamshaper")
    page.locator("#send-message").click()

    messages = page.locator("#channel-message-list")
    messages.get_by_text(re.compile("Waiting|Drawing|Done")).first.wait_for()
    page.wait_for_function(SHOWN)

    messages.get_by_text("Done").first.wait_for()
    text = messages.inner_text()
    assert "a sailing boat on a calm lake, mountains" in text
    assert "model dreamshaper-v8 · 1024x576 · steps 41" in text
    assert "Again" in text
    _photograph(page, tmp_path)

    messages.get_by_text("Details").click()
    page.get_by_text("The service used").first.wait_for()


def _photograph(page: Any, tmp_path: Path) -> None:
    page.screenshot(path=tmp_path / "page.png")
    if os.environ.get("UPDATE_SCREENSHOTS"):
        shutil.copy(tmp_path / "page.png", ROOT / "docs" / "demo.png")
    page.set_viewport_size({"width": 420, "height": 800})
    page.locator("#action-status", has_text=re.compile("updated|not completed")).wait_for()
    page.screenshot(path=tmp_path / "narrow.png")
