"""What a server's rules do not allow is refused before anything is stored or paid for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.asker import Asker
from bot.domain.guild_settings import Setting
from bot.domain.ids import GuildId, UserId
from bot.domain.prompt_rules.rule import MAX_PATTERNS
from bot.errors import InvalidRequest, NotAllowed
from tests.acceptance.stage import Stage, said


def moderator(stage: Stage) -> Asker:
    return Asker(
        user_id=UserId(stage.world.moderator.id),
        guild_id=GuildId(stage.guild_id),
        manages_server=True,
    )


async def add(stage: Stage, kind: str, text: str) -> int:
    return (await stage.app.services.prompt_rules.add(moderator(stage), kind, text)).id


@pytest.mark.parametrize(
    "options",
    [
        {"prompt": "a GORE scene"},
        {"negative_prompt": "gore"},
        {"model": "gore-diffusion"},
        {"lora_model": "light,gore_v2"},
        {"embeddings_model": "gore"},
    ],
    ids=lambda options: next(iter(options)),
)
async def test_a_rule_looks_at_everything_that_is_written(stage: Stage, options: dict[str, Any]):
    await add(stage, "word", "gore")
    refused = await stage.imagine(**options)

    assert said(refused).ephemeral
    assert "A rule of this server" in said(refused).content
    assert "`gore`" not in said(refused).content
    assert stage.bodies == []
    assert await stage.images_left() == 100


async def test_the_rule_is_named_only_where_the_server_chose_so(stage: Stage):
    await add(stage, "pattern", "g[o0]re|@everyone`")
    await stage.decide(Setting.NAME_RULES, value=True)
    content = said(await stage.imagine("g0re")).content

    assert "The rule is `g[o0]re|" in content
    assert "@everyone" not in content


async def test_rules_survive_a_restart_and_can_be_taken_away(stage: Stage):
    number = await add(stage, "word", "gore")
    await stage.restart()
    assert "A rule of this server" in said(await stage.imagine("gore")).content

    assert await stage.app.services.prompt_rules.remove(moderator(stage), number)
    await stage.finished("gore")


async def test_a_rule_made_later_holds_for_making_an_old_picture_again(stage: Stage):
    job = await stage.finished("gore")
    await add(stage, "word", "gore")
    pressed = await stage.member.click(stage.message(job), label="Again")
    assert "A rule of this server" in said(pressed).content


async def test_the_built_in_rule_holds_everywhere_and_for_everybody(stage: Stage):
    adult = stage.world.channel("after-dark")
    for who in stage.world.people:
        refused = await who.slash(adult, "imagine", prompt="a nude child")
        assert said(refused).ephemeral
        assert "built in and holds everywhere" in said(refused).content
    assert stage.bodies == []


async def test_only_moderators_change_rules_and_only_so_many(stage: Stage):
    rules = stage.app.services.prompt_rules
    member = replace(moderator(stage), manages_server=False)
    with pytest.raises(NotAllowed):
        await rules.add(member, "word", "gore")
    with pytest.raises(InvalidRequest, match="word or pattern"):
        await rules.add(moderator(stage), "glob", "gore*")
    for number in range(MAX_PATTERNS):
        await rules.add(moderator(stage), "pattern", f"word{number}")
    with pytest.raises(InvalidRequest, match="remove some first"):
        await rules.add(moderator(stage), "pattern", "one more")
    await rules.add(moderator(stage), "pattern", "word0")


async def test_the_tester_names_every_rule_that_a_prompt_breaks(stage: Stage):
    await add(stage, "word", "gore")
    await add(stage, "pattern", "bl.od")
    rules, here = stage.app.services.prompt_rules, GuildId(stage.guild_id)

    assert list(await rules.test(here, "blood and gore")) == ["word: gore", "pattern: bl.od"]
    assert await rules.test(here, "flowers") == []
    assert len(await rules.test(here, "a nude child")) == 1
