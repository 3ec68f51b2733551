"""The operator's key is in no error, traceback, repr or log line (design, section 5)."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable
from urllib.parse import quote

import pytest
from pydantic import SecretStr

from bot.domain.ids import ProviderJobId
from bot.domain.request import GenerationRequest
from bot.errors import ProviderError
from bot.imageapi import ImageApiClient
from tests.integration.imageapi.conftest import (
    KEY,
    LIMITS,
    RawServer,
    Responder,
    hang_up,
    http,
    raw,
)

ECHO = f"the key {KEY} is bad, see https://x/?key={quote(KEY, safe='')}"

MISHAPS: list[tuple[str, Responder]] = [
    ("hung up", hang_up),
    ("a page that quotes the key", http(f"<html>{ECHO}</html>".encode(), 500)),
    ("an error that quotes it", http({"status": "error", "message": ECHO})),
    ("a failure that quotes it", http({"status": "failed", "messege": ECHO})),
    ("a validation that quotes it", http({"status": "error", "message": {"key": [ECHO]}})),
    ("nonsense that quotes it", http({"status": "what", "message": ECHO})),
    ("a dead end that quotes it", http(status=302, Location=f"https://x/{KEY}?key={KEY}")),
    ("a header that quotes it", http({}, X_Echo=ECHO)),
    (
        "a broken header that quotes it",
        raw(f"HTTP/1.1 200 OK\r\nBad header {KEY}\r\n\r\n".encode()),
    ),
    ("half a body", raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + ECHO.encode())),
]


def chain(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    todo: list[BaseException | None] = [error]
    while todo:
        each = todo.pop()
        if each is not None and each not in found:
            found.append(each)
            todo += [each.__cause__, each.__context__]
    return found


def everything_told(error: BaseException) -> str:
    """Return texts, attributes and the local variables of every frame of ours and aiohttp's."""
    texts: list[str] = []
    for each in chain(error):
        texts += [str(each), repr(each), repr(vars(each)), repr(each.args)]
        shown = traceback.TracebackException.from_exception(each, capture_locals=True)
        texts += shown.format()
    return "\n".join(texts)


async def calls(
    api: ImageApiClient, fox: GenerationRequest
) -> list[Callable[[], Awaitable[object]]]:
    return [
        lambda: api.submit(fox, track_id="1", webhook=None),
        lambda: api.fetch(ProviderJobId("1")),
        api.list_models,
        lambda: api.reload_model("m"),
    ]


@pytest.mark.parametrize("mishap", [pytest.param(m, id=name) for name, m in MISHAPS])
async def test_no_error_tells_the_key(
    api: ImageApiClient,
    raw_server: RawServer,
    fox: GenerationRequest,
    mishap: Responder,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    raw_server.answers(mishap)
    for call in await calls(api, fox):
        told = ""
        try:
            await call()
        except ProviderError as error:
            told = everything_told(without_test_frames(error))
        for spelling in (KEY, quote(KEY, safe="")):
            assert spelling not in told
            assert spelling not in caplog.text


def without_test_frames(error: BaseException) -> BaseException:
    """Drop this test's own frame, whose variables hold the key on purpose."""
    assert error.__traceback__ is not None
    return error.with_traceback(error.__traceback__.tb_next)


async def test_nobody_listening_does_not_tell_it_either(fox: GenerationRequest) -> None:
    async with ImageApiClient("http://127.0.0.1:9/api", SecretStr(KEY), limits=LIMITS) as api:
        for call in await calls(api, fox):
            with pytest.raises(ProviderError) as raised:
                await call()
            assert KEY not in everything_told(without_test_frames(raised.value))


def test_no_object_shows_it() -> None:
    api = ImageApiClient("https://x.invalid/api", SecretStr(KEY))

    assert repr(api) == "<ImageApiClient https://x.invalid>"
    assert all(KEY not in repr(part) for part in vars(api).values())
    assert all(
        KEY not in repr(vars(part)) for part in vars(api).values() if hasattr(part, "__dict__")
    )
