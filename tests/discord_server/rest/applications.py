"""The bot's own account: application, commands, guilds, people, and the way to the gateway."""

from __future__ import annotations

from aiohttp import web

from tests.discord_server.core import Core
from tests.discord_server.errors import DiscordError, Json, Refusal, invalid_form
from tests.discord_server.gateway import gateway_url
from tests.discord_server.ids import APPLICATION_ID, BOT_ID
from tests.discord_server.payloads import (
    application_payload,
    channel_payload,
    guild_payload,
    member_payload,
    user_payload,
)
from tests.discord_server.rest.http import BODY, core_of, nothing, number, optional_number, reply
from tests.discord_server.world import Channel

MAX_COMMANDS = {1: 100, 2: 15, 3: 15}
MAX_OPTIONS = 25
DESCRIPTION = 100


async def get_gateway(request: web.Request) -> web.Response:
    """GET /gateway and /gateway/bot, the latter used by sharded clients only."""
    limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
    url = gateway_url(core_of(request).address)
    return reply({"url": url, "shards": 1, "session_start_limit": limit})


async def get_me(request: web.Request) -> web.Response:
    """GET /users/@me, which discord.py calls to log in."""
    return reply(user_payload(core_of(request).world.users[BOT_ID]))


async def get_user(request: web.Request) -> web.Response:
    """GET /users/{user_id}."""
    return reply(user_payload(core_of(request).world.user(number(request, "user_id"))))


async def get_application(request: web.Request) -> web.Response:
    """GET /oauth2/applications/@me and /applications/@me."""
    return reply(application_payload(core_of(request).world))


async def post_direct_channel(request: web.Request) -> web.Response:
    """POST /users/@me/channels; it succeeds even where sending will be refused with 50007."""
    core = core_of(request)
    user = core.world.user(int(request[BODY].fields["recipient_id"]))
    return reply(channel_payload(open_direct_channel(core, user.id), core.world))


def open_direct_channel(core: Core, user_id: int) -> Channel:
    """Find or make the direct messages with a user."""
    channel = core.world.direct_channel(user_id)
    if channel is None:
        channel = Channel(core.new_id(), "", kind=1, recipients=[user_id])
        core.world.channels[channel.id] = channel
    return channel


async def get_my_guilds(request: web.Request) -> web.Response:
    """GET /users/@me/guilds, oldest first, with what the bot may do by its roles."""
    after = optional_number(request, "after") or 0
    guilds = sorted(core_of(request).world.joined_guilds(), key=lambda guild: guild.id)
    page = [guild for guild in guilds if guild.id > after][: int(request.query["limit"])]
    return reply(
        [
            {
                "id": str(guild.id),
                "name": guild.name,
                "icon": None,
                "owner": False,
                "permissions": str(guild.permissions),
                "features": [],
            }
            for guild in page
        ]
    )


async def get_guild(request: web.Request) -> web.Response:
    """GET /guilds/{guild_id}."""
    core = core_of(request)
    return reply(guild_payload(core.world.guild(number(request, "guild_id")), core.world))


async def get_guild_part(request: web.Request) -> web.Response:
    """GET /guilds/{guild_id}/channels or …/roles."""
    core = core_of(request)
    guild = guild_payload(core.world.guild(number(request, "guild_id")), core.world)
    return reply(guild[request.match_info["part"]])


async def get_member(request: web.Request) -> web.Response:
    """GET /guilds/{guild_id}/members/{user_id}."""
    core = core_of(request)
    guild = core.world.guild(number(request, "guild_id"))
    user = core.world.user(number(request, "user_id"))
    if user.id not in guild.member_ids:
        raise DiscordError(Refusal.UNKNOWN_MEMBER)
    return reply(member_payload(user))


def _scope(request: web.Request) -> int | None:
    if "guild_id" not in request.match_info:
        return None
    return core_of(request).world.guild(number(request, "guild_id")).id


async def get_commands(request: web.Request) -> web.Response:
    """GET the published commands of one scope."""
    return reply(core_of(request).commands.get(_scope(request), []))


