"""What people see, as pictures: `/history`, and a picture's life from the queue to the buttons.

With UPDATE_SCREENSHOTS=1 those in docs are made anew: history, life, life-pictures and languages,
each as NAME.png and, for a telephone, NAME-narrow.png.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from simcord.preview import Preview

from bot.sandbox import Fault, SandboxSettings
from tests.acceptance.conftest import OpenStage
from tests.acceptance.screenshots import CHROMIUM, LAUNCH, MISSING, keep
from tests.acceptance.stage import Stage, said

playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=MISSING)

WIDE, NARROW = 1080, 420


@pytest.fixture(autouse=True)
def chromium(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the preview take the browser that is there: it looks for one of its own only."""
    launch = playwright.BrowserType.launch

    async def launched(browser: Any, **options: Any) -> Any:
        return await launch(browser, **{**options, **LAUNCH})

    monkeypatch.setattr(playwright.BrowserType, "launch", launched)


@pytest.fixture
async def stage(open_with: OpenStage) -> Stage:
    """A community whose image API draws in earnest, one job at a time."""
    return await open_with(SandboxSettings(), max_in_flight=1)


@pytest.fixture
async def preview(stage: Stage) -> AsyncGenerator[Preview]:
    shown = stage.env.preview(stage.studio, viewers=stage.world.people, layout="channel")
    async with shown:
        yield shown


class Camera:
    """Takes the pictures of one test."""

    def __init__(self, stage: Stage, preview: Preview, folder: Path) -> None:
        self._stage = stage
        self._preview = preview
        self._folder = folder

    async def take(
        self, name: str, target: Any, *, wide: int, narrow: int, minutes_later: int = 0
    ) -> None:
        """Keep what the usual member sees, in these heights."""
        self._preview.capture_time = datetime.now(UTC) + timedelta(minutes=minutes_later)
        await self._shot(name, target, (WIDE, wide))
        await self._shot(f"{name}-narrow", target, (NARROW, narrow))

    async def _shot(self, name: str, target: Any, size: tuple[int, int]) -> None:
        path = self._folder / f"{name}.png"
        await self._preview.screenshot(
            path, viewer=self._stage.member, target=target, mode="viewport", viewport=size
        )
        with Image.open(path) as taken:
            assert taken.size == size
        keep(path)


@pytest.fixture
def camera(stage: Stage, preview: Preview, tmp_path: Path) -> Camera:
    return Camera(stage, preview, tmp_path)


async def test_history(stage: Stage, camera: Camera) -> None:
    await stage.finished("a fox by the sea, soft morning light", samples=2)
    stage.api.script("a clockwork owl", Fault.MODEL_NOT_FOUND)
    await stage.end_of(await stage.imagine("a clockwork owl", model="my-trained-model"))
    await stage.finished("a village by the sea, lanterns, night", size="768x512")
    await stage.finished("mountains above the clouds at sunrise")

    page = said(await stage.member.slash(stage.studio, "history"))

    await camera.take("history", page, wide=790, narrow=1060, minutes_later=3)


async def test_a_pictures_life(stage: Stage, camera: Camera) -> None:
    stage.api.script("a clockwork owl", Fault.MODEL_NOT_FOUND)
    await stage.end_of(await stage.imagine("a clockwork owl", model="my-trained-model"))
    stage.api.pause()
    await stage.imagine("a castle on a green hill", by=stage.world.newcomer)
    waiting = await stage.imagine("a sailing boat at sunset", samples=4, size="256x256")
    await stage.app.progress.round()
    refusal = await stage.imagine("a very large whale", size="2000x2000")

    await camera.take("life", said(refusal), wide=830, narrow=1000)

    stage.api.resume()
    four = stage.message(await stage.end_of(waiting))

    await camera.take("life-pictures", four, wide=1360, narrow=1360)


async def test_two_languages(stage: Stage, camera: Camera) -> None:
    stage.world.speak("de")
    stage.world.speak("ja", to=stage.member)
    await stage.finished("夕暮れの灯台、油絵", size="256x256")
    await stage.app.progress.round()
    await stage.quota()
    refusal = await stage.imagine("とても大きな鯨", size="2000x2000")

    await camera.take("languages", said(refusal), wide=860, narrow=980)
