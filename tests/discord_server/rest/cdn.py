"""The files, at addresses that look like Discord's."""

from __future__ import annotations

from aiohttp import web

from tests.discord_server.rest.http import core_of


async def get_file(request: web.Request) -> web.Response:
    """Serve an attachment; those of deleted messages are gone."""
    core = core_of(request)
    file = core.files.get(int(request.match_info["file_id"]))
    if file is None or file.filename != request.match_info["filename"]:
        raise web.HTTPNotFound
    return web.Response(body=file.data, content_type=file.content_type)


ROUTES = [
    web.get(
        "/cdn/{kind:attachments|ephemeral-attachments}/{channel_id}/{file_id}/{filename}", get_file
    )
]
