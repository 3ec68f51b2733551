"""Turns an answer of the API into a Reply, or raises the error it stands for.

The body decides; the HTTP code is a hint for bodies that say nothing (contract, section 5).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pydantic import ValidationError

from bot.domain.ids import ProviderJobId
from bot.domain.outcome import Drawn, Reply, StillProcessing, UsedSettings
from bot.errors import (
    ModelNotFound,
    ProviderBusy,
    ProviderError,
    ProviderFailed,
    ProviderRejected,
    ProviderSuspended,
    ProviderUnavailable,
)
from bot.imageapi.waits import retry_after_seconds
from bot.imageapi.wire import WireMeta, WireReply, WireStatus
from bot.imageapi.words import Meaning, Redactor, meaning_of

MAX_ETA_SECONDS = 3600.0
_SHOWN_BYTES = 4096
"""How much of an unreadable body is looked at to show its beginning to the operator."""


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """What came over the wire, untouched; it may quote the key, so its repr shows none of it."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, as far as reading the answer depends on it.

    `submitting` makes an unreadable answer `maybe_taken`; `known_id` stands in for the id that
    fetch replies leave out (contract, section 4.3).
    """

    redact: Redactor
    submitting: bool = False
    known_id: ProviderJobId | None = None
    own_words: tuple[str, ...] = ()


def read_reply(answer: RawAnswer, question: Question) -> Reply:
    """Say how a job stands.

    Raises:
        ProviderError: what the answer amounts to, when it is no word about a job.
    """
    wire = parse(answer.body)
    if wire is None:
        raise _unreadable(answer, question)
    return reply_of(wire, answer, question)


def read_acknowledgement(answer: RawAnswer, question: Question) -> None:
    """Accept anything that is not an error: `model_reload` has no documented reply.

    Raises:
        ProviderError: the answer is an error.
    """
    wire = parse(answer.body)
    if wire is None and not (answer.status < 300 and not answer.body.strip()):
        raise _unreadable(answer, question)
    if wire is not None and (wire.status in _ENDED_BADLY or answer.status >= 400):
        raise error_of(wire, answer, question)


def read_hosted(answer: RawAnswer, question: Question) -> str:
    """Return the address of a picture that was handed over (contract, section 4.7).

    Raises:
        ProviderError: the answer names none.
    """
    wire = parse(answer.body)
    if wire is None:
        raise _unreadable(answer, question)
    if wire.status is WireStatus.SUCCESS and wire.link:
        return wire.link[0]
    raise error_of(wire, answer, question)


def parse(body: bytes) -> WireReply | None:
    """Return the body's object, or None where it is anything else.

    Wrongly encoded text is replaced: the links and ids that matter are ASCII, and a reply thrown
    away is a job paid for twice.
    """
    try:
        return WireReply.model_validate(_json(body))
    except (ValueError, RecursionError, ValidationError):
        return None


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except UnicodeDecodeError:
        return json.loads(body.decode(errors="replace"))


_ENDED_BADLY = frozenset({WireStatus.FAILED, WireStatus.ERROR})


def reply_of(wire: WireReply, answer: RawAnswer, question: Question) -> Reply:
    """Read a parsed body.

    Raises:
        ProviderError: as `read_reply`.
    """
    if wire.status in _ENDED_BADLY:
        raise error_of(wire, answer, question)
    job_id = _job_id(wire) or question.known_id
    if not _is_about_a_job(wire, answer, question):
        raise error_of(wire, answer, question)
    if wire.output and wire.status is not WireStatus.PROCESSING:
        return Drawn(wire.output, job_id, used_settings(wire))
    if job_id is None:
        raise ProviderUnavailable("a reply without a job id", maybe_taken=question.submitting)
    return StillProcessing(
        job_id,
        _eta(wire),
        used_settings(wire),
        without_links=wire.status is WireStatus.SUCCESS,
    )


def _is_about_a_job(wire: WireReply, answer: RawAnswer, question: Question) -> bool:
    """Tell a job from an error where `status` is missing or new.

    A success without links is about a job too: it is asked for again.
    """
    if wire.status in {WireStatus.PROCESSING, WireStatus.SUCCESS}:
        return True
    if answer.status >= 400 or not (wire.output or wire.id):
        return False
    return meaning_of(wire.words.text, question.own_words) is Meaning.OTHER


def _job_id(wire: WireReply) -> ProviderJobId | None:
    """Return the job's id, if need be from the address to fetch it at."""
    if wire.id is not None:
        return ProviderJobId(wire.id)
    found = re.search(r"/fetch/([\w-]{1,100})/?$", _path(wire.fetch_result or ""), re.ASCII)
    return ProviderJobId(found[1]) if found else None


