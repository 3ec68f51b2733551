"""Webhook deliveries, section 7, and their faults."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.loop_time import LoopTime
from tests.integration.sandbox.conftest import Client, Opener, WebhookReceiver


async def run(api: Client, receiver: WebhookReceiver, fault: str = "", **fields: Any) -> list[Any]:
    """Submit one job with a webhook and return everything that was posted."""
    directive = f"[sandbox fault={fault}]" if fault else ""
    await api.submit(f"a fox {directive}", webhook=receiver.url, **fields)
    await api.server.until_idle()
    return receiver.received


@pytest.mark.parametrize("track_id", ["1186", 1186, None, "null"])
async def test_the_result_is_posted_with_the_track_id_verbatim(
    api: Client, receiver: WebhookReceiver, track_id: object
) -> None:
    (posted,) = await run(api, receiver, track_id=track_id)
    assert set(posted) == {"status", "id", "output", "track_id", "meta", "generationTime"}
    assert posted["status"] == "success"
    assert posted["track_id"] == track_id
    assert posted["output"] == api.server.jobs[0].links
    assert "track_id" not in posted["meta"]


async def test_a_queued_job_posts_when_it_ends(
    open_sandbox: Opener, receiver: WebhookReceiver
) -> None:
    api = await open_sandbox(immediate_queueing=True)
    (posted,) = await run(api, receiver)
    assert posted["status"] == "success"


async def test_a_synchronous_success_may_be_silent(
    open_sandbox: Opener, receiver: WebhookReceiver
) -> None:
    api = await open_sandbox(webhook_on_sync_success=False)
    assert await run(api, receiver) == []


async def test_a_failed_job_posts_a_failure_without_meta(
    api: Client, receiver: WebhookReceiver
) -> None:
    (posted,) = await run(api, receiver, "fetch_failed", track_id="17")
    assert posted["status"] == "failed"
    assert posted["id"] == str(api.server.jobs[0].id)
    assert posted["track_id"] == "17"
    assert set(posted) == {"status", "id", "message", "track_id"}


async def test_duplicates_are_posted(api: Client, receiver: WebhookReceiver) -> None:
    first, second = await run(api, receiver, "webhook_duplicate")
    assert first == second


async def test_an_early_delivery_is_there_before_the_reply(
    api: Client, receiver: WebhookReceiver
) -> None:
    await api.submit("a fox [sandbox fault=webhook_early]", webhook=receiver.url)
    assert len(receiver.received) == 1


async def test_a_late_delivery_comes_after_the_reply(
    api: Client, receiver: WebhookReceiver, loop_time: LoopTime
) -> None:
    await api.submit("a fox [sandbox fault=webhook_late seconds=5]", webhook=receiver.url)
    assert receiver.received == []
    loop_time.leap(6)
    await api.server.until_idle()
    assert len(receiver.received) == 1


async def test_a_missing_delivery_never_comes(api: Client, receiver: WebhookReceiver) -> None:
    assert await run(api, receiver, "webhook_missing") == []


async def test_meta_may_be_missing(api: Client, receiver: WebhookReceiver) -> None:
    (posted,) = await run(api, receiver, "webhook_no_meta")
    assert "meta" not in posted


async def test_the_id_may_be_text(api: Client, receiver: WebhookReceiver) -> None:
    (posted,) = await run(api, receiver, "webhook_text_id")
    assert posted["id"] == str(api.server.jobs[0].id)


async def test_processing_may_be_posted_first(api: Client, receiver: WebhookReceiver) -> None:
    posted = await run(api, receiver, "webhook_processing_first")
    assert [body["status"] for body in posted] == ["processing", "success"]


async def test_the_output_may_be_empty_while_a_fetch_has_it(
    api: Client, receiver: WebhookReceiver
) -> None:
    (posted,) = await run(api, receiver, "webhook_empty_output")
    assert posted["output"] == []
    assert (await api.fetch(posted["id"])).body["output"] != []


async def test_a_receiver_that_is_away_harms_nobody(api: Client) -> None:
    reply = await api.submit(webhook="http://127.0.0.1:1/hook")
    await api.server.until_idle()
    assert reply.body["status"] == "success"
