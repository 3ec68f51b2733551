"""Faults that only a deadline of ours ends, each on a stage of its own.

A job's time is moved by its clock; the two time-outs of the network are short and really pass.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

from bot.domain.job import JobStatus
from bot.imageapi import ApiLimits, DownloadLimits
from bot.sandbox import Fault, SandboxServer, SandboxSettings
from tests.hostile.rows import failed, finish
from tests.hostile.stage import PATIENT, Stage, open_stage, short_pauses

DEADLINES = {Fault.NEVER_READY, Fault.SLOW, Fault.LINK_TRICKLE}
PROMPT = "a lighthouse in a hurry"


@contextlib.asynccontextmanager
async def opened(tmp_path: Path, limits: ApiLimits = PATIENT) -> AsyncGenerator[Stage]:
    settings = SandboxSettings(cheap_pictures=True)
    with short_pauses(limits):
        async with SandboxServer(settings) as api, open_stage(api, tmp_path) as stage:
            yield stage


async def test_a_job_that_is_never_done_ends_when_its_time_is_over(tmp_path: Path) -> None:
    async with opened(tmp_path) as stage:
        place = await stage.place()
        stage.sandbox.script(PROMPT, Fault.NEVER_READY)
        job_id = await stage.ask(place.where, PROMPT)
        await stage.is_status(job_id, JobStatus.PROCESSING)
        stage.clock.advance(stage.app.settings.job_timeout_seconds)
        end = failed("took too long", status=JobStatus.EXPIRED)
        (await finish(stage, place, job_id, PROMPT)).check(end)


async def test_an_api_slower_than_the_client_waits_is_asked_once_more(tmp_path: Path) -> None:
    async with opened(tmp_path, replace(PATIENT, submit_seconds=3)) as stage:
        place = await stage.place()
        stage.sandbox.script(PROMPT, Fault.SLOW, seconds=60)
        job_id = await stage.ask(place.where, PROMPT)
        outcome = await finish(stage, place, job_id, PROMPT)
    outcome.check(failed("could not be reached", submissions=2))


async def test_a_link_that_trickles_is_given_up(tmp_path: Path) -> None:
    downloads = DownloadLimits(total_seconds=0.2)
    async with opened(tmp_path, replace(PATIENT, downloads=downloads)) as stage:
        place = await stage.place()
        stage.sandbox.script(PROMPT, Fault.LINK_TRICKLE, seconds=0.5)
        job_id = await stage.ask(place.where, PROMPT)
        outcome = await finish(stage, place, job_id, PROMPT)
    outcome.check(failed("the finished picture could not be fetched"))
