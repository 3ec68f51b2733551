"""`/help` names every command there is, and its examples are true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import simcord

from bot.domain.guild_settings import Setting
from bot.ui import help_words
from tests.acceptance.stage import Stage, said

INTEGER, NUMBER = 4, 10
MESSAGE_MENU = 3


async def help_of(stage: Stage, by: simcord.MemberActor) -> str:
    answer = said(await by.slash(stage.studio, "help"))
    assert answer.ephemeral
    texts = [part["content"] for part in answer.components]
    assert sum(map(len, texts)) <= 4000
    return "\n".join(texts)


def paths(commands: list[dict[str, Any]]) -> Iterator[str]:
    """Yield every command, and with groups every subcommand."""
    for command in commands:
        yield command["name"]
        for option in command.get("options", []):
            if option["type"] == 1:
                yield f"{command['name']} {option['name']}"


async def test_moderators_are_told_of_every_published_command(
    stage: Stage, published: list[dict[str, Any]]
) -> None:
    text = await help_of(stage, stage.world.moderator)

    named = set(re.findall(r"</([a-z -]+):\d+>", text))
    in_menus = {each["name"] for each in published if each["type"] == MESSAGE_MENU}
    assert all(f"**{name}**" in text or f"→ {name}**" in text for name in in_menus)
    assert {name.split(" ")[0] for name in named} | in_menus == {each["name"] for each in published}
    assert named <= set(paths(published))


async def test_members_are_told_of_what_they_can_use(stage: Stage) -> None:
    text = await help_of(stage, stage.member)

    for name in help_words.FOR_MEMBERS:
        assert f"</{name}:" in text
    for name in help_words.FOR_MODERATORS:
        assert f"</{name}:" not in text


async def test_whoever_the_server_names_is_a_moderator_to_it_too(stage: Stage) -> None:
    role = stage.member.guild.create_role("Keepers")
    keeper = stage.member.guild.add_member(stage.env.create_user("kim"), roles=[role])
    assert "</settings panel:" not in await help_of(stage, keeper)

    await stage.decide(Setting.MODERATORS, (role.id,))

    assert "</settings panel:" in await help_of(stage, keeper)


async def test_the_commands_can_be_clicked_by_the_ids_that_discord_gave_them(stage: Stage) -> None:
    ids = {each.name: each.id for each in await stage.app.bot.tree.fetch_commands()}

    text = await help_of(stage, stage.member)
    assert f"</imagine:{ids['imagine']}>" in text
    assert f"</quota mine:{ids['quota']}>" in text

    await stage.restart()
    assert await help_of(stage, stage.member) == text


async def test_without_ids_the_commands_are_plain_words(stage: Stage) -> None:
    stage.app.bot.command_ids = {}
    assert "`/quota mine` how many" in await help_of(stage, stage.member)


def options_of(line: str, known: dict[str, int]) -> dict[str, Any]:
    """Read a line as Discord reads what is typed."""
    command, *parts = re.split(rf" ({'|'.join(known)}):", line)
    assert command == "/imagine"
    typed = dict(zip(parts[::2], parts[1::2], strict=True))
    kinds = {INTEGER: int, NUMBER: float}
    return {name: kinds.get(known[name], str)(value) for name, value in typed.items()}


@pytest.mark.parametrize("number", range(len(help_words.EXAMPLES)))
async def test_each_example_is_shown_and_makes_pictures(
    stage: Stage, imagine_options: list[dict[str, Any]], number: int
) -> None:
    shown = re.findall(r"`(/imagine [^`]*)`", await help_of(stage, stage.member))
    assert len(shown) == len(help_words.EXAMPLES)
    meant = help_words.EXAMPLES[number][1]

    options = options_of(shown[number], {each["name"]: each["type"] for each in imagine_options})

    assert set(options) == set(meant)
    await stage.finished(**options)
    assert stage.bodies[0]["prompt"] == meant["prompt"]


async def test_in_a_direct_message_there_are_no_moderators(stage: Stage) -> None:
    answer = said(await stage.world.moderator.user.slash("help"))
    text = "\n".join(part["content"] for part in answer.components)
    assert "</imagine:" in text
    assert "moderators" in text
    assert f"### {help_words.MODERATORS}" not in text
