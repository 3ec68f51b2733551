"""Where the disk keeps everybody waiting, nobody is told that the bot did not respond."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import App, open_app
from bot.settings import Settings
from bot.ui import answers
from tests.discord_server import DiscordServer, InteractionRecord
from tests.discord_server.wiring import running_client
from tests.fakes.other_program import writing
from tests.patience import PATIENCE_SECONDS

DEFERRED, ANSWERED = 5, 4
THE_WAIT = "/webhooks/*/*/messages/@original"


@pytest.fixture
async def discord() -> AsyncGenerator[DiscordServer]:
    async with DiscordServer() as server:
        yield server


@pytest.fixture
async def app(discord: DiscordServer, tmp_path: Path) -> AsyncGenerator[App]:
    settings = Settings(
        data_dir=tmp_path,
        http_port=0,
        api_base_url="http://127.0.0.1:9",
        api_key=SecretStr("none"),
        user_daily_images=2,
        _env_file=None,  # pyright: ignore[reportCallIssue]
    )
    async with open_app(settings) as opened:
        opened.bot._connection.guild_ready_timeout = 0.05
        async with running_client(opened.bot, discord.address):
            await opened.bot.wait_until_ready()
            yield opened


async def ask_on_a_busy_disk(
    app: App, discord: DiscordServer, monkeypatch: pytest.MonkeyPatch, **options: object
) -> InteractionRecord:
    """Use `/imagine` while nothing can be written, until it is answered for the first time."""
    monkeypatch.setattr(answers, "LATE_SECONDS", 0.05)
    with writing(app.settings.database_path):
        asked = await discord.slash("imagine", {"prompt": "a fox", **options})
        return await discord.wait_for_answer(asked.id)


async def test_the_asker_sees_that_we_are_at_it_and_then_everybody_the_acknowledgement(
    app: App, discord: DiscordServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await ask_on_a_busy_disk(app, discord, monkeypatch)
    assert asked.answer_type == DEFERRED
    assert asked.answer == {"flags": 64}

    await discord.wait_for_requests(1, "DELETE", THE_WAIT)

    [acknowledgement] = await discord.messages()
    assert not acknowledgement.ephemeral
    assert acknowledgement.custom_ids == [f"imagine:cancel:{asked.id}"]
    assert "a fox" in acknowledgement.content


async def test_a_refusal_stays_private(
    app: App, discord: DiscordServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await ask_on_a_busy_disk(app, discord, monkeypatch, samples=3)
    assert asked.answer_type == DEFERRED

    [refusal] = await discord.wait_for_messages()

    assert refusal.ephemeral
    assert "You asked for 3 pictures" in refusal.content


@pytest.mark.usefixtures("app")
async def test_who_can_be_answered_in_time_is_answered_at_once(
    discord: DiscordServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "LATE_SECONDS", PATIENCE_SECONDS)
    asked = await discord.slash("imagine", {"prompt": "a fox"})
    assert (await discord.wait_for_answer(asked.id)).answer_type == ANSWERED
