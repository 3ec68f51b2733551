"""Faults that concern the whole account: everything waits once, members and owner are told."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.ids import JobId
from bot.domain.job import JobStatus
from bot.domain.outcome import EndReason
from bot.imageapi import waits
from bot.jobs import gate
from bot.jobs.gate import ProviderGate
from bot.sandbox import Fault, SandboxServer, SandboxSettings
from bot.sandbox.settings import Profile
from tests.discord_server import BOT_ID, OWNER_ID, MessageRecord, answer_with
from tests.hostile.rows import REFUNDED, Outcome, drawn, finish
from tests.hostile.stage import Place, Stage, open_stage, short_pauses
from tests.patience import PATIENCE_SECONDS

ERAS = tuple(Profile)
Asked = tuple[Place, JobId, str]


@contextlib.asynccontextmanager
async def opened(
    tmp_path: Path, era: Profile = ERAS[0], *, max_in_flight: int = 3, **changes: Any
) -> AsyncGenerator[Stage]:
    settings = SandboxSettings(profile=era, cheap_pictures=True)
    async with (
        SandboxServer(settings) as api,
        open_stage(api, tmp_path, max_in_flight=max_in_flight, **changes) as stage,
    ):
        yield stage


@pytest.fixture(autouse=True)
def pauses() -> Generator[pytest.MonkeyPatch]:
    with short_pauses() as patch:
        patch.setattr(waits, "MAX_SECONDS", 1.0)
        yield patch


async def ask(stage: Stage, prompt: str) -> Asked:
    place = await stage.place()
    job_id = await stage.ask(place.where, prompt)
    await stage.discord.wait_for_answer(job_id)
    return place, job_id, prompt


async def end_of(stage: Stage, asked: Asked) -> Outcome:
    return await finish(stage, *asked)


async def owner_mail(stage: Stage) -> list[MessageRecord]:
    return await stage.discord.messages(await stage.discord.open_dm(OWNER_ID))


async def owner_is_told(stage: Stage, times: int) -> MessageRecord:
    mail = await stage.discord.wait_for_messages(times, await stage.discord.open_dm(OWNER_ID))
    assert len(mail) == times
    return mail[-1]


async def said_in(stage: Stage, place: Place, words: str) -> None:
    """Wait until a message of a member's channel says so."""

    def look() -> bool:
        stored = stage.discord.core.messages.in_channel(place.channel_id)
        return any(words in message.record().content for message in stored)

    await stage.discord.core.changes.wait_for(look, PATIENCE_SECONDS, words)


async def until_gate(stage: Stage, condition: Callable[[ProviderGate], bool]) -> ProviderGate:
    """Wait for the gate; whatever closes it moves a job back as well."""
    gate = stage.app.machine.gate
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition(gate):
            await stage.moved()
    return gate


async def until_closed(stage: Stage) -> ProviderGate:
    return await until_gate(stage, lambda gate: gate.is_closed)


def time_runs_out(stage: Stage) -> None:
    """Let every job that waits have waited too long."""
    stage.clock.advance(stage.app.settings.job_timeout_seconds + 1)


@pytest.mark.parametrize("era", ERAS)
async def test_a_rate_limit_makes_everything_wait_once(tmp_path: Path, era: Profile) -> None:
    async with opened(tmp_path, era) as stage:
        stage.sandbox.script("the first", Fault.RATE_LIMIT, times=1)
        asked = [await ask(stage, "the first")]
        gate = await until_closed(stage)
        opens_at = time.monotonic() + (gate.opens_at_ms - stage.clock.now_ms()) / 1000
        asked += [await ask(stage, f"another, number {number}") for number in range(4)]
        ends = [await end_of(stage, each) for each in asked]
        assert len(stage.sandbox.submits) == 1 + len(asked)
        assert min(job.taken_at for job in stage.sandbox.jobs) >= opens_at - 0.01
    ends[0].check(drawn(submissions=2))
    assert ends[0].job.attempts == 1, "a submission turned away does not count"
    for end in ends[1:]:
        end.check(drawn())


@pytest.mark.parametrize(
    ("era", "fault", "reason"),
    [
        (Profile.V4_2023, Fault.MONTHLY_LIMIT, "limit exceeded"),
        (Profile.V4_2023, Fault.INVALID_KEY, "Invalid API key"),
        (Profile.V6_2026, Fault.NO_CREDIT, "credits"),
        (Profile.V6_2026, Fault.INVALID_KEY, "Invalid API key"),
    ],
)
async def test_a_suspension_ends_waiting_jobs_in_words_and_passes(
    tmp_path: Path, era: Profile, fault: Fault, reason: str, pauses: pytest.MonkeyPatch
) -> None:
    pauses.setattr(gate, "PROBE_SECONDS", 1e6)
    async with opened(tmp_path, era) as stage:
        stage.sandbox.script("", fault)
        asked = [await ask(stage, "the first")]
        await until_closed(stage)
        asked += [await ask(stage, f"another, number {number}") for number in range(4)]
        time_runs_out(stage)
        ends = [await end_of(stage, each) for each in asked]
        assert len(stage.sandbox.submits) == 1, "nobody else was sent into the wall"
        mail = await owner_is_told(stage, 1)
        assert reason.lower() in mail.content.lower()
        assert "`resume`" in mail.content
        assert "sandbox-key" not in mail.content
        _, details = stage.app.readiness()
        assert "operator" in details["submissions"]
        for end in ends:
            assert end.job.end_reason is EndReason.PAUSED_TOO_LONG
            assert end.ledger == REFUNDED
            assert "which is not your fault" in end.shown[0].content
        stage.sandbox.clear_script()
        stage.app.machine.gate.resume()
        (await end_of(stage, await ask(stage, "afterwards"))).check(drawn())
        assert len(await owner_mail(stage)) == 1


