"""Channels and their messages."""

from __future__ import annotations

import time

from aiohttp import web

from tests.discord_server.composing import (
    PLAIN,
    REPLY,
    Body,
    Draft,
    check_may_post,
    create,
    reply_fields,
    revise,
)
from tests.discord_server.core import Core
from tests.discord_server.errors import DiscordError, Refusal, invalid_form
from tests.discord_server.ids import BOT_ID
from tests.discord_server.messages import StoredMessage
from tests.discord_server.payloads import channel_payload
from tests.discord_server.permissions import Permission
from tests.discord_server.rest.http import BODY, core_of, nothing, number, optional_number, reply
from tests.discord_server.world import Channel


async def get_channel(request: web.Request) -> web.Response:
    """GET /channels/{channel_id}."""
    core = core_of(request)
    channel = core.world.visible_channel(number(request, "channel_id"))
    return reply(channel_payload(channel, core.world))


async def post_message(request: web.Request) -> web.Response:
    """POST /channels/{channel_id}/messages."""
    core, body = core_of(request), request[BODY]
    channel = core.world.visible_channel(number(request, "channel_id"))
    check_may_post(core, channel, body)
    if known := _same_nonce(core, channel, body):
        return reply({**known.payload, "nonce": known.nonce})
    extra = reply_fields(core, channel, body.fields.get("message_reference"))
    draft = Draft(
        channel_id=channel.id,
        guild_id=channel.guild_id,
        body=body,
        file_limit=core.world.file_limit(channel.guild_id),
        kind=REPLY if extra else PLAIN,
        extra=extra,
    )
    message = create(core, draft)
    await core.announce_message("MESSAGE_CREATE", message)
    payload = dict(message.payload)
    if message.nonce is not None:
        payload["nonce"] = message.nonce
    return reply(payload)


def _same_nonce(core: Core, channel: Channel, body: Body) -> StoredMessage | None:
    """Find the message an enforced nonce already made.

    If it was deleted meanwhile, Discord does not make another but answers Unknown Message; its
    staff call that intended (discord-api-docs #6647).
    """
    nonce = body.fields.get("nonce")
    if nonce is None or not body.fields.get("enforce_nonce"):
        return None
    since = time.monotonic() - core.rules.nonce_seconds
    known = core.messages.with_nonce(channel.id, str(nonce), since=since)
    if known is not None and known.deleted:
        raise DiscordError(Refusal.UNKNOWN_MESSAGE)
    return known


async def get_messages(request: web.Request) -> web.Response:
    """GET /channels/{channel_id}/messages, newest first."""
    core = core_of(request)
    channel = core.world.visible_channel(number(request, "channel_id"))
    limit = int(request.query.get("limit", "50"))
    if not 1 <= limit <= 100:
        raise invalid_form("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 100.")
    if not core.world.permissions_in(channel) & Permission.READ_MESSAGE_HISTORY:
        if core.rules.history_denied == "forbidden":
            raise DiscordError(Refusal.MISSING_PERMISSIONS)
        return reply([])
    found = core.messages.history(
        channel.id,
        limit=limit,
        before=optional_number(request, "before"),
        after=optional_number(request, "after"),
        around=optional_number(request, "around"),
    )
    return reply([message.payload for message in found])


def _find(request: web.Request, core: Core) -> StoredMessage:
    """Find a message the bot's token may see; private answers are not among them."""
    channel = core.world.visible_channel(number(request, "channel_id"))
    message = core.messages.find(channel.id, number(request, "message_id"))
    if message.ephemeral:
        raise DiscordError(Refusal.UNKNOWN_MESSAGE)
    return message


async def get_message(request: web.Request) -> web.Response:
    """GET /channels/{channel_id}/messages/{message_id}."""
    core = core_of(request)
    channel = core.world.visible_channel(number(request, "channel_id"))
    core.world.require(channel, Permission.READ_MESSAGE_HISTORY)
    return reply(_find(request, core).payload)


async def patch_message(request: web.Request) -> web.Response:
    """PATCH /channels/{channel_id}/messages/{message_id}."""
    core = core_of(request)
    message = _find(request, core)
    if message.author_id != BOT_ID:
        raise DiscordError(Refusal.NOT_AUTHOR)
    limit = core.world.file_limit(message.guild_id)
    revise(core, message, request[BODY], file_limit=limit)
    await core.announce_message("MESSAGE_UPDATE", message)
    return reply(message.payload)


async def delete_message(request: web.Request) -> web.Response:
    """DELETE /channels/{channel_id}/messages/{message_id}."""
    core = core_of(request)
    message = _find(request, core)
    if message.author_id != BOT_ID:
        core.world.require(core.world.channel(message.channel_id), Permission.MANAGE_MESSAGES)
    message.deleted = True
    await core.announce_message("MESSAGE_DELETE", message)
    return nothing()


async def post_typing(request: web.Request) -> web.Response:
    """POST /channels/{channel_id}/typing."""
    core = core_of(request)
    core.world.visible_channel(number(request, "channel_id"))
    return nothing()


ROUTES = [
    web.get("/channels/{channel_id}", get_channel),
    web.post("/channels/{channel_id}/messages", post_message),
    web.get("/channels/{channel_id}/messages", get_messages),
    web.get("/channels/{channel_id}/messages/{message_id}", get_message),
    web.patch("/channels/{channel_id}/messages/{message_id}", patch_message),
    web.delete("/channels/{channel_id}/messages/{message_id}", delete_message),
    web.post("/channels/{channel_id}/typing", post_typing),
]
