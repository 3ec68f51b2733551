"""One row for each error message of the contract, section 4.4, in both of the vendor's ages."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.errors import (
    ModelNotFound,
    ProviderBusy,
    ProviderError,
    ProviderFailed,
    ProviderRejected,
    ProviderSuspended,
    ProviderUnavailable,
)
from bot.imageapi.replies import read_reply
from tests.unit.imageapi.answers import KEY, LINK, answer, question

TIP = "1. Make sure you are passing Content-Type: application/json in header."
SPAM = "you are sending same request multiple times, spam filter is enabled, please wait"
MONTHLY = "Your monthly limit exceeded, upgrade subscription now on https://x/pricing"


def error(message: object, key: str = "message", **more: object) -> dict[str, object]:
    return {"status": "error", key: message, **more}


def failed(message: object, key: str = "message", **more: object) -> dict[str, object]:
    return {"status": "failed", "id": "", key: message, "output": "", **more}


NO_PROMPT = {"prompt": ["The prompt field is required."]}
NO_CREDIT = "Insufficient credits. Please add more credits to continue."
QUEUE_FULL = "Rate limit exceeded. Maximum 5 queued requests allowed."
OUT_OF_ORDER = "Service temporarily unavailable. Please try again later."
ERRORS: list[tuple[object, int, type[ProviderError]]] = [
    # 2023, in HTTP 200
    (error("Rate limit exceeded", tips=SPAM), 200, ProviderBusy),
    (error("Rate limit exceeded", "messege", tips=SPAM), 200, ProviderBusy),
    (error(MONTHLY), 200, ProviderSuspended),
    (error(MONTHLY, "messege"), 200, ProviderSuspended),
    (error("Invalid Api Key", tip=TIP), 200, ProviderSuspended),
    (error("You have no credits left"), 200, ProviderSuspended),
    (failed("Failed, Try Again"), 200, ProviderFailed),
    (failed("Failed, Try Again", "messege"), 200, ProviderFailed),
    (failed("Processing failed: CUDA"), 200, ProviderFailed),
    ({"status": "failed", "id": 7, "output": [LINK]}, 200, ProviderFailed),
    (error(NO_PROMPT), 200, ProviderRejected),
    (error(NO_PROMPT, "messege"), 200, ProviderRejected),
    (error(["The prompt field is required."]), 200, ProviderRejected),
    (error({"key": ["The key field is required."]}), 200, ProviderSuspended),
    (error({"model_id": ["The selected model_id is invalid."]}), 200, ModelNotFound),
    (error("Model id not found"), 200, ModelNotFound),
    (error("Model not found", "messege"), 200, ModelNotFound),
    (error("", "messege"), 200, ProviderFailed),
    (error([]), 200, ProviderFailed),
    (error({}), 200, ProviderFailed),
    (error(None), 200, ProviderFailed),
    ({"status": "error"}, 200, ProviderFailed),
    (error("", messege="Model not found"), 200, ModelNotFound),
    # 2026, with HTTP codes
    (error("prompt is required"), 400, ProviderRejected),
    (error("Invalid API key"), 401, ProviderSuspended),
    (error(NO_CREDIT), 402, ProviderSuspended),
    (error("This feature requires a premium subscription"), 403, ProviderSuspended),
    (error(QUEUE_FULL, retry_after=30), 429, ProviderBusy),
    (error("Model not found: invalid_model_name"), 400, ModelNotFound),
    (error("Model not found: real.v5.1"), 404, ModelNotFound),
    (error("Unable to fetch image from provided URL"), 400, ProviderRejected),
    (error("width must be between 256 and 1024"), 400, ProviderRejected),
    (error("height must be divisible by 8"), 400, ProviderRejected),
    (error("samples must be between 1 and 4"), 400, ProviderRejected),
    (error("guidance_scale must be between 1 and 20"), 400, ProviderRejected),
    (error("Internal server error. Please try again."), 500, ProviderUnavailable),
    (error(OUT_OF_ORDER), 503, ProviderUnavailable),
    (failed("Failed, Try Again"), 500, ProviderFailed),
    (error(""), 500, ProviderFailed),
    # the same words with HTTP 200
    (error(NO_CREDIT), 200, ProviderSuspended),
    (error(QUEUE_FULL), 200, ProviderBusy),
    (error(OUT_OF_ORDER), 200, ProviderUnavailable),
    # the HTTP code says what the words do not
    (error("No."), 402, ProviderSuspended),
    (error(""), 401, ProviderSuspended),
    (error("No."), 429, ProviderBusy),
    (error("No."), 502, ProviderUnavailable),
    (error(MONTHLY), 429, ProviderSuspended),
    # the frame's own errors have no status
    ({"message": "Too Many Attempts."}, 429, ProviderBusy),
    ({"message": "Unauthenticated."}, 401, ProviderSuspended),
    ({"message": "Server Error"}, 500, ProviderUnavailable),
    ({"message": "The POST method is not supported."}, 405, ProviderRejected),
    ({"error": "Too many requests"}, 200, ProviderBusy),
    ({"status": "denied", "id": 7, "message": "Rate limit exceeded"}, 200, ProviderBusy),
]


@pytest.mark.parametrize(("body", "status", "expected"), ERRORS)
def test_an_error_is_told_by_its_words_first(
    body: object, status: int, expected: type[ProviderError]
) -> None:
    with pytest.raises(ProviderError) as raised:
        read_reply(answer(body, status), question())

    assert type(raised.value) is expected
    assert not raised.value.maybe_taken


UNREADABLE: list[tuple[str, bytes, int, bool]] = [
    ("a page with HTTP 200", b"<!DOCTYPE html><html>Just a moment...</html>", 200, True),
    ("a bad gateway", b"<html>502</html>", 502, True),
    ("the edge gave up waiting", b"<html>524</html>", 524, True),
    ("the edge turns us away", b"<html>Attention Required</html>", 403, False),
    ("no such page", b"Not Found", 404, False),
    ("too long a body", b"", 413, False),
    ("nothing at all", b"", 200, True),
    ("half an object", b'{"status":"succ', 200, True),
    ("a bare list", b'["https://x/y.png"]', 200, True),
    ("a bare text", b'"ok"', 200, True),
    ("null", b"null", 200, True),
    ("nested beyond reason", b"[" * 100_000, 200, True),
    ("an empty object", b"{}", 200, True),
    ("nothing we know", b'{"queue_num":0,"queue_time":0}', 200, True),
    ("success about nothing", b'{"status":"success"}', 200, True),
    ("processing about nothing", b'{"status":"processing"}', 200, True),
]


@pytest.mark.parametrize(
    ("body", "status", "maybe_taken"),
    [pytest.param(*row[1:], id=row[0]) for row in UNREADABLE],
)
def test_an_answer_that_says_nothing_leaves_a_submissions_fate_open(
    body: bytes, status: int, maybe_taken: bool
) -> None:
    with pytest.raises(ProviderUnavailable) as raised:
        read_reply(answer(body, status), question())

    assert raised.value.maybe_taken is maybe_taken


@pytest.mark.parametrize("body", [b"<html>", b"", b"[]"])
def test_an_unreadable_fetch_leaves_nothing_open(body: bytes) -> None:
    with pytest.raises(ProviderUnavailable) as raised:
        read_reply(answer(body), question("42"))

    assert not raised.value.maybe_taken


@pytest.mark.parametrize(
    ("given", "status", "headers", "expected"),
    [
        ({}, 200, {}, 30),
        ({"retry_after": 12}, 429, {}, 12),
        ({"retry_after": "12"}, 429, {}, 12),
        ({"retry_after": 0}, 429, {}, 1),
        ({"retry_after": 10**9}, 429, {}, 600),
        ({}, 429, {"Retry_After": "17"}, 17),
        ({}, 429, {"Retry_After": "Wed, 21 Oct 2015 07:28:00 GMT"}, 1),
        ({}, 429, {"Retry_After": "whenever"}, 30),
        ({}, 429, {"X_RateLimit_Reset": "99999999999"}, 600),
    ],
)
def test_a_busy_api_says_how_long_to_wait(
    given: dict[str, Any], status: int, headers: dict[str, str], expected: float
) -> None:
    body = {"status": "error", "message": "Rate limit exceeded", **given}

    with pytest.raises(ProviderBusy) as raised:
        read_reply(answer(body, status, **headers), question())

    assert raised.value.retry_after_seconds == expected


def test_a_page_with_429_is_a_busy_api_too() -> None:
    with pytest.raises(ProviderBusy) as raised:
        read_reply(answer(b"<html>slow down</html>", 429, Retry_After="5"), question())

    assert raised.value.retry_after_seconds == 5


def test_a_rejection_keeps_the_apis_words() -> None:
    body = {"status": "error", "message": {"width": ["Too wide.", "Odd."], "prompt": ["Empty."]}}

    with pytest.raises(ProviderRejected, match=r"^width: Too wide.; Odd. prompt: Empty.$"):
        read_reply(answer(body), question())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b\x1b[31mc\u202ed\r\ne", "a b [31mc d e"),
        ("x" * 5000, "x" * 299 + "…"),
        (f"bad thing {KEY} given", "bad thing [key] given"),
        (f"see https://x/?key={KEY.replace('/', '%2F')}", "see https://x/?key=[key]"),
        (f"bad thing {KEY.upper()}", "bad thing [key]"),
        ("x" * 298 + KEY, "x" * 298 + "[…"),
        ("half a pair \ud800", "half a pair"),
    ],
)
def test_the_apis_words_are_made_fit_to_repeat(text: str, shown: str) -> None:
    raw = json.dumps({"status": "failed", "message": text}).encode()

    with pytest.raises(ProviderFailed) as raised:
        read_reply(answer(raw), question())

    assert str(raised.value) == shown


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ("monthly limit exceeded", "Model not found: monthly limit exceeded"),
        ("Insufficient Credits", "The prompt 'insufficient credits' is not allowed"),
        ("rate limit", "prompt: rate limit is no good"),
    ],
)
def test_a_members_own_words_cannot_pass_for_the_apis(own: str, message: str) -> None:
    with pytest.raises(ProviderRejected):
        read_reply(answer({"status": "error", "message": message}), question(None, own))


def test_a_short_prompt_does_not_blind_us() -> None:
    body = {"status": "error", "message": "Rate limit exceeded"}

    with pytest.raises(ProviderBusy):
        read_reply(answer(body), question(None, "a", "e", "limit"))
