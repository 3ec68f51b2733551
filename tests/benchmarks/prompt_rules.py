"""A thousand hostile patterns and prompts, and how long the event loop is kept from its turn."""

from __future__ import annotations

import asyncio
import contextlib
import random
import tempfile
import time
from collections.abc import AsyncGenerator
from pathlib import Path

from bot.domain.asker import Asker
from bot.domain.clock import SystemClock
from bot.domain.ids import GuildId, UserId
from bot.domain.prompt_rules.rule import MAX_PATTERN, MAX_PATTERNS, MAX_WORDS
from bot.domain.request import GenerationRequest, build_request
from bot.errors import InvalidRequest, PromptRefused
from bot.guild_settings import GuildSettingsService
from bot.prompt_rules import PromptRules, checked_rules
from bot.storage.database import Database
from bot.storage.guild_settings import SqliteGuildSettingsStore
from bot.storage.prompt_rules import SqlitePromptRuleStore
from tests.benchmarks.figures import Figure

BLOCKED_MS = 50.0
ROUNDS = 1000
GUILD = GuildId(1)
MODERATOR = Asker(user_id=UserId(2), guild_id=GUILD, manages_server=True)

PATTERNS = (
    "(a+)+$",
    "(a|aa)+$",
    "(.*a){20}b",
    "(?:a?){90}a{90}",
    "([a-z]+)*x",
    "(x+x+)+y",
    r"(?:\pL+\s*)+\d$",
    "|".join(f"w{n}" for n in range(40)),
    "(?:.{0,20}z){9}",
    r"[^\x00-\x{10ffff}]|(?i)q.*q.*q.*q.*!",
)
PROMPTS = (
    "a" * 2000,
    "ab" * 1000,
    "x" * 1999 + "!",
    "n.s.f.w " * 250,
    "👨‍👩‍👧‍👦" * 285,
    "a\u0301\u0302\u0303" * 500,
    "ｇ０ｒｅ" * 500,
    "写真と猫" * 500,
    "word " * 400,
    "@$!|01357" * 222,
)


async def measure() -> list[Figure]:
    """Add what can be added, check every prompt, and watch the loop meanwhile."""
    with tempfile.TemporaryDirectory() as directory:
        async with Database.open(Path(directory) / "imagine.db") as database:
            settings = GuildSettingsService(
                store=SqliteGuildSettingsStore(database), clock=SystemClock()
            )
            rules = PromptRules(
                store=SqlitePromptRuleStore(database), guild_settings=settings, clock=SystemClock()
            )
            words = checked_rules([("word", f"word{n} x") for n in range(MAX_WORDS)])
            await settings.replace(MODERATOR, (), words)
            async with _watched() as longest:
                refused = await _fill_with_patterns(rules)
                took = await _check(rules)
    return [
        Figure(
            name="prompt rules: the loop's longest wait",
            value=max(longest),
            unit="ms",
            at_most=BLOCKED_MS,
            note=f"{ROUNDS} hostile prompts, {MAX_WORDS} words, {MAX_PATTERNS - refused} patterns",
        ),
        Figure(name="prompt rules: a hostile prompt", value=took * 1000 / ROUNDS, unit="ms"),
    ]


async def _fill_with_patterns(rules: PromptRules) -> int:
    """Add hostile patterns until the server has as many as it may; return how many were refused."""
    chance, refused, added = random.Random(7), 0, 0
    while added < MAX_PATTERNS:
        text = chance.choice(PATTERNS) + chance.choice(("", "?", "|q{9}", f"|r{added}"))
        try:
            await rules.add(MODERATOR, "pattern", f"{text}|s{added}"[:MAX_PATTERN])
        except InvalidRequest:
            refused += 1
        added += 1
    return refused


async def _check(rules: PromptRules) -> float:
    begun = time.perf_counter()
    for number in range(ROUNDS):
        with contextlib.suppress(PromptRefused):
            await rules.refuse(MODERATOR, _request(number))
    return time.perf_counter() - begun


def _request(number: int) -> GenerationRequest:
    prompt = PROMPTS[number % len(PROMPTS)][: 2000 - number % 7]
    return build_request({"prompt": prompt, "model_id": "m", "seed": number})


@contextlib.asynccontextmanager
async def _watched() -> AsyncGenerator[list[float]]:
    """Collect, in milliseconds, how late each turn of the loop comes."""
    late = [0.0]

    async def watch() -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(0.001)
            late.append((time.perf_counter() - begun - 0.001) * 1000)

    watcher = asyncio.create_task(watch())
    try:
        yield late
    finally:
        watcher.cancel()
