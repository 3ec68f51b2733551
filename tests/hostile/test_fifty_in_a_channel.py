"""Fifty jobs in one channel: their acknowledgements are kept true within Discord's limits.

The rounds are the test's: each stands for three seconds, so that two make a window of Discord's.
"""

from __future__ import annotations

import asyncio
import itertools
from pathlib import Path

import pytest

from bot.domain.ids import JobId
from bot.jobs import progress
from bot.jobs.progress import ROUND_SECONDS
from bot.sandbox import SandboxServer, SandboxSettings
from tests.discord_server import Command, Where
from tests.discord_server.ratelimits import LIMITS
from tests.hostile.stage import Stage, open_stage

JOBS = 50
SLOTS = 5
EDIT = "/channels/{channel_id}/messages/{message_id}"
HELD = SandboxSettings(cheap_pictures=True, immediate_queueing=True, eta_seconds=0)


async def edits_in_a_round(stage: Stage) -> list[str]:
    """Let a round's time pass, then hold it; return what the edited messages say now."""
    stage.clock.advance(ROUND_SECONDS)
    await stage.discord.forget_requests()
    await stage.app.progress.round()
    edits = [r for r in await stage.discord.requests("PATCH") if r.route == EDIT]
    assert all(edit.status == 200 for edit in edits)
    return [edit.body["content"] for edit in edits]


def assert_within_limits(rounds: list[list[str]]) -> None:
    """No window of five seconds holds more edits than Discord's bucket: it spans two rounds."""
    allowed = LIMITS["PATCH", EDIT].requests
    assert max(len(a) + len(b) for a, b in itertools.pairwise(rounds)) <= allowed


@pytest.fixture
def rounds_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "ROUND_SECONDS", 1e6)


@pytest.mark.usefixtures("rounds_by_hand")
async def test_fifty_acknowledgements_stay_true_and_all_shrink(tmp_path: Path) -> None:
    async with (
        SandboxServer(HELD) as api,
        open_stage(api, tmp_path, max_in_flight=SLOTS) as stage,
    ):
        api.pause()
        jobs = await fifty(stage, (await stage.place()).where)

        waiting = [await edits_in_a_round(stage) for _ in range(2 * JOBS)]
        assert_within_limits(waiting)
        said = [text.splitlines()[-1] for each in waiting for text in each]
        assert {text.split("**")[1] for text in said} == {"Waiting", "Drawing"}
        assert "🖌️ **Drawing** ▰▰▰▰▱ · taking longer than usual" in said
        assert not any("▰▰▰▰▰" in text for text in said)

        api.resume()
        for job_id in jobs:
            await stage.told(job_id)
        ending = [await edits_in_a_round(stage) for _ in range(JOBS)]
        assert_within_limits(ending)
        assert sum(text.startswith("-# ✅ Done") for each in ending for text in each) == JOBS
        assert await all_shrunk(stage, jobs)
        assert await edits_in_a_round(stage) == []


async def fifty(stage: Stage, where: Where) -> list[JobId]:
    """Ask fifty times at once; return the jobs once the first are at the API."""
    commands = [
        Command(name="imagine", options={"prompt": f"fox {n}"}, where=where) for n in range(JOBS)
    ]
    jobs = [JobId(each) for each in await stage.discord.burst(commands)]
    for job_id in jobs:
        await stage.until(job_id, lambda job: job.acknowledgement_id is not None)
    async with asyncio.timeout(60):
        while len(stage.sandbox.submits) < SLOTS:
            await stage.moved()
    return jobs


async def all_shrunk(stage: Stage, jobs: list[JobId]) -> bool:
    for job_id in jobs:
        job = await stage.app.stores.jobs.get(job_id)
        assert job is not None
        message = await stage.discord.message(job.acknowledgement_id or 0)
        if not message.content.startswith("-# ✅ Done") or message.custom_ids:
            return False
    return True
