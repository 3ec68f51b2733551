"""The demo in a real browser: somebody types /imagine and sees the picture arrive.

With UPDATE_SCREENSHOTS=1 the pictures in docs are made anew: demo.png, settings.png and
settings-narrow.png.
"""

from __future__ import annotations

import contextlib
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.programs import start_bot
from tests.acceptance.screenshots import CHROMIUM, LAUNCH, MISSING, keep
from tests.patience import PATIENCE_SECONDS

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=MISSING)

NOTICED_MS = 5_000

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
            **LAUNCH,
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
    typed = page.locator(f"input[data-option={option}]")
    offered = page.locator(".command-popup [role=option]", has_text=value).first

    def type_anew() -> None:
        typed.fill("")
        typed.fill(value)

    insist(page, type_anew, lambda: offered.wait_for(timeout=NOTICED_MS))
    offered.click()


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
    messages = page.locator("#channel-message-list")
    answer = messages.get_by_text(re.compile("Waiting|Drawing|Done")).first
    insist(page, page.locator("#send-message").click, lambda: answer.wait_for(timeout=NOTICED_MS))
    page.wait_for_function(SHOWN)

    messages.get_by_text("Done").first.wait_for()
    text = messages.inner_text()
    assert "a sailing boat on a calm lake, mountains" in text
    assert "model dreamshaper-v8 · 1024x576 · steps 41" in text
    assert "Again" in text
    _photograph(page, tmp_path)

    messages.get_by_text("Details").click()
    page.get_by_text("The service used").first.wait_for()


def test_a_moderator_opens_the_panel_and_loosens_a_channel(page: Any, tmp_path: Path) -> None:
    become(page, "Otto (moderator)")
    page.locator("#channel-composer-input").click()
    page.keyboard.type("/settings panel")
    page.locator(".command-popup [role=option]", has_text="panel").first.click()
    send = page.locator("#send-message")
    hidden = "Unsafe pictures are hidden behind a text"
    insist(page, send.click, lambda: read(page, hidden, NOTICED_MS))
    pick(page, "What happens to unsafe pictures", "Blur:", "blurred; members may not loosen that")
    pick(page, "How far members may loosen it", "to off", "members may loosen that as far as Off")
    pick(page, "Go to a channel", "after-dark", "Rules in #after-dark")
    pick(page, "What happens to unsafe pictures", "Off:", "Saved. Safety checker in #after-dark")
    press(
        page, "Back to the whole server", "#after-dark: unsafe pictures are shown as they are (off)"
    )
    press(page, "Safety", " ago.")
    page.set_viewport_size({"width": 1280, "height": 1260})
    settled(page)
    _keep(page, tmp_path, "settings")
    page.set_viewport_size({"width": 420, "height": 1560})
    settled(page)
    _keep(page, tmp_path, "settings-narrow")


def test_models_are_shown_with_their_pictures(page: Any) -> None:
    page.locator("#channel-composer-input").click()
    page.keyboard.type("/models")
    page.locator(".command-popup [role=option]", has_text="models").first.click()
    send = page.locator("#send-message")
    insist(page, send.click, lambda: read(page, "page 1 of", NOTICED_MS))
    messages = page.locator("#channel-message-list")
    messages.locator("img, :text('unavailable')").nth(4).wait_for()
    assert "unavailable" not in messages.inner_text()


def become(page: Any, name: str) -> None:
    """Look at the channel as somebody who wrote in it."""
    own = page.locator(".message-action-button[title=Edit]").first
    insist(
        page,
        lambda: page.select_option("#viewer-picker", label=name),
        lambda: own.wait_for(state="attached", timeout=NOTICED_MS),
    )


def pick(page: Any, select: str, option: str, then: str) -> None:
    """Choose in a select of a message, until a text can be read."""

    def choose() -> None:
        page.get_by_role("combobox", name=select).click()
        if select.startswith("Go to"):  # the page looks up channels only now, and redraws the list
            page.locator("#action-status", has_text="Options updated").wait_for()
        page.locator(".select-list:popover-open [role=option]", has_text=option).first.click()

    insist(page, choose, lambda: read(page, then, NOTICED_MS))


def press(page: Any, button: str, then: str) -> None:
    """Press a button of a message, until a text can be read."""
    pressed = page.locator(".component-button", has_text=button)
    insist(page, pressed.click, lambda: read(page, then, NOTICED_MS))


def read(page: Any, text: str, timeout: int = 30_000) -> None:
    """Wait until a text can be read in the channel."""
    page.wait_for_function(
        "text => document.querySelector('#channel-message-list').innerText.includes(text)",
        arg=text,
        timeout=timeout,
    )


def insist(page: Any, act: Callable[[], Any], noticed: Callable[[], Any]) -> None:
    """Do something until the page, which is deaf while it is busy, has noticed."""
    for _ in range(12):
        settled(page)
        with contextlib.suppress(playwright.TimeoutError):
            act()
            noticed()
            return
    raise AssertionError("the page does not notice")


def settled(page: Any) -> None:
    """Wait until the page has done what was asked and has looked up what selects show."""
    page.wait_for_function("""() => {
        const status = document.querySelector("#action-status").innerText;
        return status && !status.endsWith("…");
    }""")
    page.get_by_text("Checking access").wait_for(state="hidden")


def _keep(page: Any, tmp_path: Path, name: str) -> None:
    page.mouse.move(0, 0)
    page.screenshot(path=tmp_path / f"{name}.png")
    keep(tmp_path / f"{name}.png")


def _photograph(page: Any, tmp_path: Path) -> None:
    _keep(page, tmp_path, "demo")
    page.set_viewport_size({"width": 420, "height": 800})
    settled(page)
    page.screenshot(path=tmp_path / "narrow.png")
