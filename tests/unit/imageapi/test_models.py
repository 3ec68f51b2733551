from __future__ import annotations

import json

import pytest

from bot.domain.catalogue import CatalogueEntry, ModelKind
from bot.imageapi.models import read_models

ITEM_2023 = {
    "model_id": "midjourney",
    "status": "model_ready",
    "created_at": None,
    "instance_prompt": "mdjrny-v4 style",
    "model_name": "MidJourney V4",
    "description": "Painterly",
    "screenshots": "https://cdn/x.png",
}
ITEM_2025 = {
    **ITEM_2023,
    "created_at": "2025-01-01T00:00:00Z",
    "api_calls": "999",
    "model_category": "stable_diffusion",
    "model_subcategory": None,
    "model_format": "safetensors",
    "is_nsfw": "0",
    "featured": "no",
    "feature": "Imagen",
}
MIDJOURNEY = CatalogueEntry(
    id="midjourney",
    name="MidJourney V4",
    description="Painterly",
    trigger="mdjrny-v4 style",
    screenshot="https://cdn/x.png",
)


def read(value: object) -> tuple[CatalogueEntry, ...] | None:
    return read_models(json.dumps(value).encode())


@pytest.mark.parametrize("wrap", ["bare", "data", "models"])
def test_the_list_may_be_bare_or_in_an_envelope(wrap: str) -> None:
    value = [ITEM_2023] if wrap == "bare" else {"status": "success", wrap: [ITEM_2023]}

    assert read(value) == (MIDJOURNEY,)


def test_an_item_of_2025_says_more() -> None:
    expected = MIDJOURNEY.model_copy(update={"category": "stable_diffusion", "uses": 999})

    assert read([ITEM_2025]) == (expected,)


@pytest.mark.parametrize(
    ("category", "subcategory", "kind"),
    [
        (None, None, ModelKind.MODEL),
        ("stable_diffusion", None, ModelKind.MODEL),
        ("stable_diffusion", "lora", ModelKind.LORA),
        ("LoRA", None, ModelKind.LORA),
        ("stable_diffusion", "embedding", ModelKind.EMBEDDING),
        ("stable_diffusion", "embeddings", ModelKind.EMBEDDING),
        ("Textual Inversion", "", ModelKind.EMBEDDING),
        ("stable_diffusion_xl", "unheard_of", ModelKind.MODEL),
    ],
)
def test_what_an_item_is_stands_in_either_category(
    category: str | None, subcategory: str | None, kind: ModelKind
) -> None:
    item = {**ITEM_2025, "model_category": category, "model_subcategory": subcategory}

    entries = read([item]) or ()

    assert [entry.kind for entry in entries] == [kind]


@pytest.mark.parametrize(
    ("flag", "nsfw"),
    [("1", True), ("yes", True), (1, True), (True, True), ("0", False), (0, False), (None, False)],
)
def test_flags_come_as_text_numbers_and_booleans(flag: object, nsfw: bool) -> None:
    entries = read([{**ITEM_2025, "is_nsfw": flag}]) or ()

    assert [entry.nsfw for entry in entries] == [nsfw]


def test_unusable_items_are_left_out_and_the_rest_is_kept() -> None:
    odd = [None, 5, "x", [], {}, {"model_id": ""}, {"model_id": "a b"}, {"model_id": "a,b"}]

    assert read([*odd, ITEM_2023, {"model_id": 17}]) == (
        MIDJOURNEY,
        CatalogueEntry(id="17", name="17"),
    )


def test_an_id_that_is_listed_twice_is_one_entry() -> None:
    assert len(read([ITEM_2023, {**ITEM_2023, "model_name": "Again"}]) or ()) == 1


def test_an_empty_list_is_a_list() -> None:
    assert read([]) == ()
    assert read({"status": "success", "messege": "model list", "data": []}) == ()


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b'{"status":"error"}', b'{"data":"x"}', b"5", b"[" * 100_000, b"\xff\xff"],
)
def test_what_is_no_list_is_none(body: bytes) -> None:
    assert read_models(body) is None
