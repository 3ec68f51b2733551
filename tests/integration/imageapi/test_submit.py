from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest
from pydantic import SecretStr
from stamina.instrumentation import RetryDetails, set_on_retry_hooks

from bot.domain.ids import ProviderJobId
from bot.domain.outcome import Drawn, StillProcessing
from bot.domain.request import GenerationRequest
from bot.errors import ProviderBusy, ProviderRejected, ProviderUnavailable
from bot.imageapi import ImageApiClient, client, to_body
from bot.imageapi.replies import read_reply
from tests.fakes.loop_time import LoopTime
from tests.integration.imageapi.conftest import (
    KEY,
    LIMITS,
    RawServer,
    Responder,
    hang_up,
    http,
    raw,
)
from tests.integration.imageapi.held_reader import HeldReader

PROCESSING = {"status": "processing", "id": 29763508, "eta": 13.07, "output": []}


async def submit(api: ImageApiClient, request: GenerationRequest) -> Drawn | StillProcessing:
    return await api.submit(request, track_id="123456789012345678", webhook="https://w/x")


async def test_a_submission_is_one_post_of_the_whole_body(
    api: ImageApiClient, raw_server: RawServer, fox: GenerationRequest
) -> None:
    raw_server.answers(http(PROCESSING))

    reply = await submit(api, fox)

    assert reply == StillProcessing(ProviderJobId("29763508"), 13.07)
    [seen] = raw_server.seen
    assert (seen.method, seen.path) == ("POST", "/api/v4/dreambooth")
    assert seen.body == to_body(fox, key=KEY, track_id="123456789012345678", webhook="https://w/x")
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["user-agent"].startswith("Mozilla/5.0 (compatible; imagine-bot")


async def test_a_base_address_may_end_in_a_slash(
    raw_server: RawServer, fox: GenerationRequest
) -> None:
    raw_server.answers(http(PROCESSING))

    async with ImageApiClient(raw_server.url + "/", SecretStr(KEY), limits=LIMITS) as api:
        await submit(api, fox)

    assert raw_server.seen[0].path == "/api/v4/dreambooth"


async def test_no_submission_travels_on_a_connection_that_was_used_before(
    api: ImageApiClient, raw_server: RawServer, fox: GenerationRequest
) -> None:
    raw_server.answers(http(PROCESSING))

    await api.fetch(ProviderJobId("1"))
    await submit(api, fox)
    await submit(api, fox)

    assert [seen.connection for seen in raw_server.seen] == [1, 2, 3]


