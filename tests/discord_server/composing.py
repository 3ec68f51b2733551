"""How a request's body becomes a message, or changes one."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from tests.discord_server.core import Core
from tests.discord_server.errors import DiscordError, Json, Refusal, invalid_form
from tests.discord_server.ids import APPLICATION_ID, BOT_ID
from tests.discord_server.interactions import COMMAND, Interaction
from tests.discord_server.media import StoredFile, clean_filename, store_file
from tests.discord_server.messages import EPHEMERAL, LOADING, StoredMessage
from tests.discord_server.payloads import user_payload
from tests.discord_server.permissions import Permission
from tests.discord_server.validation import check_message
from tests.discord_server.world import Channel

PLAIN, REPLY, COMMAND_ANSWER, MENU_ANSWER = 0, 19, 20, 23
EDITABLE = ("content", "embeds", "components", "flags", "allowed_mentions")


@dataclass(frozen=True, slots=True)
class Upload:
    """One `files[n]` part of a multipart body."""

    index: int
    filename: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Body:
    """A request's JSON and its files."""

    json: Any = None
    uploads: tuple[Upload, ...] = ()

    @property
    def fields(self) -> Json:
        """The JSON, which must be an object."""
        if not isinstance(self.json, dict):
            raise invalid_form("_", "BASE_TYPE_REQUIRED", "An object is required")
        return self.json

    def inner(self) -> Body:
        """The message inside an interaction callback."""
        return Body(self.fields.get("data") or {}, self.uploads)


@dataclass(slots=True)
class Draft:
    """A message about to be created."""

    channel_id: int
    guild_id: int | None
    body: Body
    file_limit: int
    kind: int = PLAIN
    flags: int = 0
    extra: Json = field(default_factory=dict[str, Any])
    interaction_id: int | None = None
    may_be_empty: bool = False


def create(core: Core, draft: Draft) -> StoredMessage:
    """Check a draft and make it a message of the bot."""
    fields = draft.body.fields
    _check_sizes(core, draft.body, draft.file_limit)
    if not draft.may_be_empty:
        check_message(fields, {upload.filename for upload in draft.body.uploads})
    source = {**fields, "flags": (fields.get("flags") or 0) | draft.flags}
    nonce = fields.get("nonce")
    message = StoredMessage(
        id=core.new_id(),
        channel_id=draft.channel_id,
        guild_id=draft.guild_id,
        author_id=BOT_ID,
        kind=draft.kind,
        source=source,
        files=_store_uploads(core, draft.body, draft.channel_id, bool(source["flags"] & EPHEMERAL)),
        extra=draft.extra,
        nonce=None if nonce is None else str(nonce),
        interaction_id=draft.interaction_id,
    )
    message.render(core.world)
    core.messages.add(message)
    return message


def revise(core: Core, message: StoredMessage, body: Body, *, file_limit: int) -> None:
    """Apply an edit; only the files listed in `attachments` stay, if there is such a list."""
    fields = body.fields
    _check_sizes(core, body, file_limit)
    kept = _kept_files(message, fields)
    source = dict(message.source)
    source |= {name: fields[name] for name in EDITABLE if fields.get(name) is not None}
    source |= {name: None for name in ("content", "embeds") if name in fields and not fields[name]}
    source["flags"] = _revised_flags(message.flags, fields.get("flags"))
    names = {file.filename for file in kept} | {upload.filename for upload in body.uploads}
    check_message(source | {"attachments": fields.get("attachments")}, names)
    files = kept + _store_uploads(core, body, message.channel_id, message.ephemeral)
    message.source, message.files = source, files
    message.edits += 1
    message.edited_at = time.time()
    message.render(core.world)


def _revised_flags(before: int, asked: int | None) -> int:
    """Keep what an edit cannot change: privacy, and components v2 once set."""
    fixed = EPHEMERAL | (1 << 15)
    wanted = before & ~LOADING if asked is None else asked | (before & (1 << 15))
    return (wanted & ~LOADING & ~EPHEMERAL) | (before & fixed)