async def put_commands(request: web.Request) -> web.Response:
    """PUT all commands of one scope; a command that keeps its name keeps its id."""
    core, scope = core_of(request), _scope(request)
    wanted: list[Json] = request[BODY].json
    _check_commands(wanted)
    ids = {(c["name"], c["type"]): c["id"] for c in core.commands.get(scope, [])}
    core.commands[scope] = [_publish(core, command, scope, ids) for command in wanted]
    return reply(core.commands[scope])


async def post_command(request: web.Request) -> web.Response:
    """POST one command, replacing the one of the same name and type."""
    core, scope = core_of(request), _scope(request)
    fields = request[BODY].fields
    _check_commands([fields])
    before = core.commands.get(scope, [])
    ids = {(c["name"], c["type"]): c["id"] for c in before}
    command = _publish(core, fields, scope, ids)
    core.commands[scope] = [*(c for c in before if c["id"] != command["id"]), command]
    return reply(command, 201)


async def delete_command(request: web.Request) -> web.Response:
    """DELETE one command."""
    core, scope = core_of(request), _scope(request)
    before = core.commands.get(scope, [])
    after = [c for c in before if c["id"] != request.match_info["command_id"]]
    if len(after) == len(before):
        raise DiscordError(Refusal.UNKNOWN_COMMAND)
    core.commands[scope] = after
    return nothing()


def _publish(core: Core, command: Json, scope: int | None, ids: dict[tuple[str, int], str]) -> Json:
    kind: int = command.get("type", 1)
    published: Json = {"description": "", **command, "type": kind}
    published |= {
        "id": ids.get((command["name"], kind)) or str(core.new_id()),
        "application_id": str(APPLICATION_ID),
        "version": str(core.new_id()),
    }
    if scope is not None:
        published["guild_id"] = str(scope)
    return published


def _check_commands(commands: list[Json]) -> None:
    for kind, limit in MAX_COMMANDS.items():
        if sum(command.get("type", 1) == kind for command in commands) > limit:
            raise invalid_form("_", "BASE_TYPE_MAX_LENGTH", f"Must be {limit} or fewer in length.")
    for index, command in enumerate(commands):
        _check_named(str(index), command)


def _check_named(path: str, node: Json) -> None:
    if not 1 <= len(node.get("name", "")) <= 32:
        raise invalid_form(f"{path}.name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 32.")
    if len(node.get("description") or "") > DESCRIPTION:
        raise invalid_form(f"{path}.description", "BASE_TYPE_BAD_LENGTH", "Must be 1 to 100.")
    options: list[Json] = node.get("options") or []
    if len(options) > MAX_OPTIONS:
        raise invalid_form(f"{path}.options", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer.")
    if len(node.get("choices") or []) > MAX_OPTIONS:
        raise invalid_form(f"{path}.choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer.")
    for index, option in enumerate(options):
        _check_named(f"{path}.options.{index}", option)


_SCOPES = (
    "/applications/{application_id}/commands",
    "/applications/{application_id}/guilds/{guild_id}/commands",
)

ROUTES = [
    web.get("/gateway", get_gateway),
    web.get("/gateway/bot", get_gateway),
    web.get("/users/@me", get_me),
    web.get("/users/@me/guilds", get_my_guilds),
    web.post("/users/@me/channels", post_direct_channel),
    web.get("/users/{user_id}", get_user),
    web.get("/oauth2/applications/@me", get_application),
    web.get("/applications/@me", get_application),
    web.get("/guilds/{guild_id}", get_guild),
    web.get("/guilds/{guild_id}/{part:channels|roles}", get_guild_part),
    web.get("/guilds/{guild_id}/members/{user_id}", get_member),
    *(
        web.route(method, path + end, handler)
        for path in _SCOPES
        for method, end, handler in (
            ("GET", "", get_commands),
            ("PUT", "", put_commands),
            ("POST", "", post_command),
            ("DELETE", "/{command_id}", delete_command),
        )
    ),
]
