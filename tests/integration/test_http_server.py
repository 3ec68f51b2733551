"""The bot's own HTTP server: health, readiness, metrics."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import aiohttp
import pytest

from bot.errors import StartupError
from bot.webhooks.server import build_http_app, serve_http


class State:
    """What the server is told when asked."""

    def __init__(self) -> None:
        self.ready = False


@pytest.fixture
def state() -> State:
    return State()


@pytest.fixture
async def address(state: State) -> AsyncGenerator[str]:
    app = build_http_app(
        readiness=lambda: (state.ready, {"waiting": 3}),
        metrics=lambda: b"imagine_queue 3.0\n",
        receiver=None,
    )
    async with serve_http(app, "127.0.0.1", 0) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
async def http() -> AsyncGenerator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_it_is_healthy_while_it_answers(address: str, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{address}/healthz") as response:
        assert (response.status, await response.json()) == (200, {"status": "ok"})


async def test_it_is_ready_only_when_members_can_be_served(
    address: str, http: aiohttp.ClientSession, state: State
) -> None:
    async with http.get(f"{address}/readyz") as response:
        assert (response.status, await response.json()) == (503, {"ready": False, "waiting": 3})
    state.ready = True
    async with http.get(f"{address}/readyz") as response:
        assert (response.status, await response.json()) == (200, {"ready": True, "waiting": 3})


async def test_prometheus_can_read_its_metrics(address: str, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{address}/metrics") as response:
        assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert await response.text() == "imagine_queue 3.0\n"


@pytest.mark.parametrize("path", ["/", "/webhooks/1/token", "/nothing"])
async def test_nothing_else_is_there(address: str, http: aiohttp.ClientSession, path: str) -> None:
    async with http.post(address + path) as response:
        assert response.status == 404


async def test_a_port_that_is_taken_is_refused_in_words(address: str) -> None:
    taken = int(address.rpartition(":")[2])
    app = build_http_app(readiness=lambda: (True, {}), metrics=lambda: b"", receiver=None)
    with pytest.raises(StartupError, match="Set IMAGINE_HTTP_PORT to a free port") as refused:
        async with serve_http(app, "127.0.0.1", taken):
            pass
    assert f"127.0.0.1:{taken}" in str(refused.value)
    assert "Traceback" not in str(refused.value)


async def test_the_port_is_free_again_when_the_server_is_done() -> None:
    app = build_http_app(readiness=lambda: (True, {}), metrics=lambda: b"", receiver=None)
    async with serve_http(app, "127.0.0.1", 0) as port:
        pass
    again = build_http_app(readiness=lambda: (True, {}), metrics=lambda: b"", receiver=None)
    async with serve_http(again, "127.0.0.1", port) as same:
        assert same == port
