"""Parameters found in a picture that somebody else's program, or an earlier one of ours, wrote.

What our options do not have is left out, what goes too far for them is brought within their limits,
and both are named. Nothing found is believed: each value passes the request's own limits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.domain.catalogue import ModelKind
from bot.domain.endpoint import OF_PICTURES
from bot.domain.infotext import MAX_INFOTEXT, NEGATIVE, PROMPT
from bot.domain.parameters import AlgorithmType
from bot.domain.request import (
    MAX_LORAS,
    MAX_PROMPT,
    MAX_SEED,
    MAX_STEPS,
    GenerationRequest,
    build_request,
    clean_text,
)
from bot.domain.samplers import sampling_of
from bot.domain.size import MAX_SIDE, MIN_SIDE, SIDE_STEP, Size, parse_size
from bot.errors import InvalidRequest
from bot.speech import ngettext

KnownId = Callable[[ModelKind, str], str | None]
"""Returns the API's id for what a picture calls it; None where the API has no such thing."""


class Source(StrEnum):
    """Which program's record it was."""

    OURS = "ours"
    WEBUI = "webui"
    """AUTOMATIC1111's, which many others write too."""
    COMFY = "comfy"


@dataclass(frozen=True, slots=True)
class Change:
    """A value that became another, or was left out where `now` is None."""

    option: str
    was: str
    now: str | None = None


@dataclass(frozen=True, slots=True)
class Raw:
    """What was written, by the web UI's names, or by our own where the record is ours."""

    source: Source
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """What can be used of it, as attributes, and what became of the rest."""

    source: Source
    attributes: Mapping[str, Any]
    changes: tuple[Change, ...] = ()


def adapt(raw: Raw, known: KnownId) -> Found:
    """Bring what was found within what our options allow."""
    if raw.source is Source.OURS:
        return Found(raw.source, dict(_own(raw.values)))
    fitting = _Fitting(dict(raw.values), known)
    for step in (_prompts, _numbers, _size, _sampler, _names, _rest):
        step(fitting)
    return Found(raw.source, fitting.attributes, tuple(fitting.changes))


_NOT_TAKEN = frozenset({"safety_checker", "safety_checker_type"}) | OF_PICTURES
"""Whoever writes a file must not decide these: what it was drawn from may be another member's."""