def _kept_files(message: StoredMessage, fields: Json) -> list[StoredFile]:
    listed = fields.get("attachments")
    if listed is None:
        return list(message.files)
    wanted = {str(item["id"]): item for item in listed}
    kept = [file for file in message.files if str(file.id) in wanted]
    for file in kept:
        file.description = wanted[str(file.id)].get("description", file.description)
    return kept


def _check_sizes(core: Core, body: Body, file_limit: int) -> None:
    sizes = [len(upload.data) for upload in body.uploads]
    total_limit = max(core.rules.max_request_bytes, file_limit)
    if max(sizes, default=0) > file_limit or sum(sizes) > total_limit:
        raise DiscordError(Refusal.TOO_LARGE)


def _store_uploads(core: Core, body: Body, channel_id: int, ephemeral: bool) -> list[StoredFile]:
    listed = {str(item.get("id")): item for item in body.fields.get("attachments") or []}
    stored: list[StoredFile] = []
    for upload in body.uploads:
        named = listed.get(str(upload.index), {})
        file = store_file(
            file_id=core.new_id(),
            channel_id=channel_id,
            filename=clean_filename(named.get("filename") or upload.filename),
            data=upload.data,
            base_url=core.address,
            description=named.get("description"),
            ephemeral=ephemeral,
        )
        core.files[file.id] = file
        stored.append(file)
    return stored


def check_may_post(core: Core, channel: Channel, body: Body) -> None:
    """Refuse what the bot's permissions in the channel do not cover."""
    if channel.kind == 1:
        if not all(core.world.user(user_id).accepts_dms for user_id in channel.recipients):
            raise DiscordError(Refusal.CANNOT_DM)
        return
    needed = Permission.SEND_MESSAGES
    if channel.kind in {10, 11, 12}:
        needed = Permission.SEND_MESSAGES_IN_THREADS
    if body.uploads:
        needed |= Permission.ATTACH_FILES
    if body.fields.get("embeds"):
        needed |= Permission.EMBED_LINKS
    core.world.require(channel, needed)


def reply_fields(core: Core, channel: Channel, reference: Json | None) -> Json:
    """Resolve the message a new one answers."""
    if not reference:
        return {}
    if not core.world.permissions_in(channel) & Permission.READ_MESSAGE_HISTORY:
        raise DiscordError(Refusal.NO_REPLY_WITHOUT_HISTORY)
    message_id = int(reference["message_id"])
    try:
        answered = core.messages.find(channel.id, message_id)
    except DiscordError:
        if not reference.get("fail_if_not_exists", True):
            return {}
        raise invalid_form(
            "message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message"
        ) from None
    return reference_to(answered)


def reference_to(answered: StoredMessage) -> Json:
    """Write the fields of a message that answers another."""
    reference = {
        "type": 0,
        "channel_id": str(answered.channel_id),
        "message_id": str(answered.id),
    }
    if answered.guild_id is not None:
        reference["guild_id"] = str(answered.guild_id)
    inner = {k: v for k, v in answered.payload.items() if k != "referenced_message"}
    return {"message_reference": reference, "referenced_message": inner}


def interaction_draft(
    core: Core,
    interaction: Interaction,
    body: Body,
    *,
    answers: StoredMessage | None = None,
    flags: int = 0,
    may_be_empty: bool = False,
) -> Draft:
    """Prepare a message that an interaction's token pays for."""
    user = user_payload(core.world.users[interaction.user_id])
    extra: Json = {
        "application_id": str(APPLICATION_ID),
        "webhook_id": str(APPLICATION_ID),
        "interaction_metadata": interaction.metadata(user),
    }
    kind = PLAIN
    if answers is not None:
        extra |= reference_to(answers)
        kind = REPLY
    elif interaction.kind == COMMAND:
        kind = COMMAND_ANSWER if interaction.command_kind == 1 else MENU_ANSWER
        extra["interaction"] = {
            "id": str(interaction.id),
            "type": interaction.kind,
            "name": interaction.name,
            "user": user,
        }
    return Draft(
        channel_id=interaction.channel_id,
        guild_id=interaction.guild_id,
        body=body,
        file_limit=interaction.file_limit,
        kind=kind,
        flags=flags,
        extra=extra,
        interaction_id=interaction.id,
        may_be_empty=may_be_empty,
    )
