"""A thousand hostile patterns and prompts, and how long the event loop is kept from its turn."""

from __future__ import annotations

import contextlib
import itertools
import random
import tempfile
import time
from pathlib import Path

from bot.domain.asker import Asker
from bot.domain.clock import SystemClock
from bot.domain.ids import GuildId, UserId
from bot.domain.prompt_rules.built_in import breaks_built_in_rule
from bot.domain.prompt_rules.rule import MAX_PATTERN, MAX_PATTERNS, MAX_WORDS
from bot.domain.request import MAX_LORAS, MAX_PROMPT, GenerationRequest, build_request
from bot.errors import InvalidRequest, PromptRefused
from bot.guild_settings import GuildSettingsService
from bot.prompt_rules import PromptRules, checked_rules
from bot.storage.database import Database
from bot.storage.guild_settings import SqliteGuildSettingsStore
from bot.storage.prompt_rules import SqlitePromptRuleStore
from tests.benchmarks.as_run import as_run_does
from tests.benchmarks.figures import Figure, middle
from tests.benchmarks.lateness import Lateness, watched

BLOCKED_MS = 50.0
ORDINARY_MS = 1.0
ROUNDS = 1000
MODERATOR = Asker(user_id=UserId(2), guild_id=GuildId(1), manages_server=True)
NOBODY = Asker(user_id=UserId(3), guild_id=GuildId(2))