@pytest.mark.parametrize(
    "responder",
    [
        pytest.param(hang_up, id="hung up without a word"),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\nContent-"), id="hung up in the headers"),
        pytest.param(
            raw(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"status":'),
            id="hung up in the body",
        ),
        pytest.param(raw(b"SSH-2.0-OpenSSH_9.6\r\n"), id="no HTTP at all"),
        pytest.param(http(b"<html>502</html>", 502), id="a page"),
        pytest.param(http(b" " * 1_100_000), id="more than a megabyte"),
        pytest.param(
            http(b"not gzip", Content_Encoding="gzip"), id="not compressed as it says it is"
        ),
    ],
)
async def test_a_lost_answer_leaves_the_fate_open_and_is_not_sent_again(
    api: ImageApiClient, raw_server: RawServer, fox: GenerationRequest, responder: Responder
) -> None:
    raw_server.answers(responder)

    with pytest.raises(ProviderUnavailable) as raised:
        await submit(api, fox)

    assert raised.value.maybe_taken
    assert len(raw_server.seen) == 1


async def test_silence_ends_at_the_deadline_with_the_fate_open(
    api: ImageApiClient, raw_server: RawServer, fox: GenerationRequest, loop_time: LoopTime
) -> None:
    raw_server.answers(raw_server.silent)
    submission = asyncio.create_task(submit(api, fox))
    await raw_server.arrived.wait()

    loop_time.leap(LIMITS.submit_seconds + 1)

    with pytest.raises(ProviderUnavailable, match="no answer within 60 s") as raised:
        await submission

    assert raised.value.maybe_taken
    assert len(raw_server.seen) == 1


async def test_a_trickling_answer_ends_at_the_deadline_too(
    api: ImageApiClient, raw_server: RawServer, fox: GenerationRequest, loop_time: LoopTime
) -> None:
    async def trickle(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b" ")
            loop_time.leap(1)
            await asyncio.sleep(0)

    raw_server.answers(trickle)

    with pytest.raises(ProviderUnavailable, match="no answer within 60 s") as raised:
        await submit(api, fox)

    assert raised.value.maybe_taken


async def test_a_refused_connection_is_tried_twice_and_surely_took_nothing(
    fox: GenerationRequest,
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/api"
        async with ImageApiClient(url, SecretStr(KEY), limits=LIMITS) as api:
            with pytest.raises(ProviderUnavailable) as raised:
                await submit(api, fox)

    assert not raised.value.maybe_taken


async def test_a_handshake_that_never_ends_surely_took_nothing(
    raw_server: RawServer, fox: GenerationRequest
) -> None:
    raw_server.answers(raw_server.silent)
    url = raw_server.url.replace("http:", "https:")
    limits = replace(LIMITS, connect_seconds=0.1)

    async with ImageApiClient(url, SecretStr(KEY), limits=limits) as api:
        with pytest.raises(ProviderUnavailable) as raised:
            await submit(api, fox)

    assert not raised.value.maybe_taken


async def test_a_name_that_does_not_exist_surely_took_nothing(fox: GenerationRequest) -> None:
    async with ImageApiClient("https://nowhere.invalid/api", SecretStr(KEY), limits=LIMITS) as api:
        with pytest.raises(ProviderUnavailable) as raised:
            await submit(api, fox)

    assert not raised.value.maybe_taken


@pytest.fixture
def refused() -> Iterator[asyncio.Event]:
    """Set once a call was refused and will be tried again."""
    event = asyncio.Event()

    def note(details: RetryDetails) -> None:
        assert KEY not in repr(details)
        event.set()

    set_on_retry_hooks([note])
    yield event
    set_on_retry_hooks(None)


async def test_a_server_that_comes_up_meanwhile_gets_the_submission(
    raw_server: RawServer, fox: GenerationRequest, refused: asyncio.Event, loop_time: LoopTime
) -> None:
    raw_server.answers(http(PROCESSING))
    with socket.socket() as place:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        place.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{place.getsockname()[1]}/api"
        async with ImageApiClient(url, SecretStr(KEY), limits=LIMITS) as api:
            submission = asyncio.create_task(submit(api, fox))
            await refused.wait()
            listening = await asyncio.start_server(raw_server.handle, sock=place)
            loop_time.leap(1)
            reply = await submission
            listening.close()

    assert isinstance(reply, StillProcessing)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_told_and_not_followed(
    api: ImageApiClient, raw_server: RawServer, fox: GenerationRequest, status: int
) -> None:
    raw_server.answers(http(status=status, Location="https://modelslab.com/api/v4/dreambooth?k=1"))

    with pytest.raises(ProviderUnavailable, match="redirects to https://modelslab") as raised:
        await submit(api, fox)

    assert not raised.value.maybe_taken
    assert "k=1" not in str(raised.value)
    assert len(raw_server.seen) == 1


async def test_definite_errors_are_not_sent_again(
    api: ImageApiClient, raw_server: RawServer, fox: GenerationRequest
) -> None:
    raw_server.answers(
        http({"status": "error", "message": "Rate limit exceeded"}, 429, Retry_After="9"),
        http({"status": "error", "message": {"width": ["Too wide."]}}),
    )

    with pytest.raises(ProviderBusy) as busy:
        await submit(api, fox)
    with pytest.raises(ProviderRejected):
        await submit(api, fox)

    assert busy.value.retry_after_seconds == 9
    assert len(raw_server.seen) == 2


async def test_a_long_reply_is_read_while_the_loop_turns(
    api: ImageApiClient,
    raw_server: RawServer,
    fox: GenerationRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw_server.answers(http({**PROCESSING, "padding": ["x" * 50] * 10_000}))
    reader = HeldReader(read_reply)
    monkeypatch.setattr(client, "read_reply", reader)

    assert isinstance(await reader.while_the_loop_turns(submit(api, fox)), StillProcessing)


async def test_cancelling_a_submission_cancels_it(
    api: ImageApiClient, raw_server: RawServer, fox: GenerationRequest
) -> None:
    raw_server.answers(raw_server.silent)
    submission = asyncio.create_task(submit(api, fox))
    await raw_server.arrived.wait()

    submission.cancel()

    with pytest.raises(asyncio.CancelledError):
        await submission


async def test_a_client_that_was_not_opened_says_so(fox: GenerationRequest) -> None:
    api = ImageApiClient("https://x.invalid/api", SecretStr(KEY))

    with pytest.raises(RuntimeError, match="not started"):
        await submit(api, fox)
    await api.close()


@pytest.mark.parametrize("url", ["ftp://x/api", "stablediffusionapi.com/api", "https://", ""])
def test_a_base_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="base address"):
        ImageApiClient(url, SecretStr(KEY))
