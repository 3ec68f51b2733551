"""Every fault that can be injected does what the table says."""

from __future__ import annotations

import io
import json
from typing import Any

import aiohttp
import pytest
from PIL import Image, ImageStat

from bot.sandbox import Fault
from bot.sandbox.links import FILE_ADDRESS, PRIVATE_ADDRESS
from tests.integration.sandbox.conftest import Client, Opener

FAILED = {"status": "failed", "id": "", "messege": "Failed, Try Again", "output": ""}


@pytest.mark.parametrize(
    ("fault", "body"),
    [
        ("failed", FAILED),
        ("failed_burst", FAILED),
        ("empty_message", {"status": "error", "messege": ""}),
        ("missing_status", {"message": "Server Error"}),
        ("model_not_found", {"status": "error", "messege": "Model not found"}),
    ],
)
async def test_a_refusal_has_the_documented_body_and_takes_no_job(
    api: Client, fault: str, body: dict[str, Any]
) -> None:
    reply = await api.submit(f"a fox [sandbox fault={fault} times=1]")
    assert (reply.status, reply.body) == (200, body)
    assert api.server.jobs == []


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("rate_limit", "Rate limit exceeded"),
        ("monthly_limit", "Your monthly limit exceeded"),
        ("no_credit", "Insufficient credits"),
        ("invalid_key", "Invalid Api Key"),
        ("validation", "prompt"),
    ],
)
async def test_a_refusal_says_why(api: Client, fault: str, words: str) -> None:
    reply = await api.submit(f"a fox [sandbox fault={fault}]")
    assert reply.body["status"] == "error"
    assert words in str(reply.body["message"])
    assert api.server.jobs == []


async def test_a_status_may_be_unknown(api: Client) -> None:
    assert (await api.submit("[sandbox fault=unknown_status] x")).body["status"] == "deploying_gpu"


async def test_a_scripted_fault_hits_as_often_as_told(api: Client) -> None:
    api.server.script("fox", Fault.FAILED, times=1)
    assert (await api.submit("a fox")).body["status"] == "failed"
    assert (await api.submit("a fox")).body["status"] == "success"
    api.server.script("fox", Fault.FAILED)
    api.server.clear_script()
    assert (await api.submit("a fox")).body["status"] == "success"


async def raw(api: Client, prompt: str) -> tuple[int, str, bytes]:
    body = {"key": "sandbox-key", "model_id": "midjourney", "prompt": prompt}
    url = f"{api.server.base_url}/v4/dreambooth"
    async with api.session.post(url, json=body, allow_redirects=False) as response:
        return response.status, response.content_type, await response.read()


async def test_gateways_answer_in_html(api: Client) -> None:
    assert (await raw(api, "[sandbox fault=html_502] x"))[:2] == (502, "text/html")
    assert (await raw(api, "[sandbox fault=html_200] x"))[:2] == (200, "text/html")


async def test_json_may_be_cut(api: Client) -> None:
    _, _, data = await raw(api, "[sandbox fault=invalid_json] x")
    with pytest.raises(ValueError, match=r".+"):
        json.loads(data)


async def test_a_followed_redirect_is_recorded_with_what_it_carried(api: Client) -> None:
    assert (await raw(api, "[sandbox fault=redirect] x"))[0] == 307
    assert [request.path for request in api.server.requests] == ["/api/v4/dreambooth"]
    body = {"key": "sandbox-key", "model_id": "midjourney", "prompt": "[sandbox fault=redirect] x"}
    async with api.session.post(f"{api.server.base_url}/v4/dreambooth", json=body):
        pass
    assert api.server.requests[-1].path == "/elsewhere"
    assert api.server.requests[-1].body["key"] == "sandbox-key"


@pytest.mark.parametrize(("fault", "jobs"), [("drop_before", 0), ("drop_after", 1)])
async def test_a_dropped_connection_leaves_the_right_number_of_jobs(
    api: Client, fault: str, jobs: int
) -> None:
    with pytest.raises(aiohttp.ClientError):
        await raw(api, f"[sandbox fault={fault}] x")
    await api.server.until_idle()
    assert len(api.server.jobs) == jobs


async def test_a_slow_reply_comes_after_the_job_ended(api: Client) -> None:
    reply = await api.submit("[sandbox fault=slow seconds=0.05] x")
    assert reply.body["status"] == "success"


async def test_output_may_come_late_or_as_text(api: Client) -> None:
    late = (await api.submit("[sandbox fault=success_late_output] x")).body
    assert late["output"] == []
    assert len((await api.fetch(late["id"])).body["output"]) == 1
    text = (await api.submit("[sandbox fault=output_string] x")).body
    assert text["output"].startswith("http")


