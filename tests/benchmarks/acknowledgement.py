"""100 `/imagine` at once: how long members look at "Imagine is thinking…".

Ours stores the job durably and answers with its place in the queue; the bare bot defers. Both run
on uvloop in processes of their own, each beside a Discord of its own, and take turns, so that what
else the machine does meets both alike.
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
    sandbox = {"draw_seconds": 0.5}
    async with (
        running_bare_bot(members=AT_ONCE, channels=CHANNELS) as (
            bare,
            bare_commands,
        ),
        running_bot(
            sandbox=sandbox, members=AT_ONCE, channels=CHANNELS, max_in_flight=SLOTS
        ) as bot,
    ):
        commands = list(bot.commands)
        ours: list[Round] = []
        theirs: list[Round] = []
        for _ in range(WARM_UPS + ROUNDS):
            theirs.append(await _burst(bare, bare_commands))
            ours.append(await _burst(bot.discord, commands))
            await _until_idle(bot)
        return _figures(ours[WARM_UPS:], theirs[WARM_UPS:])


async def _burst(discord: RemoteDiscord, commands: list[Command]) -> Round:
    ids = await discord.burst(commands)
    waits = [seconds * 1000 for seconds in await discord.wait_for_acks(ids)]
    return Round(percentile(waits, 0.5), percentile(waits, 0.95))


async def _until_idle(bot: RunningBot) -> None:
    while (state := await bot.state())["in_flight"] or state["waiting"]:  # noqa: ASYNC110
        await asyncio.sleep(0.3)
    await asyncio.sleep(1.0)  # the last posts


def _figures(ours: list[Round], theirs: list[Round]) -> list[Figure]:
    note = f"{AT_ONCE} at once, median of {len(ours)} rounds"
    ratios = [mine.p95 / bare.p95 for mine, bare in zip(ours, theirs, strict=True)]
    return [
        Figure(name="bare bot, p50", value=middle([r.p50 for r in theirs]), unit="ms", note=note),
        Figure(name="bare bot, p95", value=middle([r.p95 for r in theirs]), unit="ms", note=note),
        Figure(name="our bot, p50", value=middle([r.p50 for r in ours]), unit="ms", note=note),
        Figure(name="our bot, p95", value=middle([r.p95 for r in ours]), unit="ms", note=note),
        Figure(
            name="p95, ours over bare",
            value=middle(ratios),
            unit="x",
            at_most=1.5,
            note=f"paired, from {min(ratios):.2f} to {max(ratios):.2f}",
        ),
    ]
