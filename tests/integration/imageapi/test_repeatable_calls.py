from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from pydantic import SecretStr

from bot.domain.catalogue import CatalogueEntry
from bot.domain.ids import ProviderJobId
from bot.domain.outcome import Drawn, StillProcessing
from bot.errors import (
    ModelNotFound,
    ProviderBusy,
    ProviderFailed,
    ProviderRejected,
    ProviderSuspended,
    ProviderUnavailable,
)
from bot.imageapi import ImageApiClient, client
from bot.imageapi.models import read_models
from tests.fakes.loop_time import LoopTime
from tests.integration.imageapi.conftest import KEY, LIMITS, RawServer, Responder, hang_up, http
from tests.integration.imageapi.held_reader import HeldReader

JOB = ProviderJobId("29763508")
WAITING = {"status": "processing", "messege": "Request processing", "output": ""}
DONE = {"status": "success", "id": 29763508, "output": ["https://x.dev/0.png"]}


async def test_a_fetch_posts_key_and_id_to_the_v4_path(
    api: ImageApiClient, raw_server: RawServer
) -> None:
    raw_server.answers(http(WAITING), http(DONE))

    assert await api.fetch(JOB) == StillProcessing(JOB, None)
    assert await api.fetch(JOB) == Drawn(("https://x.dev/0.png",), JOB)

    assert raw_server.seen[0].path == "/api/v4/dreambooth/fetch"
    assert raw_server.seen[0].body == {"key": KEY, "request_id": "29763508"}
    assert raw_server.connections == 1


@pytest.mark.parametrize(
    "hiccup",
    [
        pytest.param(hang_up, id="hung up"),
        pytest.param(http(b"<html>", 502), id="a page"),
        pytest.param(http({"message": "Server Error"}, 500), id="a server error"),
    ],
)
async def test_a_fetch_gets_over_a_hiccup(
    api: ImageApiClient, raw_server: RawServer, hiccup: Responder
) -> None:
    raw_server.answers(hiccup, hiccup, http(DONE))

    assert isinstance(await api.fetch(JOB), Drawn)
    assert len(raw_server.seen) == 3


async def test_a_fetch_gives_up_after_its_attempts(
    api: ImageApiClient, raw_server: RawServer
) -> None:
    raw_server.answers(http(b"<html>", 502))

    with pytest.raises(ProviderUnavailable) as raised:
        await api.fetch(JOB)

    assert not raised.value.maybe_taken
    assert len(raw_server.seen) == LIMITS.attempts


async def test_a_fetch_ends_at_its_deadline_whatever_it_waits_for(raw_server: RawServer) -> None:
    raw_server.answers(raw_server.silent)
    limits = replace(LIMITS, fetch_seconds=60, call_seconds=0.2)

    async with ImageApiClient(raw_server.url, SecretStr(KEY), limits=limits) as api:
        with pytest.raises(ProviderUnavailable, match=r"no answer within 0\.2 s"):
            await api.fetch(JOB)


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ("Rate limit exceeded", ProviderBusy),
        ("Invalid Api Key", ProviderSuspended),
        ("Failed, Try Again", ProviderFailed),
        ("Request id not found", ProviderRejected),
    ],
)
async def test_what_waiting_a_second_cannot_mend_is_not_tried_again(
    api: ImageApiClient, raw_server: RawServer, message: str, error: type[Exception]
) -> None:
    raw_server.answers(http({"status": "error", "messege": message}))

    with pytest.raises(error):
        await api.fetch(JOB)

    assert len(raw_server.seen) == 1


async def test_thousands_of_waiting_jobs_cannot_flood_the_api(
    raw_server: RawServer, loop_time: LoopTime
) -> None:
    raw_server.answers(http(WAITING))
    limits = replace(LIMITS, polls_per_second=20, call_seconds=0.4)

    async with ImageApiClient(raw_server.url, SecretStr(KEY), limits=limits) as api:
        polls = [asyncio.create_task(api.fetch(ProviderJobId(str(n)))) for n in range(200)]
        await asyncio.wait(polls[:20])
        assert len(raw_server.seen) == 20
        loop_time.leap(0.5)
        await asyncio.wait(polls[20:30])
        assert len(raw_server.seen) == 30
        waiting = [poll for poll in polls if not poll.done()]
        for poll in waiting:
            poll.cancel()
        results = await asyncio.gather(*polls, return_exceptions=True)

    assert len(waiting) == 170, "a poll waits for its turn, however long, and does not fail"
    assert not any(isinstance(result, ProviderUnavailable) for result in results)


async def test_the_model_list_may_be_a_bare_array(
    api: ImageApiClient, raw_server: RawServer
) -> None:
    raw_server.answers(http([{"model_id": "midjourney", "model_name": "MidJourney V4"}]))

    assert await api.list_models() == (CatalogueEntry(id="midjourney", name="MidJourney V4"),)
    assert raw_server.seen[0].path == "/api/v4/dreambooth/model_list"
    assert raw_server.seen[0].body == {"key": KEY}


async def test_a_model_list_is_read_while_the_loop_turns(
    api: ImageApiClient, raw_server: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw_server.answers(http([{"model_id": f"m-{n}"} for n in range(10_000)]))
    reader = HeldReader(read_models)
    monkeypatch.setattr(client, "read_models", reader)

    assert len(await reader.while_the_loop_turns(api.list_models())) == 10_000


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"status": "error", "message": "Invalid Api Key"}, ProviderSuspended),
        ({"status": "success", "data": "soon"}, ProviderUnavailable),
        ({"status": "success"}, ProviderUnavailable),
        (b"<html>", ProviderUnavailable),
    ],
)
async def test_a_model_list_that_is_none_says_what_it_is(
    api: ImageApiClient, raw_server: RawServer, body: object, error: type[Exception]
) -> None:
    raw_server.answers(http(body))

    with pytest.raises(error):
        await api.list_models()


async def test_a_model_is_reloaded_by_its_id(api: ImageApiClient, raw_server: RawServer) -> None:
    raw_server.answers(http({"status": "success", "message": "model load started"}))

    await api.reload_model("midjourney")

    assert raw_server.seen[0].path == "/api/v4/dreambooth/model_reload"
    assert raw_server.seen[0].body == {"key": KEY, "model_id": "midjourney"}


async def test_an_unknown_model_cannot_be_reloaded(
    api: ImageApiClient, raw_server: RawServer
) -> None:
    raw_server.answers(http({"status": "error", "messege": "Model not found"}))

    with pytest.raises(ModelNotFound):
        await api.reload_model("monthly limit exceeded")
