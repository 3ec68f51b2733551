"""Rules are kept ready, forgotten when they change, and cost the server alone that made them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from bot.domain.asker import Asker
from bot.domain.ids import DIRECT_MESSAGES, GuildId, UserId
from bot.domain.prompt_rules.rule import MAX_WORDS, PromptRule
from bot.domain.request import GenerationRequest, build_request
from bot.errors import InvalidRequest, PromptRefused
from bot.guild_settings import GuildSettingsService
from bot.prompt_rules import PromptRules, checked_rules
from bot.storage.database import Database
from bot.storage.guild_settings import SqliteGuildSettingsStore
from bot.storage.prompt_rules import SqlitePromptRuleStore
from tests.fakes.clock import FakeClock

SLOW = [f"(a|b)*a(a|b){{{40 + n}}}c{n}" for n in range(30)]
SLOW_PROMPT = "abaabbab" * 250


class HeldStore(SqlitePromptRuleStore):
    """Hands out what it read first only when it is let."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.may_answer = asyncio.Event()
        self.has_read = asyncio.Event()
        self.may_answer.set()
        self.reads = 0

    async def of_guild(self, guild_id: GuildId) -> Sequence[PromptRule]:
        rules = await super().of_guild(guild_id)
        self.reads += 1
        self.has_read.set()
        if self.reads == 1:
            await self.may_answer.wait()
        return rules


@pytest.fixture
async def database(tmp_path: Path) -> AsyncGenerator[Database]:
    async with Database.open(tmp_path / "imagine.db") as database:
        yield database


@pytest.fixture
def store(database: Database) -> HeldStore:
    return HeldStore(database)


@pytest.fixture
def rules(database: Database, store: HeldStore) -> PromptRules:
    settings = GuildSettingsService(store=SqliteGuildSettingsStore(database), clock=FakeClock())
    return PromptRules(store=store, guild_settings=settings, clock=FakeClock())


def somebody(guild: int = 1) -> Asker:
    return Asker(user_id=UserId(2), guild_id=GuildId(guild), manages_server=True)


def a_request(prompt: str, **values: Any) -> GenerationRequest:
    return build_request({"prompt": prompt, "model_id": "m", "seed": 1, **values})


async def test_rules_are_read_once_until_they_change(rules: PromptRules, store: HeldStore):
    for _ in range(3):
        await rules.refuse(somebody(), a_request("flowers"))
    assert store.reads == 1
    await rules.add(somebody(), "word", "gore")
    with pytest.raises(PromptRefused):
        await rules.refuse(somebody(), a_request("gore"))


async def test_a_rule_added_while_the_old_ones_are_being_read_holds(
    rules: PromptRules, store: HeldStore
):
    store.may_answer.clear()
    early = asyncio.create_task(rules.refuse(somebody(), a_request("gore")))
    await store.has_read.wait()
    await rules.add(somebody(), "word", "gore")
    store.may_answer.set()
    await early

    with pytest.raises(PromptRefused):
        await rules.refuse(somebody(), a_request("gore"))


async def test_a_server_waits_for_its_own_slow_patterns_others_do_not(rules: PromptRules):
    with ThreadPoolExecutor(max_workers=2) as threads:
        asyncio.get_running_loop().set_default_executor(threads)
        for pattern in SLOW:
            await rules.add(somebody(1), "pattern", pattern)
        await rules.add(somebody(2), "pattern", "gore")
        done: list[int] = []

        async def check(guild: int) -> None:
            await rules.refuse(somebody(guild), a_request(SLOW_PROMPT))
            done.append(guild)

        await asyncio.gather(*(check(1) for _ in range(20)), check(2))
    assert done.index(2) < 10, "it does not wait until all that came before it are done"


async def test_patterns_that_are_too_much_together_are_refused(rules: PromptRules):
    await rules.add(somebody(), "pattern", "(?:.{0,20}z){9}")
    await rules.add(somebody(), "pattern", "(?:.{0,20}y){9}")
    await rules.add(somebody(), "pattern", "(?:.{0,20}x){9}")
    with pytest.raises(InvalidRequest, match="make one of them simpler"):
        await rules.add(somebody(), "pattern", "(?:.{0,20}w){9}")
    await rules.add(somebody(), "pattern", "gun(s|fire)?")


def test_an_import_has_the_same_limits():
    at_most = [("word", f"word{n}") for n in range(MAX_WORDS)]
    assert len(checked_rules([*at_most, *at_most])) == MAX_WORDS
    with pytest.raises(InvalidRequest, match=f"{MAX_WORDS} at most"):
        checked_rules([*at_most, ("word", "one more")])
    with pytest.raises(InvalidRequest, match="make one of them simpler"):
        checked_rules([("pattern", f"(?:.{{0,20}}{letter}){{9}}") for letter in "wxyz"])


async def test_no_rule_reaches_from_one_text_into_the_next(rules: PromptRules):
    await rules.add(somebody(), "word", "blood bath")
    await rules.add(somebody(), "pattern", "blood.*bath")
    await rules.refuse(somebody(), a_request("blood", model_id="bath", negative_prompt="bath"))
    with pytest.raises(PromptRefused):
        await rules.refuse(somebody(), a_request("x", negative_prompt="blood bath"))


async def test_an_end_of_a_line_in_a_pattern_is_the_end_of_each_text(rules: PromptRules):
    await rules.add(somebody(), "pattern", "queen$")
    with pytest.raises(PromptRefused):
        await rules.refuse(somebody(), a_request("a queen", negative_prompt="blurry"))


async def test_in_direct_messages_the_built_in_rule_alone_holds(rules: PromptRules):
    for text in ("gore", "nude statue"):
        await rules.refuse(somebody(DIRECT_MESSAGES), a_request(text))
    with pytest.raises(PromptRefused, match="say it without sexual words"):
        await rules.refuse(somebody(DIRECT_MESSAGES), a_request("a nude child"))


async def test_the_tester_reads_a_prompt_as_the_command_does(rules: PromptRules):
    await rules.add(somebody(), "word", "blood bath")
    assert list(await rules.test(GuildId(1), "blood\nbath \x00")) == ["word: blood bath"]
