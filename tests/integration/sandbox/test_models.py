"""The model list, and models that must be woken."""

from __future__ import annotations

import io

from PIL import Image

from tests.integration.sandbox.conftest import Client, Opener

FIELDS = {
    "model_id", "status", "created_at", "instance_prompt", "model_name", "description",
    "screenshots", "api_calls", "model_category", "model_subcategory", "model_format", "is_nsfw",
    "featured", "feature",
}  # fmt: skip


async def test_the_list_is_a_bare_array_of_the_documented_items(api: Client) -> None:
    models = (await api.post("/v4/dreambooth/model_list")).body
    assert len(models) >= 40
    assert all(set(model) == FIELDS for model in models)
    by_id = {model["model_id"]: model for model in models}
    assert by_id["midjourney"]["instance_prompt"] == "mdjrny-v4 style"
    assert {model["model_subcategory"] for model in models} == {None, "lora", "embedding"}
    assert {model["is_nsfw"] for model in models} == {"0", "1"}


async def test_screenshots_are_served(api: Client) -> None:
    models = (await api.post("/v4/dreambooth/model_list")).body
    status, content_type, data = await api.get(models[0]["screenshots"])
    assert (status, content_type) == (200, "image/png")
    assert Image.open(io.BytesIO(data)).size == (256, 256)
    assert (await api.get(f"{api.server.root_url}/models/none.png"))[0] == 404


async def test_a_cold_model_draws_only_after_a_reload(api: Client) -> None:
    assert (await api.submit(model_id="cold-papercut")).body["messege"] == "Model not found"
    reload = await api.post("/v4/dreambooth/model_reload", model_id="cold-papercut")
    assert reload.body["status"] == "success"
    assert (await api.submit(model_id="cold-papercut")).body["status"] == "success"


async def test_a_reload_takes_its_time(open_sandbox: Opener) -> None:
    api = await open_sandbox(reload_seconds=120.0)
    await api.post("/v4/dreambooth/model_reload", model_id="cold-papercut")
    assert (await api.submit(model_id="cold-papercut")).body["status"] == "error"


async def test_an_unknown_model_cannot_be_reloaded(api: Client) -> None:
    reply = await api.post("/v4/dreambooth/model_reload", model_id="nope")
    assert reply.body["messege"] == "Model not found"
