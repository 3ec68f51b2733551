"""Reads the public model list (contract, section 4.7)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

from pydantic import ValidationError

from bot.domain.catalogue import CatalogueEntry, ModelKind
from bot.imageapi.wire import WireModel

_ENVELOPES = ("data", "models")
_MAX_NAME = 200
_MAX_DESCRIPTION = 1000


def read_models(body: bytes) -> tuple[CatalogueEntry, ...] | None:
    """Return the entries of a bare array or of one in an envelope; None when there is no list.

    Runs in a thread. Lists are megabytes long; the hook makes the parser pause in Python between
    items, where the event loop gets its turn. Items that cannot be used are left out.
    """
    try:
        found: object = json.loads(body, object_hook=_as_it_is)
    except (ValueError, RecursionError):
        return None
    if isinstance(found, dict):
        envelope = cast("dict[str, object]", found)
        found = next((envelope[n] for n in _ENVELOPES if isinstance(envelope.get(n), list)), None)
    if not isinstance(found, list):
        return None
    entries = {entry.id: entry for entry in _entries(cast("list[object]", found))}
    return tuple(entries.values())


def _as_it_is(item: dict[str, Any]) -> dict[str, Any]:
    return item


def _entries(items: list[object]) -> Iterator[CatalogueEntry]:
    for item in items:
        try:
            model = WireModel.model_validate(item)
        except ValidationError:
            continue
        if model.model_id is not None and not set(model.model_id) & set(" ,"):
            yield _entry(model.model_id, model)


def _entry(model_id: str, model: WireModel) -> CatalogueEntry:
    return CatalogueEntry(
        id=model_id,
        kind=_kind(model),
        name=(model.model_name or model_id)[:_MAX_NAME],
        category=model.model_category or None,
        description=(model.description or "")[:_MAX_DESCRIPTION] or None,
        trigger=(model.instance_prompt or "")[:_MAX_DESCRIPTION] or None,
        screenshot=next(iter(model.screenshots), None),
        nsfw=bool(model.is_nsfw),
        uses=max(model.api_calls or 0, 0),
    )


def _kind(model: WireModel) -> ModelKind:
    """Tell what an item is: the newer list says so in one of two places, the older nowhere."""
    words = f"{model.model_subcategory or ''} {model.model_category or ''}".lower()
    if "lora" in words or "lycoris" in words:
        return ModelKind.LORA
    if "embedding" in words or "textual" in words:
        return ModelKind.EMBEDDING
    return ModelKind.MODEL
