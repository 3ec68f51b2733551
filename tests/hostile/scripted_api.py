"""An image API that answers exactly what a row says, byte for byte, and counts what it is sent."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import random
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from aiohttp import web
from PIL import Image

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply. `%ROOT%` and `%ID%` in a body become the server's address and the job's id."""

    body: Any = b""
    status: int = 200
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict[str, str])
    encoding: str = "utf-8"
    dropped: bool = False

    def response(self, root: str, job_id: int) -> web.Response:
        body = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        body = body.replace(b'"%ID%"', str(job_id).encode()).replace(b"%ROOT%", root.encode())
        body = body.decode("latin-1").encode(self.encoding) if self.encoding != "utf-8" else body
        headers = {"Content-Type": self.content_type, **self.headers}
        return web.Response(body=body, status=self.status, headers=headers)


DROPPED = Answer(dropped=True)


def picture(name: str = "fine.png") -> str:
    return f"%ROOT%/pictures/{name}"


def success(*names: str, **fields: Any) -> Answer:
    output = [picture(name) for name in names or ("fine.png",)]
    return Answer({"status": "success", "id": "%ID%", "output": output, **fields})


def processing(**fields: Any) -> Answer:
    usual = {"status": "processing", "id": "%ID%", "output": [], "eta": 0, "messege": "Try later"}
    return Answer({**usual, **fields})


@dataclass(slots=True)
class Script:
    """What one prompt's submissions and fetches are answered; the last answer repeats."""

    submits: tuple[Answer, ...] = (success(),)
    fetches: tuple[Answer, ...] = (success(),)
    before: Callable[[], Awaitable[object]] | None = None
    """Awaited before a submission is answered."""
    until: asyncio.Event | None = None
    """Fetches are answered "not yet" until this is set."""


class ScriptedApi:
    """Use as `async with scripted_api() as api`."""

    def __init__(self) -> None:
        self.root = ""
        self.scripts: dict[str, Script] = {}
        self.submissions: Counter[str] = Counter()
        self._fetched: Counter[str] = Counter()
        self._prompts: dict[int, str] = {}

    @property
    def base_url(self) -> str:
        return f"{self.root}/api"

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/api/v4/dreambooth", self._submit)
        app.router.add_post("/api/v4/dreambooth/fetch", self._fetch)
        app.router.add_post("/api/v4/dreambooth/model_list", _no_models)
        app.router.add_get("/pictures/{name}", _picture)
        return app

    async def _submit(self, request: web.Request) -> web.Response:
        prompt = (await request.json())["prompt"]
        self.submissions[prompt] += 1
        script = self.scripts.get(prompt, Script())
        if script.before is not None:
            await script.before()
        job_id = 9000 + len(self._prompts)
        self._prompts[job_id] = prompt
        return self._send(request, _nth(script.submits, self.submissions[prompt]), job_id)

    async def _fetch(self, request: web.Request) -> web.Response:
        job_id = int((await request.json())["request_id"])
        prompt = self._prompts[job_id]
        self._fetched[prompt] += 1
        script = self.scripts.get(prompt, Script())
        if script.until is not None and not script.until.is_set():
            return self._send(request, processing(), job_id)
        return self._send(request, _nth(script.fetches, self._fetched[prompt]), job_id)

    def _send(self, request: web.Request, answer: Answer, job_id: int) -> web.Response:
        if answer.dropped and request.transport is not None:
            request.transport.abort()
        return answer.response(self.root, job_id)


def _nth(answers: tuple[Answer, ...], count: int) -> Answer:
    return answers[min(count, len(answers)) - 1]


async def _no_models(_request: web.Request) -> web.Response:
    return web.json_response([])


async def _picture(request: web.Request) -> web.Response:
    name = request.match_info["name"]
    if name.startswith("fine"):
        return web.Response(body=small_png(), content_type="image/png")
    if name.startswith("huge"):
        return web.Response(body=noise_png(1600), content_type="image/png")
    if name.startswith("large"):
        return web.Response(body=noise_png(720), content_type="image/png")
    return web.Response(status=403, text="Forbidden")


@cache
def small_png() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").resize((64, 64)).save(out, "PNG")
    return out.getvalue()


@cache
def noise_png(side: int) -> bytes:
    """Noise, which PNG cannot make smaller: three bytes a pixel."""
    noise = random.Random(7).randbytes(side * side * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", (side, side), noise).save(out, "PNG", compress_level=1)
    return out.getvalue()


@contextlib.asynccontextmanager
async def scripted_api() -> AsyncGenerator[ScriptedApi]:
    api = ScriptedApi()
    runner = web.AppRunner(api.app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    api.root = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield api
    finally:
        await asyncio.shield(runner.cleanup())
