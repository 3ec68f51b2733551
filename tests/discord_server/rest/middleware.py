"""What happens to every request of the bot before and after its handler."""

from __future__ import annotations

import time

from aiohttp import web
from aiohttp.typedefs import Handler

from tests.discord_server.core import Core
from tests.discord_server.errors import DiscordError, Refusal
from tests.discord_server.ids import TOKEN
from tests.discord_server.ratelimits import Verdict
from tests.discord_server.recorder import Entry
from tests.discord_server.records import Fault
from tests.discord_server.rest.http import BODY, ENTRY, PREFIX, core_of, read_body, reply

TOKEN_IN_PATH = ("/webhooks/", "/interactions/")
"""These need no Authorization: the interaction's token stands in the path."""


@web.middleware
async def bot_requests(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Record a request, let its fault happen, count it, and turn refusals into answers."""
    if not request.path.startswith(PREFIX):
        return await handler(request)
    core = core_of(request)
    entry = _begin(core, request)
    fault = core.faults.take(entry.method, entry.path)
    entry.fault = fault.kind if fault else None
    try:
        response = await _with_fault(core, request, handler, fault)
        entry.status = entry.status if entry.status is not None else response.status
    finally:
        entry.finished_at = time.monotonic()
        core.changes.notify()
    return response


def _begin(core: Core, request: web.Request) -> Entry:
    resource = request.match_info.route.resource
    path = request.path.removeprefix(PREFIX)
    route = path if resource is None else resource.canonical.removeprefix(PREFIX)
    entry = core.recorder.begin(request.method, path, route, dict(request.query))
    request[ENTRY] = entry
    return entry


async def _with_fault(
    core: Core, request: web.Request, handler: Handler, fault: Fault | None
) -> web.StreamResponse:
    if fault is None:
        return await _process(core, request, handler)
    if fault.kind == "delay":
        core.changes.notify()
        await core.held.hold(fault.seconds)
        return await _process(core, request, handler)
    if fault.kind in {"lose reply", "delay reply"}:
        response = await _process(core, request, handler)
        if fault.kind == "delay reply":
            request[ENTRY].status = response.status
            core.changes.notify()
            await core.held.hold(fault.seconds)
            return response
    if fault.kind == "answer":
        await _note_body(request)
        return reply(fault.body, fault.status, fault.headers)
    return _cut(request)


def _cut(request: web.Request) -> web.StreamResponse:
    """Abort the connection; the answer returned has nobody left to read it."""
    if request.transport is not None:
        request.transport.abort()
    request[ENTRY].status = 0
    return web.Response(status=500)


async def _process(core: Core, request: web.Request, handler: Handler) -> web.StreamResponse:
    headers: dict[str, str] = {}
    try:
        if core.rules.rate_limits != "off":
            verdict = _judge(core, request)
            headers = verdict.headers
            if verdict.refusal is not None:
                await _note_body(request)
                return reply(verdict.refusal, 429, headers)
        _authorize(request)
        await _note_body(request)
        response = await handler(request)
    except DiscordError as error:
        request[ENTRY].code = error.code
        response = reply(error.to_json(), error.status)
    except ConnectionError:
        return _cut(request)  # the bot died while it sent the body
    except web.HTTPNotFound:
        response = reply(DiscordError(Refusal.NOT_FOUND).to_json(), 404)
    response.headers.update(headers)
    return response


def _judge(core: Core, request: web.Request) -> Verdict:
    entry = request[ENTRY]
    roomy = core.rules.rate_limits == "roomy"
    return core.limiter.judge(entry.method, entry.route, dict(request.match_info), roomy=roomy)


def _authorize(request: web.Request) -> None:
    if request[ENTRY].path.startswith(TOKEN_IN_PATH):
        return
    if request.headers.get("Authorization") != f"Bot {TOKEN}":
        raise DiscordError(Refusal.UNAUTHORIZED)


async def _note_body(request: web.Request) -> None:
    body = await read_body(request)
    request[BODY] = body
    request[ENTRY].received_at = time.monotonic()
    request[ENTRY].body = body.json
    request[ENTRY].file_sizes = tuple(len(upload.data) for upload in body.uploads)
