"""A server that sends exact bytes, and a client whose pauses are short and whose time is not."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import SecretStr

from bot.domain.request import GenerationRequest, build_request
from bot.imageapi import ApiLimits, DownloadLimits, ImageApiClient
from tests.fakes.changes import Changes
from tests.patience import PATIENCE_SECONDS

KEY = "pl4nted-K3y/of+the=operator"

Responder = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    raw: bytes
    connection: int

    @property
    def body(self) -> Any:
        return json.loads(self.raw)


def http(body: object = b"", status: int = 200, **headers: str) -> Responder:
    """Answer with a status, headers and a body (bytes as they are, anything else as JSON)."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    told = {"Content-Type": "application/json", "Content-Length": str(len(raw))}
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())

    async def respond(writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 {status} Whatever\r\n{lines}\r\n".encode() + raw)
        await writer.drain()

    return respond


def raw(data: bytes) -> Responder:
    """Send these bytes and hang up."""

    async def respond(writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        writer.close()

    return respond


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Close without a word."""
    writer.close()


@dataclass
class RawServer:
    """Answers each request with the next responder; the last one is repeated."""

    seen: list[Seen] = field(default_factory=list[Seen])
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    changes: Changes = field(default_factory=Changes)
    connections: int = 0
    port: int = 0
    _script: list[Responder] = field(default_factory=list[Responder])
    _writers: list[asyncio.StreamWriter] = field(default_factory=list[asyncio.StreamWriter])
    _never: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    def answers(self, *script: Responder) -> None:
        self._script = list(script)

    async def silent(self, writer: asyncio.StreamWriter) -> None:
        """Never answer."""
        del writer
        await self._never.wait()

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        mine = self.connections
        self._writers.append(writer)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while not writer.is_closing():
                self.seen.append(await _read(reader, mine))
                self.arrived.set()
                self.changes.tell()
                respond = self._script.pop(0) if len(self._script) > 1 else self._script[0]
                await respond(writer)
        writer.close()

    def release(self) -> None:
        self._never.set()
        for writer in self._writers:
            writer.close()


async def _read(reader: asyncio.StreamReader, connection: int) -> Seen:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    method, path, _ = head[0].split(" ")
    headers = {n.lower(): v for n, _, v in (line.partition(": ") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Seen(method, path, headers, body, connection)


@pytest.fixture
async def raw_server() -> AsyncIterator[RawServer]:
    served = RawServer()
    server = await asyncio.start_server(served.handle, "127.0.0.1", 0)
    served.port = server.sockets[0].getsockname()[1]
    yield served
    served.release()
    server.close()
    await server.wait_closed()


LIMITS = ApiLimits(
    submit_seconds=PATIENCE_SECONDS,
    connect_seconds=PATIENCE_SECONDS,
    fetch_seconds=PATIENCE_SECONDS,
    list_seconds=PATIENCE_SECONDS,
    call_seconds=2 * PATIENCE_SECONDS,
    first_wait_seconds=0.001,
    longest_wait_seconds=0.002,
    polls_per_second=1000,
    downloads=DownloadLimits(
        max_bytes=200_000, total_seconds=PATIENCE_SECONDS, connect_seconds=PATIENCE_SECONDS
    ),
)


@pytest.fixture
async def api(raw_server: RawServer) -> AsyncIterator[ImageApiClient]:
    async with ImageApiClient(raw_server.url, SecretStr(KEY), limits=LIMITS) as client:
        yield client


@pytest.fixture
def fox() -> GenerationRequest:
    return build_request({"prompt": "a fox", "model_id": "midjourney", "seed": 7})


@pytest.fixture(autouse=True)
def no_key_in_output(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Whatever a test makes happen, the key is never printed or logged."""
    yield
    out, err = capfd.readouterr()
    assert KEY not in out + err