async def test_a_suspension_is_probed_and_ends_by_itself(
    tmp_path: Path, pauses: pytest.MonkeyPatch
) -> None:
    pauses.setattr(gate, "PROBE_SECONDS", 0.3)
    async with opened(tmp_path) as stage:
        stage.sandbox.script("", Fault.MONTHLY_LIMIT, times=3)
        asked = await ask(stage, "patience")
        (await end_of(stage, asked)).check(drawn(submissions=4))
        assert not stage.app.machine.gate.is_suspended
        await owner_is_told(stage, 1)
        stage.sandbox.script("once more", Fault.NO_CREDIT, times=1)
        await end_of(stage, await ask(stage, "once more"))
        await owner_is_told(stage, 2)


async def test_who_runs_out_of_time_at_a_probe_is_not_told_it_was_slow(
    tmp_path: Path, pauses: pytest.MonkeyPatch
) -> None:
    pauses.setattr(gate, "PROBE_SECONDS", 0.01)
    async with opened(tmp_path) as stage:
        stage.sandbox.script("", Fault.INVALID_KEY)
        asked = [await ask(stage, f"number {number}") for number in range(3)]
        await until_gate(stage, lambda gate: gate.is_suspended)
        time_runs_out(stage)
        for each in asked:
            assert (await end_of(stage, each)).job.end_reason is EndReason.PAUSED_TOO_LONG


async def test_the_owner_resumes_and_nobody_else(tmp_path: Path) -> None:
    async with opened(tmp_path) as stage:
        stage.sandbox.script("", Fault.INVALID_KEY, times=1)
        place, job_id, prompt = await ask(stage, "patience")
        await owner_is_told(stage, 1)
        await stage.discord.say(f"<@{BOT_ID}> resume", user_id=place.user_id)
        await stage.discord.say(f"<@{BOT_ID}> status", user_id=OWNER_ID)
        status = (await stage.discord.wait_for_messages(3))[-1]
        assert "paused" in status.content
        await stage.discord.say(f"<@{BOT_ID}> resume", user_id=OWNER_ID)
        (await finish(stage, place, job_id, prompt)).check(drawn(submissions=2))


@pytest.mark.parametrize("direct", ["closed", "out of order"])
async def test_an_owner_who_cannot_be_reached_holds_nothing_up(
    tmp_path: Path, direct: str, pauses: pytest.MonkeyPatch
) -> None:
    pauses.setattr(gate, "PROBE_SECONDS", 0.3)
    async with opened(tmp_path) as stage:
        if direct == "closed":
            await stage.discord.set_accepts_dms(OWNER_ID, accepts=False)
        else:
            await stage.discord.inject("GET", "/oauth2/applications/@me", answer_with(503))
        stage.sandbox.script("", Fault.INVALID_KEY, times=1)
        (await end_of(stage, await ask(stage, "patience"))).check(drawn(submissions=2))
        assert await owner_mail(stage) == []


async def test_whoever_waits_learns_of_the_pause(tmp_path: Path) -> None:
    async with opened(tmp_path) as stage:
        stage.sandbox.script("", Fault.INVALID_KEY, times=1)
        first = await ask(stage, "the first")
        await until_closed(stage)
        late = await ask(stage, "the second")
        job = await stage.until(late[1], lambda job: job.acknowledgement_id is not None)
        said = await stage.discord.message(job.acknowledgement_id or 0)
        assert "not your fault" in said.content
        for place, *_ in (first, late):
            await said_in(stage, place, "not your fault")
        stage.app.machine.gate.resume()
        for asked in (first, late):
            await end_of(stage, asked)


async def test_a_burst_of_failures_trips_the_breaker_where_all_can_see(
    tmp_path: Path, pauses: pytest.MonkeyPatch
) -> None:
    pauses.setattr(gate, "BREAKER_SECONDS", (1e6,))
    async with opened(tmp_path, max_in_flight=5) as stage:
        stage.sandbox.script("burst", Fault.FAILED_BURST, times=1, count=5)
        asked = [await ask(stage, f"burst, number {number}") for number in range(5)]
        await until_closed(stage)
        _, details = stage.app.readiness()
        assert details["submissions"] == "the image service keeps failing"
        assert b"imagine_paused 1.0" in stage.app.metrics.render()
        last = await ask(stage, "afterwards")
        await said_in(stage, last[0], "not your fault")
        assert stage.submitted("afterwards") == 0
        stage.app.machine.gate.resume()
        (await end_of(stage, last)).check(drawn())
        for each in asked:  # one of them may have met the burst twice
            end = await end_of(stage, each)
            assert end.job.status in {JobStatus.DELIVERED, JobStatus.FAILED}
            assert len(end.shown) == 1
        assert b"imagine_paused 0.0" in stage.app.metrics.render()
