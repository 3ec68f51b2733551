"""100 `/imagine` at once: how long members look at "Imagine is thinking…".

Ours stores the job durably and answers with its place in the queue. One bare bot answers with words
of the same length and a button, another only defers, which is the least Discord accepts. All run on
uvloop in processes of their own, each beside a Discord of its own, and take turns, so that what
else the machine does meets all alike.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from tests.benchmarks.figures import Figure, middle, percentile
from tests.benchmarks.processes import RunningBot, running_bare_bot, running_bot
from tests.discord_server import Command, RemoteDiscord

AT_ONCE = 100
ROUNDS = 7
CHANNELS = 10
SLOTS = 8
WARM_UPS = 2


@dataclass(frozen=True, slots=True)
class Round:
    """One burst's acknowledgements in milliseconds."""

    p50: float
    p95: float


async def measure() -> list[Figure]:
    """Run the bursts in turn."""
    size = {"members": AT_ONCE, "channels": CHANNELS}
    async with (
        running_bare_bot(**size) as deferring,
        running_bare_bot("--answer", **size) as answering,
        running_bot(sandbox={"draw_seconds": 0.5}, max_in_flight=SLOTS, **size) as bot,
    ):
        rounds: list[tuple[Round, Round, Round]] = []
        for _ in range(WARM_UPS + ROUNDS):
            least = await _burst(*deferring)
            bare = await _burst(*answering)
            ours = await _burst(bot.discord, list(bot.commands))
            rounds.append((least, bare, ours))
            await _until_idle(bot)
        return _figures(rounds[WARM_UPS:])


async def _burst(discord: RemoteDiscord, commands: list[Command]) -> Round:
    ids = await discord.burst(commands)
    waits = [seconds * 1000 for seconds in await discord.wait_for_acks(ids)]
    return Round(percentile(waits, 0.5), percentile(waits, 0.95))


async def _until_idle(bot: RunningBot) -> None:
    while (state := await bot.state())["in_flight"] or state["waiting"]:  # noqa: ASYNC110
        await asyncio.sleep(0.3)
    await asyncio.sleep(1.0)  # the last posts


def _figures(rounds: list[tuple[Round, Round, Round]]) -> list[Figure]:
    note = f"{AT_ONCE} at once, median of {len(rounds)} rounds"
    figures: list[Figure] = []
    for name, column in zip(
        ("bare defer", "bare answer", "our answer"), zip(*rounds, strict=True), strict=True
    ):
        p50, p95 = middle([r.p50 for r in column]), middle([r.p95 for r in column])
        figures.append(Figure(name=f"{name}, p50", value=p50, unit="ms", note=note))
        figures.append(Figure(name=f"{name}, p95", value=p95, unit="ms", note=note))
    over_answer = [ours.p95 / bare.p95 for _, bare, ours in rounds]
    over_defer = [ours.p95 / least.p95 for least, _, ours in rounds]
    return [
        *figures,
        _ratio("p95, ours over a bare answer", over_answer),
        _ratio("p95, ours over a bare defer", over_defer),
    ]


def _ratio(name: str, ratios: list[float]) -> Figure:
    return Figure(
        name=name,
        value=middle(ratios),
        unit="x",
        at_most=1.5,
        note=f"paired, from {min(ratios):.2f} to {max(ratios):.2f}",
    )
