"""What a keystroke costs while somebody types a model, with 10,000 of them in the list.

Through the command's own callback, as discord.py calls it: from the interaction to the choices that
would be sent. The names are typed letter by letter, some with typing errors, by members who have
used the bot before; each member's first keystroke looks up what they used.
"""

from __future__ import annotations

import asyncio
import random
import string
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast
from unittest import mock

import discord
from discord.app_commands import Command, Namespace

from bot.app import App, open_parts
from bot.domain.catalogue import CatalogueEntry, ModelKind
from bot.domain.clock import SystemClock
from bot.domain.ids import UserId
from bot.jobs.timing import Timing
from bot.log import configure_logging
from bot.settings import Settings
from tests.benchmarks.as_run import as_run_does
from tests.benchmarks.figures import Figure, percentile
from tests.benchmarks.lateness import Lateness, watched
from tests.factories.jobs import accept

MODELS, MEMBERS, JOBS_EACH, NAMES_TYPED, AT_MOST_MS = 10_000, 200, 12, 250, 10.0
GUILD, CHANNEL, FIRST_MEMBER = 1000, 1001, 2000

_SYLLABLES = [
    "ka",
    "re",
    "mi",
    "ru",
    "vis",
    "ion",
    "dra",
    "gon",
    "sha",
    "per",
    "neo",
    "lux",
    "art",
    "fan",
    "tas",
    "pho",
    "to",
    "mix",
    "ani",
    "me",
    "del",
    "ib",
    "er",
    "ate",
    "pro",
    "gen",
    "cy",
    "ber",
    "punk",
    "real",
    "epic",
    "dream",
    "cut",
    "ink",
    "wash",
    "oil",
]
_COMMON = [
    "realistic",
    "anime",
    "mix",
    "xl",
    "vision",
    "diffusion",
    "photo",
    "v1",
    "v2",
    "v3",
    "style",
    "cartoon",
    "dream",
]
HOSTILE = (
    *("a", "m", "xl", "mi", "v1 v2 v3", "a b c d e", "realistic anime mix xl vision"),
    *("x" * 100, "💥" * 50, "ﷺ" * 100, "%" * 100, "mi " * 33, "realisitc anmie mxi vsiion pohto"),
)


@dataclass(frozen=True)
class Cost:
    """Milliseconds a keystroke took, by the clock and of processor time."""

    clock: list[float] = field(default_factory=list[float])
    work: list[float] = field(default_factory=list[float])


async def measure() -> list[Figure]:
    """Type many names, then what costs the most."""
    configure_logging(level="warning")
    rng = random.Random(4)
    entries = _entries(rng)
    texts = list(_keystrokes(entries, rng))
    with as_run_does():
        async with _app(entries, rng) as app, watched() as lateness:
            command = cast("Command[Any, ..., Any]", app.bot.tree.get_command("imagine"))
            typed = await _type(app, command, texts, rng)
            hostile = await _type(app, command, HOSTILE * 20, rng)
    return _figures(typed, hostile, lateness)


def _figures(typed: Cost, hostile: Cost, lateness: Lateness) -> list[Figure]:
    return [
        Figure(
            name=f"a keystroke among {MODELS} models, p99",
            value=percentile(typed.clock, 0.99),
            unit="ms",
            at_most=AT_MOST_MS,
            note=f"of {len(typed.clock)}; median {percentile(typed.clock, 0.5):.2f}, slowest "
            f"{max(typed.clock):.1f}; processor time p99 {percentile(typed.work, 0.99):.2f}",
        ),
        Figure(
            name="the costliest texts, p99",
            value=percentile(hostile.clock, 0.99),
            unit="ms",
            at_most=AT_MOST_MS,
            note=f"of {len(hostile.clock)}; median {percentile(hostile.clock, 0.5):.2f}, slowest "
            f"{max(hostile.clock):.1f}; processor time p99 {percentile(hostile.work, 0.99):.2f}",
        ),
        Figure(
            name="longest pause of the event loop meanwhile",
            value=lateness.longest_of_ours,
            unit="ms",
            at_most=20,
            note=f"with the waits for a core {lateness.longest:.1f}",
        ),
    ]


