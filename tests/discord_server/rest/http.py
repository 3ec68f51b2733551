"""What the REST handlers share: the core, the body, and answers discord.py can read."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import BodyPartReader, web

from tests.discord_server.composing import Body, Upload
from tests.discord_server.core import Core
from tests.discord_server.errors import DiscordError, Refusal, invalid_form
from tests.discord_server.media import clean_filename
from tests.discord_server.recorder import Entry

CORE = web.AppKey("core", Core)
BODY = web.RequestKey("body", Body)
ENTRY = web.RequestKey("entry", Entry)
PREFIX = "/api/v10"


def core_of(request: web.Request) -> Core:
    """Find the server's state."""
    return request.app[CORE]


def number(request: web.Request, name: str) -> int:
    """Read an id out of the path."""
    text = request.match_info[name]
    if not text.isdecimal():
        raise invalid_form(name, "NUMBER_TYPE_COERCE", f'Value "{text}" is not snowflake.')
    return int(text)


def optional_number(request: web.Request, name: str) -> int | None:
    """Read an id out of the query."""
    text = request.query.get(name)
    return None if text is None else int(text)


def wants(request: web.Request, name: str) -> bool:
    """Read a yes or no out of the query."""
    return request.query.get(name, "").lower() in {"1", "true"}


def reply(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Answer with JSON; discord.py parses only exactly `application/json`, without a charset."""
    body = json.dumps(data, separators=(",", ":")).encode()
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


def nothing() -> web.Response:
    """Answer 204."""
    return web.Response(status=204)


async def read_body(request: web.Request) -> Body:
    """Read JSON, or a multipart body with `payload_json` and `files[n]`."""
    if request.content_type == "multipart/form-data":
        return await _read_multipart(request)
    raw = await request.read()
    return Body(_decode(raw) if raw else None)


def _decode(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        raise DiscordError(Refusal.INVALID_JSON) from None


async def _read_multipart(request: web.Request) -> Body:
    content: Any = {}
    uploads: list[Upload] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        data = bytes(await part.read())
        name = part.name or ""
        if name == "payload_json":
            content = _decode(data)
        elif name.startswith("files["):
            filename = clean_filename(part.filename or name)
            uploads.append(Upload(int(name[6:-1]), filename, data))
    return Body(content, tuple(uploads))
