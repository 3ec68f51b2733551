"""Results come by webhook, whatever their order and form; forgeries change nothing."""

from __future__ import annotations

import asyncio
import json

import pytest
from yarl import URL

from bot.domain.job import JobStatus
from bot.sandbox import Fault
from tests.integration.webhooks.conftest import Stage

FORGED_LINK = "https://example.org/forged.png"


def body(**fields: object) -> bytes:
    return json.dumps({"status": "success", "output": [FORGED_LINK], **fields}).encode()


JSON = {"Content-Type": "application/json"}


async def metrics_of(stage: Stage) -> str:
    port = stage.app.settings.http_port
    async with stage.http.get(f"http://127.0.0.1:{port}/metrics") as response:
        return await response.text()


async def test_a_result_arrives_without_a_single_poll(stage: Stage) -> None:
    job = await stage.until(await stage.ask(), JobStatus.READY)
    assert len(job.output) == 1
    assert not [r for r in stage.sandbox.requests if "fetch" in r.path]


@pytest.mark.parametrize(
    "fault",
    [
        Fault.WEBHOOK_DUPLICATE,
        Fault.WEBHOOK_EARLY,
        Fault.WEBHOOK_TEXT_ID,
        Fault.WEBHOOK_NO_META,
        Fault.WEBHOOK_PROCESSING_FIRST,
        Fault.WEBHOOK_EMPTY_OUTPUT,
    ],
)
async def test_an_odd_webhook_still_makes_the_job_ready_once(stage: Stage, fault: Fault) -> None:
    stage.sandbox.script("a fox", fault)
    job_id = await stage.ask()
    job = await stage.until(job_id, JobStatus.READY)
    await stage.sandbox.until_idle()
    assert job.output
    assert job.output != (FORGED_LINK,)
    assert stage.seen[job_id].count(JobStatus.READY) == 1
    assert len(stage.sandbox.submits) == 1


async def test_a_lost_reply_is_made_good_by_the_webhook_and_not_paid_twice(stage: Stage) -> None:
    stage.sandbox.script("a fox", Fault.DROP_AFTER)
    job = await stage.until(await stage.ask(), JobStatus.READY)
    assert job.attempts == 1
    assert len(stage.sandbox.submits) == 1


async def test_a_failure_webhook_leads_to_one_resend(stage: Stage) -> None:
    stage.sandbox.script("a fox", Fault.FETCH_FAILED, times=1)
    job = await stage.until(await stage.ask(), JobStatus.READY)
    assert job.attempts == 2
    assert [r.body["seed"] for r in stage.sandbox.submits] == [7, 7]


async def test_a_wrong_token_is_told_nothing(waiting: Stage) -> None:
    job_id = await waiting.ask()
    await waiting.until(job_id, JobStatus.PROCESSING)
    address = waiting.address(job_id)
    forged = address[:-1] + ("A" if address[-1] != "A" else "B")
    assert await waiting.post(forged, data=body(track_id=str(job_id)), headers=JSON) == 404
    assert (await waiting.app.services.jobs.get(job_id)).status is JobStatus.PROCESSING


async def test_another_jobs_token_does_not_open_this_ones_address(waiting: Stage) -> None:
    one, other = await waiting.ask(), await waiting.ask()
    await waiting.until(one, JobStatus.PROCESSING)
    token = waiting.address(other).rsplit("/", 1)[1]
    base = waiting.address(one).rsplit("/", 1)[0]
    assert await waiting.post(f"{base}/{token}", data=body(), headers=JSON) == 404


async def test_a_genuine_address_with_another_jobs_body_changes_nothing(waiting: Stage) -> None:
    job_id = await waiting.ask()
    await waiting.until(job_id, JobStatus.PROCESSING)
    data = body(track_id="999")
    assert await waiting.post(waiting.address(job_id), data=data, headers=JSON) == 200
    waiting.sandbox.resume()
    job = await waiting.until(job_id, JobStatus.READY)
    assert job.output != (FORGED_LINK,)


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        pytest.param(body(padding="x" * 65_536), "application/json", id="a little too long"),
        pytest.param(body(padding="x" * 1_000_000), "application/json", id="a megabyte"),
        pytest.param(body(), "text/plain", id="text"),
        pytest.param(body(), "application/x-www-form-urlencoded", id="a form"),
        pytest.param(b"{not json", "application/json", id="broken"),
        pytest.param(b"[]", "application/json", id="a list"),
        pytest.param(b"\xff\xfe\x00", "application/json", id="bytes"),
        pytest.param(b"", "application/json", id="nothing"),
    ],
)
async def test_a_body_that_cannot_be_read_is_answered_like_any_other_and_changes_nothing(
    waiting: Stage, data: bytes, content_type: str
) -> None:
    job_id = await waiting.ask()
    await waiting.until(job_id, JobStatus.PROCESSING)
    headers = {"Content-Type": content_type}
    async with waiting.http.post(waiting.address(job_id), data=data, headers=headers) as response:
        assert (response.status, await response.read()) == (200, b"")
    assert 'deliveries_total{verdict="unreadable"} 1.0' in await metrics_of(waiting)
    waiting.sandbox.resume()
    job = await waiting.until(job_id, JobStatus.READY)
    assert job.output != (FORGED_LINK,)


async def test_a_body_that_does_not_come_whole_may_come_again(
    waiting: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.webhooks.server.READ_SECONDS", 0.05)
    url = URL(waiting.address(await waiting.ask()))
    reader, writer = await asyncio.open_connection(url.host, url.port)
    head = f"POST {url.path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    writer.write(f"{head}Content-Length: 100\r\n\r\n{{".encode())
    assert (await reader.readline()).startswith(b"HTTP/1.1 408 ")
    writer.close()
    await writer.wait_closed()


async def test_a_replay_after_the_end_is_answered_and_changes_nothing(stage: Stage) -> None:
    job_id = await stage.ask()
    before = await stage.until(job_id, JobStatus.READY)
    for _ in range(3):
        data = body(track_id=str(job_id), id=before.provider_job_id)
        assert await stage.post(stage.address(job_id), data=data, headers=JSON) == 200
    assert (await stage.app.services.jobs.get(job_id)).output == before.output


async def test_only_post_reaches_a_webhook(waiting: Stage) -> None:
    job_id = await waiting.ask()
    async with waiting.http.get(waiting.address(job_id)) as response:
        assert response.status == 405


async def test_deliveries_are_counted_by_what_became_of_them(stage: Stage) -> None:
    job_id = await stage.ask()
    await stage.until(job_id, JobStatus.READY)
    await stage.sandbox.until_idle()
    assert 'imagine_webhook_deliveries_total{verdict="applied"} 1.0' in await metrics_of(stage)
