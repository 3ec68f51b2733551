from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from bot.jobs import decisions
from tests.acceptance.stage import Stage, open_stage

OpenStage = Callable[..., Any]


@pytest.fixture(autouse=True)
def brisk_repeats(monkeypatch: pytest.MonkeyPatch) -> None:
    """Submit again at once what the API failed at."""
    monkeypatch.setattr(decisions, "_BACKOFF_SECONDS", (0.05,))


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncGenerator[Stage]:
    """A community whose image API draws at once."""
    async with open_stage(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
async def open_with(tmp_path: Path) -> AsyncIterator[OpenStage]:
    """Open a community with other settings than usual; it closes with the test."""
    async with AsyncExitStack() as stack:

        async def opener(*arguments: Any, **changes: Any) -> Stage:
            return await stack.enter_async_context(
                open_stage(tmp_path / "data", *arguments, **changes)
            )

        yield opener


@pytest.fixture
async def published(stage: Stage) -> Any:
    """The commands as Discord was told of them."""
    return next(
        entry.json
        for entry in stage.env.http_requests
        if entry.method == "PUT" and entry.path.endswith("/commands")
    )


@pytest.fixture
async def imagine_options(published: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The options of `/imagine` as Discord was told of them."""
    return next(command["options"] for command in published if command["name"] == "imagine")
