"""The text that AUTOMATIC1111's web UI writes into pictures, and nearly every tool reads.

::

    the prompt <lora:an-id:0.8>
    Negative prompt: what it should not show
    Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 42, Size: 512x768, Model: "a, b"

Prompts may have several lines. A value with a comma, a colon or a line break is quoted as JSON is
(`quote` and `parse_generation_parameters` in that program's `infotext_utils.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from bot.domain.option_texts import exact_number
from bot.domain.request import GenerationRequest
from bot.domain.samplers import names_of

PROMPT, NEGATIVE = "Prompt", "Negative prompt"

MAX_INFOTEXT = 64 * 1024
_MAX_VALUES = 16 * 1024
"""Longer texts are not what the web UI writes; reading them takes time for nothing."""

_FEWEST_VALUES = 3
"""With fewer `name: value` in it, a last line is still prompt."""

_NEGATIVE_MARK = f"{NEGATIVE}:"
_NEEDS_QUOTES = frozenset(',:\n"')


def infotext_of(request: GenerationRequest, *, position: int = 0) -> str:
    """Return the text for one of a request's pictures."""
    lines = [f"{request.prompt}{''.join(_lora_tags(request))}"]
    if request.negative_prompt:
        lines.append(f"{_NEGATIVE_MARK} {request.negative_prompt}")
    values = _values_of(request, position)
    lines.append(", ".join(f"{name}: {_quoted(value)}" for name, value in values.items()))
    return "\n".join(lines)


def parse_infotext(text: str) -> dict[str, str] | None:
    """Return the values by their names, the prompts among them; None: it is no such text."""
    lines = text[:MAX_INFOTEXT].strip().split("\n")
    at = _line_of_values(lines)
    if at is None:
        return None
    positive, mark, negative = _split(lines[:at])
    values = dict(_pairs(lines[at]))
    return {**values, PROMPT: positive, NEGATIVE: negative if mark else ""}


def _lora_tags(request: GenerationRequest) -> Iterator[str]:
    strengths = request.lora_strength or (1.0,)
    for n, lora in enumerate(request.lora_model):
        yield f" <lora:{lora}:{exact_number(strengths[n % len(strengths)])}>"


def _values_of(request: GenerationRequest, position: int) -> Mapping[str, Any]:
    values: dict[str, Any] = {
        "Steps": request.num_inference_steps,
        **names_of(request),
        "CFG scale": exact_number(request.guidance_scale),
        "Seed": request.seed,
        "Size": request.size,
        "Model": request.model_id,
    }
    if request.vae:
        values["VAE"] = request.vae
    if request.samples > 1:
        values |= {"Batch size": request.samples, "Batch pos": position}
    return values | {"Clip skip": request.clip_skip}


def _quoted(value: object) -> str:
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if _NEEDS_QUOTES & set(text) else text


def _line_of_values(lines: list[str]) -> int | None:
    """Find the values: some tools add lines of their own behind them."""
    for at in range(len(lines) - 1, -1, -1):
        begins_so = lines[at].lstrip().startswith("Steps:")
        is_last = at == len(lines) - 1
        if (begins_so or is_last) and len(list(_pairs(lines[at]))) >= _FEWEST_VALUES:
            return at
    return None


def _split(lines: list[str]) -> tuple[str, bool, str]:
    """Return the prompt, whether another follows, and that one."""
    for n, line in enumerate(lines):
        if line.strip().startswith(_NEGATIVE_MARK):
            first = line.strip().removeprefix(_NEGATIVE_MARK)
            return _joined(lines[:n]), True, _joined([first, *lines[n + 1 :]])
    return _joined(lines), False, ""


def _joined(lines: list[str]) -> str:
    return "\n".join(line.strip() for line in lines).strip()


def _pairs(line: str) -> Iterator[tuple[str, str]]:
    """Yield the values of a line with their names, in time that grows with its length alone."""
    text, at = line[:_MAX_VALUES], 0
    while colon := text.find(":", at) + 1:
        name = text[at : colon - 1].rpartition(",")[2].strip()
        value, at = _value(text, colon)
        if name:
            yield name, value


def _value(text: str, start: int) -> tuple[str, int]:
    """Read a value up to its comma; return it and where the next name begins."""
    begin = next((n for n in range(start, len(text)) if text[n] != " "), len(text))
    comma = text.find(",", begin)
    end = len(text) if comma < 0 else comma
    if text.startswith('"', begin):
        try:
            found, end = cast("tuple[object, int]", _JSON.raw_decode(text, begin))
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, str):
            return found, end + 1
    return text[begin:end].strip(), end + 1


_JSON = json.JSONDecoder(strict=False)
