"""Answers to interactions, and what their tokens pay for afterwards."""

from __future__ import annotations

from aiohttp import web

from tests.discord_server.composing import Body, create, interaction_draft, revise
from tests.discord_server.core import Core
from tests.discord_server.errors import DiscordError, Json, Refusal, invalid_form
from tests.discord_server.interactions import AUTOCOMPLETE, COMPONENT, MODAL, Interaction
from tests.discord_server.messages import EPHEMERAL, LOADING, StoredMessage
from tests.discord_server.rest.http import BODY, ENTRY, core_of, nothing, number, reply, wants
from tests.discord_server.validation import check_choices, check_modal

PONG, MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, FORM = 1, 4, 5, 6, 7, 8, 9


async def post_callback(request: web.Request) -> web.Response:
    """POST /interactions/{id}/{token}/callback: the one first answer, within three seconds."""
    core, body = core_of(request), request[BODY]
    arrived = request[ENTRY].started_at
    interaction = core.interactions.for_callback(
        number(request, "interaction_id"), request.match_info["token"]
    )
    interaction.check_answerable(arrived, core.rules)
    kind: int = body.fields["type"]
    _check_fitting(interaction, kind)
    message, event = _carry_out(core, interaction, kind, body.inner())
    interaction.answered_at = arrived
    interaction.answer_type = kind
    interaction.answer = body.fields.get("data")
    interaction.original_id = message.id if message else None
    if message is not None and event is not None:
        await core.announce_message(event, message)
    if not wants(request, "with_response"):
        return nothing()
    return reply(_callback_response(interaction, kind, message))


def _check_fitting(interaction: Interaction, kind: int) -> None:
    """Refuse an answer this kind of interaction cannot have."""
    fits = {
        AUTOCOMPLETE: {CHOICES},
        COMPONENT: {MESSAGE, DEFER, DEFER_UPDATE, UPDATE, FORM},
        MODAL: {MESSAGE, DEFER}
        | ({DEFER_UPDATE, UPDATE} if interaction.source_message_id else set()),
    }.get(interaction.kind, {MESSAGE, DEFER, FORM})
    if kind not in fits:
        raise invalid_form(
            "type",
            "INTERACTION_APPLICATION_COMMAND_CALLBACK_TYPE_INVALID",
            f"Interaction type {interaction.kind} cannot be answered with {kind}",
        )


def _carry_out(
    core: Core, interaction: Interaction, kind: int, body: Body
) -> tuple[StoredMessage | None, str | None]:
    """Do what an answer asks for; give back the original response and the event it causes."""
    if kind in {MESSAGE, DEFER}:
        return _answer_with_message(core, interaction, kind, body), "MESSAGE_CREATE"
    if kind == CHOICES:
        check_choices(body.fields.get("choices") or [])
        return None, None
    if kind == FORM:
        check_modal(body.fields)
        return None, None
    source = core.messages.find(interaction.channel_id, interaction.source_message_id or 0)
    if kind == DEFER_UPDATE:
        return source, None
    revise(core, source, body, file_limit=interaction.file_limit)
    return source, "MESSAGE_UPDATE"


def _answer_with_message(
    core: Core, interaction: Interaction, kind: int, body: Body
) -> StoredMessage:
    """Create the first answer; a defer creates it as "thinking", keeping only the private flag."""
    deferred = kind == DEFER
    flags = LOADING if deferred else 0
    if deferred:
        body = Body({"flags": (body.fields.get("flags") or 0) & EPHEMERAL})
    source = interaction.source_message_id
    answers = None if source is None else core.messages.find_anywhere(source)
    draft = interaction_draft(
        core, interaction, body, answers=answers, flags=flags, may_be_empty=deferred
    )
    return create(core, draft)


def _callback_response(interaction: Interaction, kind: int, message: StoredMessage | None) -> Json:
    described: Json = {"id": str(interaction.id), "type": interaction.kind}
    resource: Json = {"type": kind}
    if message is not None:
        described |= {
            "response_message_id": str(message.id),
            "response_message_loading": bool(message.flags & LOADING),
            "response_message_ephemeral": message.ephemeral,
        }
        resource["message"] = message.payload
    return {"interaction": described, "resource": resource}


def _interaction(request: web.Request) -> Interaction:
    core = core_of(request)
    return core.interactions.for_webhook(request.match_info["token"], core.rules)


async def post_followup(request: web.Request) -> web.Response:
    """POST /webhooks/{application_id}/{token}: the first after a defer fills "thinking"."""
    core, body = core_of(request), request[BODY]
    interaction = _interaction(request)
    original = _original_or_none(core, interaction)
    if original is not None and original.flags & LOADING:
        revise(core, original, body, file_limit=interaction.file_limit)
        await core.announce_message("MESSAGE_UPDATE", original)
        return reply(original.payload)
    draft = interaction_draft(core, interaction, body, answers=original)
    core.interactions.count_followup(interaction)
    message = create(core, draft)
    await core.announce_message("MESSAGE_CREATE", message)
    return reply(message.payload)


def _original_or_none(core: Core, interaction: Interaction) -> StoredMessage | None:
    message = core.messages.find_anywhere(interaction.original_id or 0)
    return None if message is None or message.deleted else message


def _find(request: web.Request) -> StoredMessage:
    """Find the message an address below the token names; only the interaction's own are there."""
    core, interaction = core_of(request), _interaction(request)
    name = request.match_info.get("message_id", "@original")
    if name == "@original":
        message = _original_or_none(core, interaction)
    else:
        message = core.messages.find(interaction.channel_id, int(name))
    if message is None:
        raise DiscordError(Refusal.UNKNOWN_MESSAGE)
    if interaction.id != message.interaction_id and message.id != interaction.original_id:
        raise DiscordError(Refusal.UNKNOWN_MESSAGE)
    return message


async def get_message(request: web.Request) -> web.Response:
    """GET …/messages/{message_id} or …/messages/@original."""
    return reply(_find(request).payload)


async def patch_message(request: web.Request) -> web.Response:
    """PATCH …/messages/{message_id} or …/messages/@original."""
    core = core_of(request)
    message = _find(request)
    revise(core, message, request[BODY], file_limit=_interaction(request).file_limit)
    await core.announce_message("MESSAGE_UPDATE", message)
    return reply(message.payload)


async def delete_message(request: web.Request) -> web.Response:
    """DELETE …/messages/{message_id} or …/messages/@original."""
    message = _find(request)
    message.deleted = True
    await core_of(request).announce_message("MESSAGE_DELETE", message)
    return nothing()


_BELOW_TOKEN = "/webhooks/{application_id}/{token}"

ROUTES = [
    web.post("/interactions/{interaction_id}/{token}/callback", post_callback),
    web.post(_BELOW_TOKEN, post_followup),
    *(
        web.route(method, f"{_BELOW_TOKEN}/messages/{name}", handler)
        for name in ("@original", "{message_id}")
        for method, handler in (
            ("GET", get_message),
            ("PATCH", patch_message),
            ("DELETE", delete_message),
        )
    ),
]
