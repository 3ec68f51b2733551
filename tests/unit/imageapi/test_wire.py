from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.domain.outcome import Drawn, Reply, StillProcessing
from bot.errors import ProviderError
from bot.imageapi.replies import Question, RawAnswer, parse, read_reply
from bot.imageapi.wire import MAX_LINKS, WireReply, WireStatus
from bot.imageapi.words import Redactor

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
FIELDS = [
    "status", "id", "message", "messege", "error", "eta", "output", "fetch_result", "retry_after",
    "generationTime", "nsfw_content_detected", "meta", "track_id", "future_links", "tips",
]  # fmt: skip
STATUSES = st.sampled_from(["success", "processing", "failed", "error", "ok", "queued"])
replies = st.fixed_dictionaries(
    {}, optional={name: json_values for name in FIELDS if name != "status"}
).flatmap(lambda body: STATUSES.map(lambda status: {**body, "status": status}) | st.just(body))


@settings(max_examples=150)
@given(replies, st.sampled_from([200, 400, 401, 429, 500]), st.booleans())
def test_whatever_types_the_fields_have_a_reply_or_a_provider_error_comes_out(
    body: dict[str, Any], status: int, submitting: bool
) -> None:
    question = Question(Redactor(SecretStr("k")), submitting=submitting)
    answer = RawAnswer(status, {}, json.dumps(body).encode())

    try:
        reply: Reply | ProviderError = read_reply(answer, question)
    except ProviderError as error:
        reply = error

    if isinstance(reply, ProviderError):
        assert len(str(reply)) <= 350
        assert not any(unicodedata.category(char) in {"Cc", "Cs"} for char in str(reply))
    else:
        assert reply.provider_job_id or isinstance(reply, Drawn)
    if isinstance(reply, StillProcessing):
        assert reply.eta_seconds is None or 0 <= reply.eta_seconds <= 3600


@settings(max_examples=100)
@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_without_a_crash(body: bytes) -> None:
    assert parse(body) is None or isinstance(parse(body), WireReply)


@pytest.mark.parametrize(
    ("given_status", "expected"),
    [
        ("success", WireStatus.SUCCESS),
        ("ok", WireStatus.SUCCESS),
        (" Processing ", WireStatus.PROCESSING),
        ("queued", WireStatus.PROCESSING),
        ("failed", WireStatus.FAILED),
        ("error", WireStatus.ERROR),
        ("", WireStatus.UNKNOWN),
        ("model_ready", WireStatus.UNKNOWN),
        (200, WireStatus.UNKNOWN),
        (True, WireStatus.UNKNOWN),
        (None, WireStatus.MISSING),
    ],
)
def test_every_status_has_a_name(given_status: object, expected: WireStatus) -> None:
    assert WireReply.model_validate({"status": given_status}).status is expected


@pytest.mark.parametrize(
    ("output", "links"),
    [
        (["https://a/1", "https://a/2", "https://a/1"], ("https://a/1", "https://a/2")),
        ({"a": ["https://a/1"], "b": "https://a/2"}, ("https://a/1", "https://a/2")),
        ([{"url": "https://a/1"}], ("https://a/1",)),
        ([" https://a/1\n"], ("https://a/1",)),
        (["HTTPS://a/1", "http://a/2"], ("HTTPS://a/1", "http://a/2")),
        (["https://a/\x00", "https://a/b c", "javascript:x", "//a/1", "data:image/png;,"], ()),
        (["https://a/" + "x" * 3000], ()),
        ([[[[[["https://too/deep"]]]]]], ()),
    ],
)
def test_usable_links_are_found_in_any_shape(output: object, links: tuple[str, ...]) -> None:
    assert WireReply.model_validate({"output": output}).output == links


def test_a_reply_cannot_bring_any_number_of_links() -> None:
    many = [f"https://a/{n}" for n in range(1000)]

    assert len(WireReply.model_validate({"output": many}).output) == MAX_LINKS


def test_a_reply_shows_nothing_of_itself() -> None:
    reply = WireReply.model_validate({"message": "secret", "meta": {"prompt": "secret"}})

    assert "secret" not in repr(reply) + repr(reply.meta)
