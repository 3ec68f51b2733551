"""Errors of the contract, section 4.4, in both profiles."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bot.sandbox import Profile
from tests.integration.sandbox.conftest import Client, Opener, Reply


@pytest.mark.parametrize(
    ("data", "headers"),
    [
        (b"{not json", {"Content-Type": "application/json"}),
        (b"[1]", {"Content-Type": "application/json"}),
        (b'{"key":"sandbox-key"}', {"Content-Type": "text/plain"}),
        (b"key=sandbox-key", {"Content-Type": "application/x-www-form-urlencoded"}),
        (b'{"key":"wrong"}', {"Content-Type": "application/json"}),
        (b'{"prompt":"a fox"}', {"Content-Type": "application/json"}),
    ],
)
async def test_whatever_is_wrong_with_the_envelope_is_called_an_invalid_key(
    api: Client, data: bytes, headers: dict[str, str]
) -> None:
    url = f"{api.server.base_url}/v4/dreambooth"
    async with api.session.post(url, data=data, headers=headers) as response:
        body = json.loads(await response.read())
    assert response.status == 200
    assert (body["status"], body["message"]) == ("error", "Invalid Api Key")
    assert "jsonlint" in body["tip"]


async def test_any_key_will_do_when_none_is_set(open_sandbox: Opener) -> None:
    api = await open_sandbox(api_key=None)
    assert (await api.submit(key="whatever")).body["status"] == "success"
    assert (await api.submit(key="")).body["message"] == "Invalid Api Key"


async def test_broken_limits_come_as_a_dict_of_lists(api: Client) -> None:
    reply = await api.submit("", width=2048)
    assert reply.status == 200
    assert reply.body == {
        "status": "error",
        "message": {
            "prompt": ["The prompt field is required."],
            "width": ["The width may not be greater than 1024."],
        },
    }


async def test_a_missing_model_has_its_own_words(api: Client) -> None:
    reply = await api.submit(model_id=None)
    assert reply.body == {"status": "error", "message": "Model id not found"}


async def test_an_unknown_model_is_told_in_the_vendors_spelling(api: Client) -> None:
    reply = await api.submit(model_id="your_model_id")
    assert reply.body == {"status": "error", "messege": "Model not found"}


async def test_own_models_are_taken_though_unlisted(api: Client) -> None:
    assert (await api.submit(model_id="my-trained-model")).body["status"] == "success"


async def test_the_newer_profile_uses_real_codes_and_one_spelling(open_sandbox: Opener) -> None:
    api = await open_sandbox(profile=Profile.V6_2026, queue_limit=0)

    async def told(**fields: Any) -> tuple[int, str]:
        reply: Reply = await api.submit(**fields)
        return reply.status, reply.body["message"]

    assert await told(prompt=None) == (400, "prompt is required")
    assert await told(key="wrong") == (401, "Invalid API key")
    assert await told(model_id="nope") == (400, "Model not found: nope")
    full = await api.submit()
    assert full.status == 429
    assert full.body["message"] == "Rate limit exceeded. Maximum 0 queued requests allowed."
    assert full.body["retry_after"] == 30


async def test_the_queue_limit_counts_unfinished_jobs(open_sandbox: Opener) -> None:
    api = await open_sandbox(queue_limit=2, immediate_queueing=True)
    api.server.pause()
    for i in range(2):
        assert (await api.submit(f"fox {i}")).body["status"] == "processing"
    refused = await api.submit("one too many")
    assert refused.status == 200
    assert refused.body["message"] == "Rate limit exceeded"
    api.server.resume()
    await api.server.until_idle()
    assert (await api.submit("now there is room")).body["status"] == "processing"
    assert api.server.peak_in_flight == 2


async def test_the_spam_filter_refuses_an_identical_body_still_being_drawn(
    open_sandbox: Opener,
) -> None:
    api = await open_sandbox(spam_filter_seconds=30.0)
    api.server.pause()
    first = asyncio.create_task(api.submit(seed=1, track_id="a"))
    await api.server.wait_for(lambda: api.server.in_flight == 1)
    refused = await api.submit(seed=1, track_id="a")
    assert refused.body["message"] == "Rate limit exceeded"
    assert "spam filter" in refused.body["tips"]
    other = asyncio.create_task(api.submit(seed=1, track_id="b"))
    await api.server.wait_for(lambda: api.server.in_flight == 2)
    api.server.resume()
    assert {(await job).body["status"] for job in (first, other)} == {"success"}
    assert (await api.submit(seed=1, track_id="a")).body["status"] == "success"


async def test_a_misspelt_directive_is_a_validation_error(api: Client) -> None:
    reply = await api.submit("a fox [sandbox fault=fail]")
    assert "fail" in reply.body["message"]["prompt"][0]
