"""Every place there is: the same commands answer, and pictures come to where they were asked for.

On the recording Discord, since the simulated one knows neither groups nor bots that somebody
brings along to a server.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import SandboxServer, SandboxSettings
from tests.discord_server import CHANNEL_ID, GUILD_ID, MessageRecord, Where
from tests.factories.pictures import noise
from tests.hostile.stage import Stage, open_stage, short_pauses
from tests.patience import PATIENCE_SECONDS

THREAD, FORUM, GROUP = 11, 15, 3
PLACES = (
    "a server",
    "a thread",
    "a forum post",
    "direct messages",
    "a group",
    "a server that it was brought along to",
)


@dataclass(frozen=True)
class Scene:
    """A bot, and somebody in one of the places."""

    stage: Stage
    where: Where
    channel_id: int

    async def answer(self, command: str, **options: Any) -> MessageRecord:
        """Use a command; return the answer."""
        used = await self.stage.discord.slash(command, options, where=self.where)
        answered = await self.stage.discord.wait_for_answer(used.id)
        assert answered.message_id is not None
        return await self.until(answered.message_id, lambda message: not message.loading)

    async def until(
        self, message_id: int, condition: Callable[[MessageRecord], bool]
    ) -> MessageRecord:
        """Wait until a message has come so far."""
        core = self.stage.discord.core

        def look() -> MessageRecord | None:
            found = core.messages.find_anywhere(message_id)
            return found.record() if found and condition(found.record()) else None

        return await core.changes.wait_for(look, PATIENCE_SECONDS, f"message {message_id}")

    async def offered(self, command: str, option: str, typed: str) -> list[str]:
        """Type into an option; return what is offered."""
        used = await self.stage.discord.autocomplete(command, option, typed, where=self.where)
        answered = await self.stage.discord.wait_for_answer(used.id)
        assert answered.answer is not None
        return [choice["value"] for choice in answered.answer["choices"]]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncGenerator[Stage]:
    """The bot between the sandbox and a recording Discord."""
    with short_pauses():
        async with (
            SandboxServer(SandboxSettings(cheap_pictures=True)) as api,
            open_stage(api, tmp_path / "data") as opened,
        ):
            await opened.app.services.catalogue.refresh()
            yield opened


@pytest.fixture(params=PLACES)
async def scene(request: pytest.FixtureRequest, stage: Stage) -> Scene:
    """Somebody in each of the places."""
    discord = stage.discord
    user_id = await discord.add_user("ada", guild_id=GUILD_ID)
    match request.param:
        case "a server":
            channel_id = CHANNEL_ID
        case "a thread":
            channel_id = await discord.add_channel(
                GUILD_ID, "owls", kind=THREAD, parent_id=CHANNEL_ID
            )
        case "a forum post":
            forum = await discord.add_channel(GUILD_ID, "showcase", kind=FORUM)
            channel_id = await discord.add_channel(GUILD_ID, "mine", kind=THREAD, parent_id=forum)
        case "direct messages":
            channel_id = await discord.open_dm(user_id)
        case "a group":
            channel_id = await discord.add_channel(None, "us", kind=GROUP, recipients=(user_id,))
        case _:
            guild_id = await discord.add_guild("Elsewhere", bot_present=False)
            channel_id = await discord.add_channel(guild_id, "foreign")
    owners = {"1": str(user_id)} if request.param == "a group" else None
    return Scene(stage, Where(user_id=user_id, channel_id=channel_id, owners=owners), channel_id)


async def test_pictures_come_to_where_they_were_asked_for(scene: Scene) -> None:
    job_id = await scene.stage.ask(scene.where, "an owl", model="sdxl", samples=2)

    await scene.stage.told(job_id)

    [shown] = await scene.stage.shown(job_id)
    assert shown.channel_id == scene.channel_id
    assert len(shown.files) == 2
    assert scene.stage.ledger(job_id) == "settled"


async def test_what_starts_from_a_picture_comes_to_where_it_was_asked_for(scene: Scene) -> None:
    discord = scene.stage.discord
    image = await discord.upload("owl.png", noise(256), channel_id=scene.channel_id)
    job_id = await scene.stage.ask(scene.where, "an owl", "remix", image=image)

    job = await scene.stage.told(job_id)

    [shown] = await scene.stage.shown(job_id)
    assert shown.channel_id == scene.channel_id
    assert not shown.ephemeral
    assert len(shown.files) == 1
    assert scene.stage.ledger(job_id) == "settled"
    acknowledged = discord.core.messages.find_anywhere(job.acknowledgement_id or 0)
    assert acknowledged is not None
    assert not acknowledged.record().ephemeral


async def test_the_other_commands_answer_in_private(scene: Scene) -> None:
    answers = [await scene.answer(name) for name in ("models", "queue", "cancel", "help")]
    answers += [await scene.answer("history"), await scene.answer("quota mine")]

    assert all(answer.ephemeral for answer in answers)
    assert {answer.channel_id for answer in answers} == {scene.channel_id}
    models, queue, cancel, help_page, *_ = (str(answer.payload) for answer in answers)
    assert "## Models" in models
    assert "🔞 2 more are shown in age-restricted channels only." in models
    assert "You have nothing in the queue." in queue
    assert "You have no unfinished job to cancel." in cancel
    assert "</imagine:" in help_page


async def test_suggestions_are_made(scene: Scene) -> None:
    assert (await scene.offered("imagine", "model", "juggrnaut"))[0] == "juggernaut-xl"
    assert (await scene.offered("imagine", "lora_model", "contrast-fix, mor"))[0] == (
        "contrast-fix,more_details"
    )
    assert await scene.offered("imagine", "model", "hassaku hentai") == []
    assert await scene.offered("cancel", "job", "") == []


async def test_pages_turn(scene: Scene) -> None:
    page = await scene.answer("models", kind="model")
    on = next(each for each in page.custom_ids if each.startswith("imagine:models:o:"))

    pressed = await scene.stage.discord.click(page.id, on, where=scene.where)
    await scene.stage.discord.wait_for_answer(pressed.id)

    turned = await scene.until(page.id, lambda message: "page 2 of" in str(message.payload))
    assert turned.custom_ids != page.custom_ids


async def test_a_foreign_channel_for_adults_is_one_too(stage: Stage) -> None:
    guild_id = await stage.discord.add_guild("Elsewhere", bot_present=False)
    user_id = await stage.discord.add_user("ada", guild_id=guild_id)
    channel_id = await stage.discord.add_channel(guild_id, "dark", nsfw=True)
    scene = Scene(stage, Where(user_id=user_id, channel_id=channel_id), channel_id)

    assert (await scene.offered("imagine", "model", "hassaku"))[0] == "hassaku-hentai"
    assert "🔞 Hassaku" in str((await scene.answer("models", search="hassaku")).payload)


async def test_each_command_says_where_it_may_be_used(stage: Stage) -> None:
    published = {each["name"]: each for each in await stage.discord.commands()}
    for name in ("imagine", "models", "queue", "cancel", "help", "history", "quota", "privacy"):
        assert sorted(published[name]["integration_types"]) == [0, 1], name
        assert sorted(published[name]["contexts"]) == [0, 1, 2], name
