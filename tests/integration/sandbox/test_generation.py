"""Submitting and fetching: the bodies of the contract, sections 4.1 to 4.3."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import pytest
from PIL import Image

from tests.integration.sandbox.conftest import Client, Opener


async def test_a_short_job_is_answered_with_its_pictures(api: Client) -> None:
    reply = await api.submit(samples="2", seed=3292243727)
    body = reply.body
    assert reply.status == 200
    assert set(body) == {"status", "generationTime", "id", "output", "meta"}
    assert body["status"] == "success"
    assert isinstance(body["id"], int)
    assert isinstance(body["generationTime"], float)
    assert len(body["output"]) == 2


async def test_meta_has_the_vendors_names_and_what_was_really_used(api: Client) -> None:
    body = await api.submit(
        "a fox", negative_prompt="ugly", num_inference_steps="41", width="640", seed=7
    )
    meta = body.body["meta"]
    assert meta["prompt"].startswith("mdjrny-v4 style a fox DSLR photography")
    assert meta["negative_prompt"].startswith("ugly ((out of frame))")
    assert meta["steps"] == 20
    assert (meta["W"], meta["H"], meta["n_samples"], meta["seed"]) == (640, 512, 1, 7)
    assert meta["lora"] is None
    assert meta["embeddings"] is None
    assert meta["safetychecker"] == "no"
    assert meta["outdir"] == "out"


async def test_without_enhancement_only_the_leading_trigger_is_added(api: Client) -> None:
    plain = await api.submit("a fox", enhance_prompt="no", model_id="sdxl")
    assert plain.body["meta"]["prompt"] == " a fox"


async def test_steps_up_to_twenty_are_echoed_as_they_are(api: Client) -> None:
    assert (await api.submit(num_inference_steps=12)).body["meta"]["steps"] == 12


async def test_a_random_seed_is_told(api: Client) -> None:
    assert isinstance((await api.submit(seed=None)).body["meta"]["seed"], int)


async def test_the_same_seed_gives_the_same_picture(api: Client) -> None:
    pictures = []
    for _ in range(2):
        body = (await api.submit(seed=7, track_id=len(pictures))).body
        pictures.append((await api.get(body["output"][0]))[2])
    assert pictures[0] == pictures[1]


async def test_links_serve_pictures_of_the_size_asked_for(open_sandbox: Opener) -> None:
    api = await open_sandbox(picture_scale=1.0)
    body = (await api.submit(width=256, height=320)).body
    status, content_type, data = await api.get(body["output"][0])
    assert (status, content_type) == (200, "image/png")
    assert Image.open(io.BytesIO(data)).size == (256, 320)
    async with api.session.head(body["output"][0]) as head:
        assert head.status == 200


async def test_a_long_job_is_answered_with_processing_after_the_hold(
    open_sandbox: Opener,
) -> None:
    api = await open_sandbox(hold_seconds=0.01)
    api.server.pause()
    body = (await api.submit("a fox", upscale="2")).body
    assert set(body) == {
        "status", "tip", "eta", "messege", "webhook_status", "fetch_result", "id", "output",
        "meta", "future_links",
    }  # fmt: skip
    assert body["status"] == "processing"
    assert body["output"] == []
    assert body["webhook_status"] == ""
    assert isinstance(body["eta"], float)
    expected = f"{api.server.base_url}/v3/dreambooth/fetch/{body['id']}"
    assert body["fetch_result"] == expected
    assert body["meta"]["upscale"] == "2"
    assert body["meta"]["file_prefix"].endswith(".png")
    assert (await api.get(body["future_links"][0]))[0] == 404


async def test_fetch_says_processing_and_then_what_the_future_links_said(
    open_sandbox: Opener,
) -> None:
    api = await open_sandbox(immediate_queueing=True)
    api.server.pause()
    submitted = (await api.submit()).body
    waiting = await api.fetch(str(submitted["id"]))
    assert waiting.body == {
        "status": "processing",
        "messege": "Request processing",
        "output": "",
    }
    api.server.resume()
    await api.server.until_idle()
    done = await api.fetch(submitted["id"])
    assert done.body == {
        "status": "success",
        "id": submitted["id"],
        "output": submitted["future_links"],
    }
    assert (await api.get(done.body["output"][0]))[0] == 200


@pytest.mark.parametrize(
    "path",
    ["/v4/dreambooth/fetch/{}", "/v3/dreambooth/fetch/{}", "/v3/fetch/{}", "/v6/images/fetch/{}"],
)
async def test_every_fetch_address_knows_the_job(api: Client, path: str) -> None:
    submitted = (await api.submit()).body
    fetched = await api.post(path.format(submitted["id"]))
    assert fetched.body["output"] == submitted["output"]


async def test_fetching_an_unknown_job_is_an_error(api: Client) -> None:
    assert (await api.fetch(1)).body["status"] == "error"
    assert (await api.fetch("nonsense")).body["status"] == "error"


async def test_base64_gives_links_to_text_files(api: Client) -> None:
    body = (await api.submit(base64="yes")).body
    assert "generationTime" not in body
    status, content_type, data = await api.get(body["output"][0])
    assert (status, content_type) == (200, "text/plain")
    assert data.startswith(b"iVBOR")


async def test_a_delay_in_the_prompt_outlasts_the_hold(open_sandbox: Opener) -> None:
    api = await open_sandbox(hold_seconds=0.01)
    body = (await api.submit("a fox [sandbox delay=30]")).body
    assert body["status"] == "processing"
    assert body["eta"] > 10
    assert "sandbox" not in body["meta"]["prompt"]


async def test_img2img_starts_from_a_picture_it_downloads(api: Client) -> None:
    source = (await api.submit()).body["output"][0]
    reply = await api.post(
        "/v4/dreambooth/img2img",
        model_id="midjourney",
        prompt="a fox",
        init_image=source,
        strength=0.5,
    )
    assert reply.body["status"] == "success"
    assert reply.body["meta"]["init_image"] == source
    assert reply.body["meta"]["strength"] == 0.5


async def test_inpaint_echoes_fifty_steps_and_no_strength(api: Client) -> None:
    source = (await api.submit()).body["output"][0]
    fields: dict[str, Any] = {"init_image": source, "mask_image": source, "steps": "30"}
    reply = await api.post(
        "/v4/dreambooth/inpaint", model_id="midjourney", prompt="a fox", **fields
    )
    assert reply.body["meta"]["steps"] == 50
    assert reply.body["meta"]["mask_image"] == source
    assert "strength" not in reply.body["meta"]


async def test_a_source_that_is_no_picture_is_refused_and_leaves_the_queue(api: Client) -> None:
    reply = await api.post(
        "/v4/dreambooth/img2img",
        model_id="midjourney",
        prompt="a fox",
        init_image=f"{api.server.root_url}/generations/none.png",
    )
    assert reply.body["message"] == "Unable to fetch image from provided URL"
    assert api.server.in_flight == 0


async def test_the_v6_paths_speak_the_newer_profile(api: Client) -> None:
    reply = await api.post("/v6/images/text2img", model_id="midjourney", prompt="a nude fox")
    assert reply.body["status"] == "success"
    assert reply.body["nsfw_content_detected"] is True
    assert reply.body["meta"]["safety_checker"] == "no"
    assert "/0-" in reply.body["output"][0]


async def test_ids_never_repeat_and_the_queue_is_counted(open_sandbox: Opener) -> None:
    api = await open_sandbox()
    api.server.pause()
    submits = [asyncio.create_task(api.submit(f"fox {i}")) for i in range(5)]
    await api.server.wait_for(lambda: api.server.in_flight == 5)
    load = await api.post("/v3/system_load")
    assert (load.body["queue_num"], load.body["status"]) == (5, "ok")
    api.server.resume()
    replies = await asyncio.gather(*submits)
    assert len({reply.body["id"] for reply in replies}) == 5
    assert (api.server.in_flight, api.server.peak_in_flight) == (0, 5)


async def test_requests_are_recorded_in_order_and_untouched(api: Client) -> None:
    await api.submit("first", track_id="0017")
    await api.post("/v3/system_load")
    await api.submit("second", width="wrong")
    paths = [request.path for request in api.server.requests]
    assert paths == ["/api/v4/dreambooth", "/api/v3/system_load", "/api/v4/dreambooth"]
    assert [request.body["prompt"] for request in api.server.submits] == ["first", "second"]
    assert api.server.submits[0].body["track_id"] == "0017"
