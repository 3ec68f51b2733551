"""What travels inside a picture: how it was asked for, in others' form and in our own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from bot.domain.comfy import graph_values
from bot.domain.endpoint import OF_PICTURES
from bot.domain.found import Raw, Source
from bot.domain.infotext import MAX_INFOTEXT, infotext_of, parse_infotext
from bot.domain.job import Job
from bot.domain.reuse import as_drawn

INFOTEXT_KEY = "parameters"
"""Where nearly every tool looks for the web UI's text."""

RECORD_KEY = "imagine"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Inscription:
    """The texts to write: nobody's name or id is in them, nor that of a picture to start from."""

    infotext: str
    record: str

    @property
    def size(self) -> int:
        """How many bytes it takes in a file, rather more than less."""
        return 2 * len(self.infotext.encode("utf-16")) + len(self.record.encode()) + 200


def inscription_of(job: Job, position: int) -> Inscription:
    """Return what to write into one of a job's pictures."""
    request = as_drawn(job)
    record = {
        "version": VERSION,
        "request": request.model_dump(mode="json", exclude=set(OF_PICTURES)),
    }
    return Inscription(
        infotext=infotext_of(request, position=position),
        record=json.dumps(record, ensure_ascii=False, separators=(",", ":")),
    )


def read_texts(texts: Mapping[str, str]) -> Raw | None:
    """Return what a picture's texts, by their keys, say of how it was made; ours come first."""
    record = _loaded(texts.get(RECORD_KEY, "")[:MAX_INFOTEXT])
    if isinstance(values := record.get("request"), dict):
        return Raw(Source.OURS, cast("dict[str, Any]", values))
    values = parse_infotext(texts.get(INFOTEXT_KEY, ""))
    if values is not None:
        return Raw(Source.WEBUI, values)
    for key in ("prompt", "workflow"):
        values = graph_values(_loaded(texts.get(key, "")))
        if values is not None:
            return Raw(Source.COMFY, values)
    return None


def _loaded(text: str) -> dict[str, Any]:
    """Read an object from JSON that anybody may have written."""
    try:
        value: object = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