def _own(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Take what is valid; how strict the safety checker is, is decided where it is used."""
    trial: dict[str, Any] = {"prompt": "-", "model_id": "-", "seed": 0}
    taken: dict[str, Any] = {}
    for name in GenerationRequest.model_fields:
        if name in _NOT_TAKEN or len(str(values.get(name, ""))) > MAX_INFOTEXT:
            continue
        if name not in values:
            continue
        try:
            checked = build_request({**trial, **taken, name: values[name]})
        except InvalidRequest:
            continue
        taken[name] = getattr(checked, name)
    return taken


_SHOWN = 300
"""Letters of a value that could not be used, at most."""


@dataclass(slots=True)
class _Fitting:
    """Work under way: values are taken out of `values` as they are understood."""

    values: dict[str, Any]
    known: KnownId
    attributes: dict[str, Any] = field(default_factory=dict[str, Any])
    changes: list[Change] = field(default_factory=list[Change])

    def take(self, name: str) -> str:
        return clean_text(str(self.values.pop(name, ""))[:MAX_INFOTEXT])

    def changed(self, option: str, was: object, now: object = None) -> None:
        was = str(was)[:_SHOWN]
        self.changes.append(Change(option, was, None if now is None else str(now)))


_LORA_TAG = re.compile(r"<lora:([^:<>]{1,200})(?::(-?[\d.]{1,10}))?[^<>]{0,100}>")


def _prompts(fitting: _Fitting) -> None:
    tags = fitting.take("Loras")
    prompt = fitting.take(PROMPT)
    _loras(fitting, f"{prompt} {tags}")
    plain = " ".join(_LORA_TAG.sub(" ", prompt).split())
    for name, text in (("prompt", plain), ("negative_prompt", fitting.take(NEGATIVE))):
        if len(text) > MAX_PROMPT:
            fitting.changed(name, _characters(len(text)), _characters(MAX_PROMPT))
        if text:
            fitting.attributes[name] = text[:MAX_PROMPT].strip()


def _characters(count: int) -> str:
    return ngettext("{count} character", "{count} characters", count)


def _loras(fitting: _Fitting, text: str) -> None:
    ids: list[str] = []
    strengths: list[float] = []
    for match in _LORA_TAG.finditer(text):
        lora = fitting.known(ModelKind.LORA, _stem(match[1]))
        strength = _number(match[2] or "1")
        if lora is None or strength is None or lora in ids or len(ids) == MAX_LORAS:
            fitting.changed("lora_model", match[1])
            continue
        ids.append(lora)
        strengths.append(_within(fitting, "lora_strength", strength, 0.0, 2.0))
    if ids:
        fitting.attributes |= {"lora_model": tuple(ids), "lora_strength": tuple(strengths)}


def _numbers(fitting: _Fitting) -> None:
    for name, attribute, option, least, most in (
        ("Steps", "num_inference_steps", "steps", 1, MAX_STEPS),
        ("CFG scale", "guidance_scale", "guidance_scale", 1.0, 20.0),
        ("Clip skip", "clip_skip", "clip_skip", 1, 8),
    ):
        value = _number(fitting.take(name))
        if value is not None:
            whole = isinstance(least, int)
            fitting.attributes[attribute] = _within(
                fitting, option, round(value) if whole else value, least, most
            )
    seed = _number(text := fitting.take("Seed"))
    if seed is not None and 0 <= seed <= MAX_SEED and seed == int(seed):
        fitting.attributes["seed"] = int(seed)
    elif seed is not None and seed >= 0:
        fitting.changed("seed", text)


def _number(text: str) -> float | None:
    """Read a number, which must be an ordinary one."""
    if not re.fullmatch(r"-?\d{1,20}(\.\d{1,20})?", text):
        return None
    return float(text)


def _within(fitting: _Fitting, option: str, value: float, least: float, most: float) -> Any:
    fit = max(least, min(most, value))
    if fit != value:
        fitting.changed(option, f"{value:g}", f"{fit:g}")
    return fit


def _size(fitting: _Fitting) -> None:
    text = fitting.take("Size")
    try:
        size = parse_size(text)
    except ValueError:
        return
    fit = _fit(size)
    if fit != size:
        fitting.changed("size", size, fit)
    fitting.attributes |= {"width": fit.width, "height": fit.height}


def _fit(size: Size) -> Size:
    """Shrink both sides alike, in whole steps, and let none be shorter than the API takes."""
    longest = max(*size, 1)
    most = min(longest, MAX_SIDE)
    sides = (max(MIN_SIDE, side * most // longest // SIDE_STEP * SIDE_STEP) for side in size)
    return Size(*sides)


def _sampler(fitting: _Fitting) -> None:
    name, schedule = fitting.take("Sampler"), fitting.take("Schedule type")
    if not name:
        return
    nearest = sampling_of(name, schedule)
    if nearest is None:
        fitting.changed("scheduler", name)
        return
    sampling, karras = nearest
    fitting.attributes |= {"scheduler": sampling.scheduler, "use_karras_sigmas": karras}
    if sampling.algorithm is not AlgorithmType.NONE:
        fitting.attributes["algorithm_type"] = sampling.algorithm
    if not sampling.exact:
        fitting.changed("scheduler", name, sampling.scheduler)


def _names(fitting: _Fitting) -> None:
    model = fitting.take("Model")
    if not model:
        return
    known = fitting.known(ModelKind.MODEL, _stem(model))
    if known is None:
        fitting.changed("model", model)
    else:
        fitting.attributes["model_id"] = known


def _stem(name: str) -> str:
    """Return a file's name without its folders and its ending."""
    last = re.split(r"[\\/]", name)[-1].strip()
    return re.sub(r"\.(safetensors|ckpt|pt|pth|bin|gguf)$", "", last, flags=re.IGNORECASE)


_TELLS_NOTHING = frozenset(
    {
        *("Model hash", "VAE hash", "Lora hashes", "TI hashes", "TI", "Hashes", "Version", "User"),
        *("Batch size", "Batch pos", "Created Date", "RNG", "Civitai resources"),
        "Civitai metadata",
    }
)
"""What was written for the record, and what does not matter to another program."""

_MOST_NAMED = 10


def _rest(fitting: _Fitting) -> None:
    """Name what our options do not have; a picture drawn from noise alone says `denoise` 1."""
    unused = {n: str(v) for n, v in fitting.values.items() if n not in _TELLS_NOTHING}
    if _number(unused.get("Denoising strength", "")) == 1:
        del unused["Denoising strength"]
    for name in list(unused)[:_MOST_NAMED]:
        fitting.changed(clean_text(name), clean_text(unused[name]))
