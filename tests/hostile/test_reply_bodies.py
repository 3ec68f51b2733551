"""One row for each body of the contract's section 4, of both eras, and for bodies of no era."""

from __future__ import annotations

import functools
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from tests.hostile.rows import End, Outcome, Table, drawn, failed, finish, running
from tests.hostile.scripted_api import (
    DROPPED,
    Answer,
    Script,
    picture,
    processing,
    scripted_api,
    success,
)
from tests.hostile.stage import Stage, open_stage, short_pauses

pytestmark = pytest.mark.asyncio(loop_scope="module")

TWICE_FAILED = failed("tried twice and failed", submissions=2)
NOT_ACCEPTED = "does not accept these options"
NO_MODEL = failed("does not have this model")
UNREACHABLE = "could not be reached"
LOST = failed(UNREACHABLE, submissions=2)
"""The job may have been taken: one more submission after the wait, then words."""
OUT_OF_ORDER = failed(UNREACHABLE, submissions=6)
"""Surely not taken, so tried with growing pauses."""


def says(status: int = 200, **body: object) -> Script:
    return Script(submits=(Answer({"status": "error", **body}, status),))


def said(words: str, submissions: int = 1) -> End:
    """Refused, and the service's words are repeated."""
    return failed(words, submissions=submissions)


def replies(*answers: Answer) -> Script:
    return Script(submits=answers)


def fetches(*answers: Answer, first: Answer | None = None) -> Script:
    return Script(submits=(first or processing(),), fetches=answers)


def raw(body: bytes, status: int = 200, content_type: str = "application/json") -> Script:
    return replies(Answer(body, status, content_type))


META = {"prompt": " words", "W": 512, "H": 512, "seed": 3292243727, "steps": 20, "scheduler": "X"}
PAGE = b"<!DOCTYPE html><html><title>Just a moment...</title></html>"
FETCHED = success()
PENDING = Answer({"status": "processing", "messege": "Request processing", "output": ""})
FAILED_REPLY = Answer({"status": "failed", "id": "", "messege": "Failed, Try Again", "output": ""})