PARTS = (
    "(a+)+",
    "(a|aa)+",
    "(.*a){20}",
    "(?:a?){60}a{60}",
    "([a-z]+)*",
    "(x+x+)+",
    r"(?:\pL+\s*)+",
    "(?:.{0,20}z){9}",
    "(a|b)*a(a|b){40}",
    "(?:.?){99}",
    r"(?:\w?){99}",
    "(?:[^b]?a?){50}",
    ".*a.{12}" * 4,
    r"(\pL.{8}){4}",
    "(?:a.{0,9}b){12}",
    "|".join(f"w{n}" for n in range(40)),
    "((((((((((x)*)*)*)*)*)*)*)*)*)*",
    "(?:x{1000}){1000}",
    r"[^\x00-\x{10ffff}]",
    "((" * 50,
    "[" * 100,
    "\\",
)
ENDS = ("$", "b", "y", "!!", r"\d$", "q{9}", "c{3}", "?", "*", r"\x{10ffff}", "|", "9")
SLOW = ["(?:.?){99}9", *(f"(a|b)*a(a|b){{{50 + n}}}c{n}" for n in range(MAX_PATTERNS - 1))]
WORDS = [
    *("a " * (n % 49) + f"b{n}" for n in range(MAX_WORDS // 2)),
    *(f"猫{n:03}" for n in range(MAX_WORDS // 2)),
]
ORDINARY = "a castle on a hill at dawn, oil painting, detailed, by an old master, 8k"


def _prompts() -> list[str]:
    chance = random.Random(7)
    letters = [*range(0x21, 0xD7FF), *range(0xE000, 0x2FFFF)]
    zalgo = (chr(chance.randrange(0x300, 0x36F)) for _ in itertools.count())
    texts = [
        "a" * MAX_PROMPT,
        "a " * MAX_PROMPT,
        "a1 " * MAX_PROMPT,
        "@a" * MAX_PROMPT,
        "7" + " " * 1998 + "y",
        "nude " + "7 years " * MAX_PROMPT,
        "nude " + "1 . " * MAX_PROMPT,
        "x" * 1999 + "!",
        "n.s.f.w " * 250,
        "👨‍👩‍👧‍👦" * 4000,
        "\u202e\u2066a\u2069" * MAX_PROMPT,
        "a\u0301\u0302\u0303" * MAX_PROMPT,
        "ก" + "\u0e48\u0e38" * MAX_PROMPT,
        "क" + "\u093c\u094d" * MAX_PROMPT,
        "\ufdfa" * MAX_PROMPT,
        "ｇ０ｒｅ" * 500,
        "写真と猫00" * 500,
        "minor kid 猫 | " * 500,
        "AaBb1" * MAX_PROMPT,
        "".join(chance.choice("ab") for _ in range(MAX_PROMPT)),
        "".join(chr(chance.choice(letters)) for _ in range(MAX_PROMPT)),
        "".join("gore"[n % 4] + "".join(itertools.islice(zalgo, 9)) for n in range(200)),
        "".join(chance.choice(("nude ", "12 ", "girl, ", "year ", "old ")) for _ in range(500)),
    ]
    return [text[:MAX_PROMPT] for text in texts]


PROMPTS = _prompts()


async def measure() -> list[Figure]:
    """Add what can be added, check every prompt, and watch the loop meanwhile."""
    with as_run_does(), tempfile.TemporaryDirectory() as directory:
        async with Database.open(Path(directory) / "imagine.db") as database:
            settings = GuildSettingsService(
                store=SqliteGuildSettingsStore(database), clock=SystemClock()
            )
            rules = PromptRules(
                store=SqlitePromptRuleStore(database), guild_settings=settings, clock=SystemClock()
            )
            await settings.replace(MODERATOR, (), checked_rules([("word", w) for w in WORDS]))
            return [*await _hostile(rules), await _ordinary(rules), _built_in()]


async def _hostile(rules: PromptRules) -> list[Figure]:
    async with watched() as late:
        await _try_patterns(rules)
    async with watched() as late_in_prompts:
        took = [await _check(rules, number) for number in range(ROUNDS)]
    count = len(await rules.list(MODERATOR.guild_id)) - len(WORDS)
    against = f"against {len(WORDS)} words and {count} patterns"
    return [
        _wait("patterns", late, f"{ROUNDS} hostile patterns tried"),
        _wait("prompts", late_in_prompts, f"{ROUNDS} hostile prompts {against}"),
        Figure(
            name="prompt rules: a hostile prompt, in a thread",
            value=middle(took),
            unit="ms",
            note=f"processor time, median; the longest {max(took):.0f} ms",
        ),
    ]


def _wait(what: str, late: Lateness, how: str) -> Figure:
    return Figure(
        name=f"prompt rules: the loop's longest wait, {what}",
        value=late.longest_of_ours,
        unit="ms",
        at_most=BLOCKED_MS,
        note=f"{how}; {late.longest:.0f} ms with waits for a core",
    )


async def _try_patterns(rules: PromptRules) -> None:
    """Try hostile patterns, one taken at a time; then add slow ones until the server is full."""
    chance = random.Random(7)
    for number in range(ROUNDS - len(SLOW)):
        text = "".join(chance.choices(PARTS, k=1 + number % 2)) + chance.choice(ENDS)
        with contextlib.suppress(InvalidRequest):
            added = await rules.add(MODERATOR, "pattern", text[:MAX_PATTERN])
            await rules.remove(MODERATOR, added.id)
    for text in SLOW:
        with contextlib.suppress(InvalidRequest):
            await rules.add(MODERATOR, "pattern", text)


async def _check(rules: PromptRules, number: int) -> float:
    """Check a request whose every text is hostile; return the milliseconds it cost."""
    request = _request(number)
    begun = time.process_time()
    with contextlib.suppress(PromptRefused):
        await rules.refuse(MODERATOR, request)
    return (time.process_time() - begun) * 1000


def _request(number: int) -> GenerationRequest:
    prompt = PROMPTS[number % len(PROMPTS)][number % 7 :]
    return build_request(
        {
            "prompt": prompt,
            "negative_prompt": PROMPTS[(number * 5 + 1) % len(PROMPTS)],
            "model_id": "a-" * 50,
            "lora_model": ["aA1" * 33] * MAX_LORAS,
            "seed": number,
        }
    )


async def _ordinary(rules: PromptRules) -> Figure:
    request = build_request({"prompt": ORDINARY, "model_id": "midjourney", "seed": 1})
    await rules.refuse(NOBODY, request)
    begun = time.process_time()
    for _ in range(ROUNDS):
        await rules.refuse(NOBODY, request)
    return Figure(
        name="prompt rules: an ordinary prompt, on the loop",
        value=(time.process_time() - begun) * 1000 / ROUNDS,
        unit="ms",
        at_most=ORDINARY_MS,
        note=f"processor time; {len(ORDINARY)} characters, the built-in rule alone",
    )


def _built_in() -> Figure:
    took: list[float] = []
    for wanted, unwanted in itertools.product(PROMPTS, PROMPTS):
        begun = time.thread_time()
        breaks_built_in_rule(wanted, unwanted)
        took.append((time.thread_time() - begun) * 1000)
    return Figure(
        name="prompt rules: the built-in rule, on the loop",
        value=max(took),
        unit="ms",
        at_most=BLOCKED_MS,
        note=f"processor time; the longest of {len(took)} hostile prompts with negative prompts",
    )