def _path(link: str) -> str:
    try:
        return urlsplit(link).path
    except ValueError:
        return ""


def _eta(wire: WireReply) -> float | None:
    return None if wire.eta is None else min(max(wire.eta, 0.0), MAX_ETA_SECONDS)


def used_settings(wire: WireReply) -> UsedSettings | None:
    """Return what the API says it used; fetch replies say nothing (contract, section 4.3)."""
    meta = wire.meta or WireMeta()
    used = UsedSettings(
        prompt=meta.prompt,
        negative_prompt=meta.negative_prompt,
        model_id=meta.model_id,
        scheduler=meta.scheduler,
        steps=_first(meta.steps, meta.num_inference_steps),
        seed=meta.seed,
        width=_first(meta.W, meta.width),
        height=_first(meta.H, meta.height),
        guidance_scale=meta.guidance_scale,
        generation_seconds=wire.generation_seconds,
        flagged=wire.nsfw_content_detected,
    )
    return None if used == UsedSettings() else used


def _first(*values: int | None) -> int | None:
    return next((value for value in values if value is not None), None)


def error_of(wire: WireReply, answer: RawAnswer, question: Question) -> ProviderError:
    """Return the error that a body stands for (contract, section 4.4)."""
    words = wire.words
    shown = question.redact(words.text)
    meaning = meaning_of(words.text, question.own_words)
    if "key" in words.fields:
        meaning = Meaning.SUSPENDED
    match meaning:
        case Meaning.MODEL_NOT_FOUND:
            return ModelNotFound(shown)
        case Meaning.BUSY:
            return _busy(shown, wire, answer)
        case Meaning.SUSPENDED:
            return ProviderSuspended(shown)
        case Meaning.FAILED:
            return ProviderFailed(shown)
        case Meaning.UNAVAILABLE if wire.status is not WireStatus.FAILED:
            return ProviderUnavailable(shown)
        case _:
            return _by_status(wire, shown, answer, question)


def _by_status(wire: WireReply, shown: str, answer: RawAnswer, question: Question) -> ProviderError:
    """Return the error for words that mean nothing special, or for none."""
    is_error = wire.status is WireStatus.ERROR
    if answer.status in _TELLING_CODES:
        return _by_code(wire, shown, answer)
    if wire.status is WireStatus.FAILED or (is_error and not shown):
        return ProviderFailed(shown or "failed without a reason")
    if answer.status >= 400:
        return _by_code(wire, shown, answer)
    if is_error:
        return ProviderRejected(shown)
    return ProviderUnavailable(
        f"an answer that means nothing to us: {shown}", maybe_taken=question.submitting
    )


_TELLING_CODES = frozenset({401, 402, 429})
"""Codes that say more than "failed" or an error without a word."""


def _by_code(wire: WireReply, shown: str, answer: RawAnswer) -> ProviderError:
    shown = shown or f"HTTP {answer.status}"
    if answer.status == 429:
        return _busy(shown, wire, answer)
    if answer.status in {401, 402}:
        return ProviderSuspended(shown)
    if answer.status >= 500:
        return ProviderUnavailable(shown)
    return ProviderRejected(shown)


def _busy(shown: str, wire: WireReply, answer: RawAnswer) -> ProviderBusy:
    wait = retry_after_seconds(wire.retry_after, answer.headers)
    return ProviderBusy(shown, retry_after_seconds=wait)


def _unreadable(answer: RawAnswer, question: Question) -> ProviderError:
    """Return the error for a body that is no JSON object: a page of the network's edge, mostly.

    A client error says that the request was turned away; any other may hide a job taken.
    """
    if answer.status == 429:
        return ProviderBusy(
            "too many requests", retry_after_seconds=retry_after_seconds(None, answer.headers)
        )
    turned_away = 400 <= answer.status < 500 and answer.status != 408
    beginning = question.redact(answer.body[:_SHOWN_BYTES].decode(errors="replace"))
    return ProviderUnavailable(
        f"HTTP {answer.status} without a JSON object: {beginning!r}",
        maybe_taken=question.submitting and not turned_away,
    )
