"""The web application: every route under one roof."""

from __future__ import annotations

from aiohttp import web

from tests.discord_server.core import Core
from tests.discord_server.records import MIB
from tests.discord_server.rest import applications, cdn, channels, webhooks
from tests.discord_server.rest.http import CORE, PREFIX
from tests.discord_server.rest.middleware import bot_requests

LARGEST_BODY = 600 * MIB
"""Never reached: sizes are judged after reading, so that the refusal is Discord's."""


def build_app(core: Core) -> web.Application:
    """Put the routes together around one state."""
    app = web.Application(middlewares=[bot_requests], client_max_size=LARGEST_BODY)
    app[CORE] = core
    for route in [*applications.ROUTES, *channels.ROUTES, *webhooks.ROUTES]:
        app.router.add_route(route.method, PREFIX + route.path, route.handler)
    app.router.add_routes(cdn.ROUTES)
    app.router.add_get("/gateway", core.gateway.handle)
    app.router.add_get("/gateway/", core.gateway.handle)
    return app
