"""One row for each fault the sandbox can make with a submission or with the pictures' links.

Those that concern the whole account, and so every job, are in `test_gate.py`; those that only a
deadline of ours ends, in `test_deadlines.py`.
"""

from __future__ import annotations

import functools
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from bot.sandbox import Fault, SandboxServer, SandboxSettings
from bot.sandbox.faults import RULES
from bot.sandbox.faults import Stage as Acts
from tests.factories.pictures import noise
from tests.hostile.rows import End, Outcome, Table, drawn, failed, finish, running
from tests.hostile.stage import Stage, open_stage, short_pauses
from tests.hostile.test_deadlines import DEADLINES

pytestmark = pytest.mark.asyncio(loop_scope="module")

UNREACHABLE = "could not be reached"
LOST = failed(UNREACHABLE, submissions=2)
OUT_OF_ORDER = failed(UNREACHABLE, submissions=6)
TWICE_FAILED = failed("tried twice and failed", submissions=2)
NO_PICTURE = failed("the finished picture could not be fetched")
NO_LINK = failed("says that the picture is done but not where it is")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A fault, how often it strikes and how strongly, and the end."""

    fault: Fault | None
    end: End
    times: int | None = None
    seconds: float | None = None
    count: int | None = None
    samples: int = 1


def always(fault: Fault, end: End, **strength: float) -> Row:
    return Row(fault=fault, end=end, **strength)  # pyright: ignore[reportArgumentType]


def once(fault: Fault, end: End, **strength: float) -> Row:
    return Row(fault=fault, end=end, times=1, **strength)  # pyright: ignore[reportArgumentType]


ROWS: dict[str, Row] = {
    "nothing wrong": Row(fault=None, end=drawn(pictures=2), samples=2),
    "failed": always(Fault.FAILED, TWICE_FAILED),
    "failed once": once(Fault.FAILED, drawn(submissions=2)),
    "empty message": always(Fault.EMPTY_MESSAGE, TWICE_FAILED),
    "missing status": always(Fault.MISSING_STATUS, OUT_OF_ORDER),
    "unknown status": always(Fault.UNKNOWN_STATUS, LOST),
    "unknown status once": once(Fault.UNKNOWN_STATUS, drawn(submissions=2)),
    "model not found": always(Fault.MODEL_NOT_FOUND, failed("does not have this model")),
    "validation": always(Fault.VALIDATION, failed("may not be greater than 12 characters")),
    "HTML with 502": always(Fault.HTML_502, LOST),
    "HTML with 502 once": once(Fault.HTML_502, drawn(submissions=2)),
    "HTML with 200": always(Fault.HTML_200, LOST),
    "invalid JSON": always(Fault.INVALID_JSON, LOST),
    "redirect": always(Fault.REDIRECT, OUT_OF_ORDER),
    "dropped before it was taken": always(Fault.DROP_BEFORE, LOST),
    "dropped before, once": once(Fault.DROP_BEFORE, drawn(submissions=2)),
    "dropped after it was taken": always(Fault.DROP_AFTER, LOST),
    "dropped after, once": once(Fault.DROP_AFTER, drawn(submissions=2)),
    "slow, but in time": always(Fault.SLOW, drawn(), seconds=1),
    "success, links later": always(Fault.SUCCESS_LATE_OUTPUT, drawn()),
    "output is a text": always(Fault.OUTPUT_STRING, drawn()),
    "wrong types": always(Fault.WRONG_TYPES, LOST),
    "wrong types once": once(Fault.WRONG_TYPES, drawn(submissions=2)),
    "wrong encoding": always(Fault.WRONG_ENCODING, drawn()),
    "a reply of 50 MB": always(Fault.HUGE_BODY, LOST),
    "fetch fails twice": always(Fault.FETCH_FAILED, TWICE_FAILED),
    "fetch fails once": once(Fault.FETCH_FAILED, drawn(submissions=2)),
    "success without any output": always(Fault.SUCCESS_EMPTY_OUTPUT, NO_LINK),
    "censored": always(Fault.CENSORED, drawn()),
    "flagged": always(Fault.NSFW_FLAG, drawn()),
    "link 404 for a while": always(Fault.LINK_404, drawn()),
    "link 404 for good": always(Fault.LINK_404, NO_PICTURE, count=1000),
    "link 403": always(Fault.LINK_403, NO_PICTURE),
    "link lies about its type": always(Fault.LINK_LIES_TYPE, drawn()),
    "link is no picture": always(Fault.LINK_NOT_IMAGE, NO_PICTURE),
    "link gives half a picture": always(Fault.LINK_TRUNCATED, NO_PICTURE),
    "link is cut": always(Fault.LINK_CUT, NO_PICTURE),
    "link is a bomb": always(Fault.LINK_BOMB, NO_PICTURE),
    "link is huge": always(Fault.LINK_HUGE, NO_PICTURE, count=30),
    "link moved": always(Fault.LINK_MOVED, drawn()),
    "link moves into a private network": always(Fault.LINK_REDIRECT, NO_PICTURE),
    "link is in a private network": always(Fault.LINK_PRIVATE, NO_PICTURE),
    "link is a file": always(Fault.LINK_FILE, NO_LINK),
}

COMMANDS = ("imagine", "remix", "inpaint")
"""Each has an endpoint of its own, and all that goes wrong there goes wrong alike."""

PICTURE = noise(256)

ACCOUNT_WIDE = {
    Fault.FAILED_BURST,
    Fault.RATE_LIMIT,
    Fault.MONTHLY_LIMIT,
    Fault.NO_CREDIT,
    Fault.INVALID_KEY,
}


async def run(stage: Stage, number: int, row: Row, command: str) -> Outcome:
    place, prompt = await stage.place(), f"a lighthouse, number {number}, of {command}."
    if row.fault is not None:
        stage.sandbox.script(
            prompt, row.fault, times=row.times, seconds=row.seconds, count=row.count
        )
    options: dict[str, Any] = {"samples": row.samples}
    if command != "imagine":
        options["image"] = await stage.discord.upload("fox.png", PICTURE)
    if command == "inpaint":
        options["area"] = "left"
    job_id = await stage.ask(place.where, prompt, command, **options)
    return await finish(stage, place, job_id, prompt)


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["v4", "v6"])
async def table(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Table]:
    """All rows at once, in each of the vendor's dialects."""
    settings = SandboxSettings(cheap_pictures=True, hold_seconds=2.0)
    data_dir = tmp_path_factory.mktemp("faults")
    with short_pauses():
        async with (
            SandboxServer(settings) as api,
            open_stage(api, data_dir, api_dialect=request.param) as stage,
            running(
                {
                    f"{command}: {name}": functools.partial(run, stage, number, row, command)
                    for command in COMMANDS
                    for number, (name, row) in enumerate(ROWS.items())
                }
            ) as started,
        ):
            yield started
            assert not [r for r in api.requests if r.path == "/elsewhere"], "a POST was sent on"
            assert all(f"/{request.param}/" in submit.path for submit in api.submits)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", ROWS)
async def test_fault(table: Table, command: str, name: str) -> None:
    (await table.outcome(f"{command}: {name}")).check(ROWS[name].end)


async def test_every_fault_of_one_submission_has_a_row() -> None:
    own = {fault for fault, rule in RULES.items() if rule.stage is not Acts.WEBHOOK} - ACCOUNT_WIDE
    assert own == {row.fault for row in ROWS.values()} - {None} | DEADLINES