async def test_output_may_stay_empty(api: Client) -> None:
    body = (await api.submit("[sandbox fault=success_empty_output] x")).body
    assert (body["status"], body["output"]) == ("success", [])
    assert (await api.fetch(body["id"])).body["output"] == []


async def test_types_encodings_and_sizes_may_be_wrong(api: Client) -> None:
    wrong = (await api.submit("[sandbox fault=wrong_types] x")).body
    assert isinstance(wrong["id"], dict)
    _, _, data = await raw(api, "[sandbox fault=wrong_encoding] x")
    with pytest.raises(UnicodeDecodeError):
        data.decode()
    _, _, huge = await raw(api, "[sandbox fault=huge_body count=3] x")
    assert len(huge) > 3 * 1024 * 1024


async def test_a_job_may_never_be_ready(api: Client) -> None:
    body = (await api.submit("[sandbox fault=never_ready] x")).body
    assert body["status"] == "processing"
    await api.server.until_idle()
    assert (await api.fetch(body["id"])).body["status"] == "processing"
    assert api.server.in_flight == 1


async def test_a_job_may_fail_after_it_was_queued(api: Client) -> None:
    body = (await api.submit("[sandbox fault=fetch_failed] x")).body
    assert body["status"] == "processing"
    await api.server.until_idle()
    assert (await api.fetch(body["id"])).body == FAILED
    assert api.server.in_flight == 0


async def test_a_censored_picture_is_blank_and_a_flag_is_told(api: Client) -> None:
    censored = (await api.submit("[sandbox fault=censored] x")).body
    _, _, data = await api.get(censored["output"][0])
    extrema = ImageStat.Stat(Image.open(io.BytesIO(data))).extrema
    assert all(low == high for low, high in extrema)
    assert "nsfw_content_detected" not in censored
    flagged = (await api.submit("[sandbox fault=nsfw_flag] x")).body
    assert flagged["nsfw_content_detected"] is True


async def link(api: Client, fault: str) -> str:
    body = (await api.submit(f"a fox [sandbox fault={fault}]")).body
    return body["output"][0]


async def test_a_link_may_be_missing_at_first(api: Client) -> None:
    address = await link(api, "link_404 count=2")
    assert [(await api.get(address))[0] for _ in range(3)] == [404, 404, 200]


async def test_a_link_may_lie_about_what_it_serves(api: Client) -> None:
    _, content_type, data = await api.get(await link(api, "link_lies_type"))
    assert content_type == "text/plain"
    assert data.startswith(b"\x89PNG")
    _, content_type, data = await api.get(await link(api, "link_not_image"))
    assert content_type == "image/png"
    assert data.startswith(b"<html>")


async def test_a_link_may_be_forbidden_moved_or_lead_away(api: Client) -> None:
    assert (await api.get(await link(api, "link_403")))[0] == 403
    assert (await api.get(await link(api, "link_redirect")))[0] == 302
    async with api.session.get(await link(api, "link_moved")) as response:
        assert (response.status, len(response.history)) == (200, 1)


async def test_a_link_may_point_where_nobody_should_go(api: Client) -> None:
    assert await link(api, "link_private") == PRIVATE_ADDRESS
    assert await link(api, "link_file") == FILE_ADDRESS


async def test_a_picture_may_be_halved_cut_or_trickle(open_sandbox: Opener) -> None:
    api = await open_sandbox(picture_scale=0.25, cheap_pictures=False)
    _, _, half = await api.get(await link(api, "link_truncated"))
    with pytest.raises(OSError, match="truncated"):
        Image.open(io.BytesIO(half)).load()
    with pytest.raises(aiohttp.ClientPayloadError):
        await api.get(await link(api, "link_cut"))
    _, _, data = await api.get(await link(api, "link_trickle seconds=0"))
    Image.open(io.BytesIO(data)).load()


async def test_a_small_file_may_decode_to_a_huge_picture(api: Client) -> None:
    _, _, data = await api.get(await link(api, "link_bomb"))
    assert len(data) < 1024 * 1024
    with pytest.raises(Image.DecompressionBombError):
        Image.open(io.BytesIO(data))


async def test_a_link_may_give_more_than_anybody_wants(api: Client) -> None:
    async with api.session.get(await link(api, "link_huge count=3")) as response:
        assert response.content_length is None
        assert len(await response.read()) > 3 * 1024 * 1024


async def test_links_may_lag_behind_success_and_expire(open_sandbox: Opener) -> None:
    late = await open_sandbox(link_delay_seconds=60.0)
    assert (await late.get((await late.submit()).body["output"][0]))[0] == 404
    brief = await open_sandbox(link_lifetime_seconds=-1.0)
    gone = (await brief.submit(temp="yes")).body["output"][0]
    kept = (await brief.submit(temp="no")).body["output"][0]
    assert (await brief.get(gone))[0] == 404
    assert (await brief.get(kept))[0] == 200