def _entries(rng: random.Random) -> list[CatalogueEntry]:
    words = ["".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4))) for _ in range(MODELS)]
    entries: list[CatalogueEntry] = []
    for number in range(MODELS):
        parts = [rng.choice(words), *rng.choices(_COMMON, k=rng.randint(0, 3))]
        entries.append(
            CatalogueEntry(
                id=f"{'-'.join(parts)}-{number}",
                kind=ModelKind.MODEL,
                name=" ".join(parts).title(),
                nsfw=rng.random() < 0.2,
                uses=rng.randrange(10**6),
            )
        )
    return entries


def _keystrokes(entries: Sequence[CatalogueEntry], rng: random.Random) -> Iterator[str]:
    for entry in rng.sample(entries, NAMES_TYPED):
        name = list(entry.name)
        if rng.random() < 0.4:
            name[rng.randrange(len(name))] = rng.choice(string.ascii_lowercase)
        for length in range(len(name) + 1):
            yield "".join(name[:length])


@asynccontextmanager
async def _app(entries: Sequence[CatalogueEntry], rng: random.Random) -> AsyncGenerator[App]:
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(TemporaryDirectory(prefix="imagine-bench-")))
        settings = Settings(data_dir=directory, _env_file=None)  # pyright: ignore[reportCallIssue]
        app = await open_parts(stack, settings, SystemClock(), Timing())
        await app.stores.catalogue.replace(entries)
        await app.services.catalogue.load()
        now = SystemClock().now_ms()
        for number in range(MEMBERS * JOBS_EACH):
            await accept(
                app.stores.jobs,
                number + 1,
                user_id=UserId(FIRST_MEMBER + number % MEMBERS),
                created_at_ms=now,
                model_id=rng.choice(entries).id,
            )
        connection = app.bot._connection
        connection.user = discord.ClientUser(state=connection, data=cast("Any", _user(1)))
        await app.bot.load_extension("cogs.imagine")
        yield app


async def _type(
    app: App, command: Command[Any, ..., Any], texts: Sequence[str], rng: random.Random
) -> Cost:
    cost, answered = Cost(), 0

    async def offered(*_: object) -> None:
        nonlocal answered
        answered += 1

    with mock.patch.object(discord.InteractionResponse, "autocomplete", offered):
        for text in texts:
            await asyncio.sleep(0)
            interaction = _interaction(app, FIRST_MEMBER + rng.randrange(MEMBERS))
            namespace = Namespace.__new__(Namespace)
            namespace.__dict__["model"] = text
            begun, work = time.perf_counter(), time.thread_time()
            await command._invoke_autocomplete(interaction, "model", namespace)
            cost.work.append(1000 * (time.thread_time() - work))
            cost.clock.append(1000 * (time.perf_counter() - begun))
    if answered != len(texts):
        raise RuntimeError("a keystroke was not answered")
    return cost


def _user(user_id: int) -> dict[str, Any]:
    return {"id": str(user_id), "username": "m", "discriminator": "0", "avatar": None}


def _interaction(app: App, user_id: int) -> discord.Interaction:
    payload: dict[str, Any] = {
        "id": "1",
        "application_id": "1",
        "type": 4,
        "token": "t",
        "version": 1,
        "channel_id": str(CHANNEL),
        "channel": {"id": str(CHANNEL), "type": 0, "name": "c", "permissions": "0", "position": 0},
        "guild_id": str(GUILD),
        "guild": {"id": str(GUILD), "locale": "en-US", "features": []},
        "member": {
            "user": _user(user_id),
            "roles": [],
            "joined_at": "2026-01-01T00:00:00+00:00",
            "permissions": "0",
            "flags": 0,
            "deaf": False,
            "mute": False,
        },
        "app_permissions": "0",
        "locale": "en-US",
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": {"0": str(GUILD)},
        "attachment_size_limit": 1,
        "context": 0,
        "data": {"id": "1", "name": "imagine", "type": 1, "options": []},
    }
    return discord.Interaction(data=cast("Any", payload), state=app.bot._connection)