ROWS: dict[str, tuple[Script, End]] = {
    # 4.1 success
    "success with meta": (replies(success(meta=META, generationTime=14.0)), drawn("3292243727")),
    "success, id as text": (replies(success(id="77")), drawn()),
    "success, output one address": (replies(success(output=picture())), drawn()),
    "success, output an object": (replies(success(output={"0": picture()})), drawn()),
    "success, escaped slashes": (
        raw(b'{"status":"success","id":1,"output":["%ROOT%\\/pictures\\/fine.png"]}'),
        drawn(),
    ),
    "success, meta is text": (replies(success(meta="none")), drawn()),
    "success, newer fields": (
        replies(success(proxy_links=[], nsfw_content_detected=False, tip="t", webhook_status="")),
        drawn(),
    ),
    "success without output, links by fetch": (
        fetches(FETCHED, first=success(output=[])),
        drawn(),
    ),
    "success without output, for ever": (
        fetches(success(output=[]), first=success(output=[])),
        failed("says that the picture is done but not where it is"),
    ),
    "success without output, in turn with processing": (
        fetches(*[success(output=[]), PENDING] * 3, FETCHED),
        drawn(),
    ),
    "success without output and id": (
        replies(Answer({"status": "success", "output": []})),
        LOST,
    ),
    "one of three links works": (
        replies(success("fine.png", "forbidden.png", "forbidden-too.png")),
        drawn("1 of 3 pictures arrived"),
    ),
    "two of three links work, one is private": (
        replies(
            success(output=[picture("fine-1.png"), picture("fine-2.png"), "http://10.0.0.1/a.png"])
        ),
        drawn("2 of 3 pictures arrived", pictures=2),
    ),
    "none of three links works": (
        replies(success("no-1.png", "no-2.png", "no-3.png")),
        failed("could not be fetched"),
    ),
    # 4.2 processing
    "processing, then fetched": (fetches(PENDING, FETCHED), drawn()),
    "processing, older shape": (
        fetches(FETCHED, first=processing(tip="for faster speed", eta=2.4e-3)),
        drawn(),
    ),
    "processing, output is text": (fetches(FETCHED, first=processing(output="")), drawn()),
    "processing, id only in the address": (
        fetches(FETCHED, first=processing(id=None, fetch_result="%ROOT%/fetch/9000")),
        drawn(),
    ),
    "processing, future links are not output": (
        fetches(PENDING, FETCHED, first=processing(future_links=[picture("not-yet.png")])),
        drawn(),
    ),
    "processing, eta is nonsense": (fetches(FETCHED, first=processing(eta={"in": 3})), drawn()),
    "processing without any id": (replies(processing(id="")), LOST),
    # 4.3 fetch
    "fetch without meta": (
        fetches(Answer({"status": "success", "id": "%ID%", "output": [picture()]})),
        drawn(),
    ),
    "fetch says failed, then again": (
        Script(
            submits=(processing(), success()),
            fetches=(FAILED_REPLY,),
        ),
        drawn(submissions=2),
    ),
    "fetch says failed twice": (fetches(FAILED_REPLY), TWICE_FAILED),
    "fetch knows no such job": (
        fetches(Answer({"status": "error", "message": "Request id not found"})),
        TWICE_FAILED,
    ),
    "fetch is HTML for a while": (
        fetches(Answer(PAGE, 502, "text/html"), Answer(PAGE, 200, "text/html"), FETCHED),
        drawn(),
    ),
    "fetch drops for a while": (fetches(DROPPED, DROPPED, FETCHED), drawn()),
    "fetch is busy for a while": (
        fetches(Answer({"status": "error", "message": "Rate limit exceeded"}), FETCHED),
        drawn(),
    ),
    # 4.4 errors, as they were in 2023
    "failed": (replies(FAILED_REPLY), TWICE_FAILED),
    "failed, then drawn": (replies(FAILED_REPLY, success()), drawn(submissions=2)),
    "failed with message": (
        replies(Answer({"status": "failed", "message": "Failed, Try Again", "output": ""})),
        TWICE_FAILED,
    ),
    "model not found": (says(messege="Model not found"), NO_MODEL),
    "model id not found": (says(message="Model id not found"), NO_MODEL),
    "empty error": (says(messege=""), TWICE_FAILED),
    "error without message": (says(), TWICE_FAILED),
    "validation as a dict": (
        says(message={"prompt": ["The prompt field is required."]}),
        said("The prompt field is required"),
    ),
    "validation in messege": (
        says(messege={"samples": ["The samples must be at most 4."]}),
        said("samples must be at most 4"),
    ),
    "validation as a list": (says(message=["Too odd", "Too long"]), said("Too odd; Too long")),
    "no status, only words": (replies(Answer({"message": "Server Error"})), OUT_OF_ORDER),
    "no status, but links": (
        replies(Answer({"id": "%ID%", "output": [picture()]})),
        drawn(),
    ),
    "unknown status": (replies(Answer({"status": "deploying_gpu", "logs": "wait"})), LOST),
    # 4.4 errors, in the style of 2026 with real codes
    "prompt is required, 400": (says(400, message="prompt is required"), said(NOT_ACCEPTED)),
    "model not found, 404": (says(404, message="Model not found: foo"), NO_MODEL),
    "no picture at the address, 400": (
        says(400, message="Unable to fetch image from provided URL"),
        said("Unable to fetch image"),
    ),
    "width, 400": (says(400, message="width must be between 256 and 1024"), said("width must be")),
    "height, 400": (says(400, message="height must be divisible by 8"), said("divisible by 8")),
    "samples, 400": (says(400, message="samples must be between 1 and 4"), said("samples must")),
    "guidance, 400": (
        says(400, message="guidance_scale must be between 1 and 20"),
        said("must be between 1 and 20"),
    ),
    "internal error, 500": (
        says(500, message="Internal server error. Please try again."),
        OUT_OF_ORDER,
    ),
    "unavailable, 503": (
        says(503, message="Service temporarily unavailable. Please try again later."),
        OUT_OF_ORDER,
    ),
    "unavailable, then drawn": (
        replies(Answer({"status": "error", "message": "under maintenance"}, 503), success()),
        drawn(submissions=2),
    ),
    # 4.5 a picture that was replaced
    "flagged": (replies(success(nsfw_content_detected=True)), drawn()),
    # bodies of no era
    "HTML with 200": (raw(PAGE, 200, "text/html"), LOST),
    "HTML with 502": (raw(PAGE, 502, "text/html"), LOST),
    "HTML with 403": (raw(PAGE, 403, "text/html"), OUT_OF_ORDER),
    "an empty body": (raw(b""), LOST),
    "JSON cut off": (raw(b'{"status":"success","id":134415'), LOST),
    "a JSON list": (raw(b'["success"]'), LOST),
    "a JSON null": (raw(b"null"), LOST),
    "deeply nested JSON": (raw(b"[" * 100_000), LOST),
    "every type wrong": (
        replies(Answer({"status": 3, "id": [], "output": 7, "meta": [], "message": 4.5})),
        LOST,
    ),
    "Latin-1": (
        raw(
            b'{"status":"success","id":1,"tip":"d\xe9j\xe0","output":["%ROOT%/pictures/fine.png"]}'
        ),
        drawn(),
    ),
    "UTF-16": (
        replies(replace(success(), encoding="utf-16-le")),
        drawn(),
    ),
    "a byte order mark": (
        raw(b'\xef\xbb\xbf{"status":"success","id":1,"output":["%ROOT%/pictures/fine.png"]}'),
        drawn(),
    ),
    "served as text": (
        replies(
            Answer(
                {"status": "success", "id": "%ID%", "output": [picture()]},
                content_type="text/plain",
            )
        ),
        drawn(),
    ),
    "a redirect": (replies(Answer(b"", 307, headers={"Location": "/elsewhere"})), OUT_OF_ORDER),
    "a key in the words": (
        says(message="bad option in {key: sandbox-key}"),
        said("bad option"),
    ),
    "markdown and a mention in the words": (
        says(message="@everyone **odd** option"),
        said("option"),
    ),
}


async def run(stage: Stage, number: int, name: str) -> Outcome:
    place, prompt = await stage.place(), f"a fox, number {number}"
    stage.scripted.scripts[prompt] = ROWS[name][0]
    samples = 3 if "three links" in name else 1
    job_id = await stage.ask(place.where, prompt, samples=samples)
    return await finish(stage, place, job_id, prompt)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def table(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Table]:
    data_dir: Path = tmp_path_factory.mktemp("replies")
    with short_pauses():
        async with (
            scripted_api() as api,
            open_stage(api, data_dir) as stage,
            running(
                {
                    name: functools.partial(run, stage, number, name)
                    for number, name in enumerate(ROWS)
                }
            ) as started,
        ):
            yield started


@pytest.mark.parametrize("name", ROWS)
async def test_reply(table: Table, name: str) -> None:
    outcome = await table.outcome(name)
    outcome.check(ROWS[name][1])
    assert "sandbox-key" not in outcome.shown[0].content
    assert "@everyone" not in outcome.shown[0].content
