"""How a member's action becomes an INTERACTION_CREATE event."""

from __future__ import annotations

import time
from typing import Any

from tests.discord_server.core import Core
from tests.discord_server.errors import ControlError, Json
from tests.discord_server.ids import APPLICATION_ID
from tests.discord_server.interactions import Interaction, new_token
from tests.discord_server.messages import StoredMessage, walk_components
from tests.discord_server.payloads import channel_payload, member_payload, user_payload
from tests.discord_server.permissions import EVERY_PERMISSION, MEMBER_PERMISSIONS
from tests.discord_server.records import InteractionRecord, Where
from tests.discord_server.rest.applications import open_direct_channel
from tests.discord_server.world import Channel

SUBCOMMAND, GROUP, TEXT, INTEGER, BOOLEAN, USER, CHANNEL, ROLE = 1, 2, 3, 4, 5, 6, 7, 8
NUMBER, ATTACHMENT = 10, 11
TEXT_INPUT, TEXT_ONLY = 4, 10
"""Component types; a form's plain text is not sent back."""
MENU_TYPES = frozenset({3, 5, 6, 7, 8, 19, 22})
"""Menus, uploads and checkbox groups answer with `values`, the rest with `value`."""
RESOLVED_IN = {USER: "users", ROLE: "roles", CHANNEL: "channels"}


async def dispatch(
    core: Core,
    *,
    kind: int,
    name: str,
    data: Json,
    where: Where,
    wait_seconds: float,
    message: StoredMessage | None = None,
) -> InteractionRecord:
    """Send the event to the one session it belongs to and start the three seconds."""
    channel = _channel(core, where, message)
    session = await core.gateway.connected_session(channel.guild_id, wait_seconds)
    interaction = _begin(core, kind, name, where, channel)
    interaction.command_kind = data.get("type", 1)
    interaction.source_message_id = message.id if message else None
    event = _event(core, interaction, data, where, channel)
    if message is not None:
        event["message"] = message.payload
    core.interactions.add(interaction)
    interaction.dispatched_at = time.monotonic()
    await session.send_event("INTERACTION_CREATE", event)
    return interaction.record()


def _channel(core: Core, where: Where, message: StoredMessage | None) -> Channel:
    channel_id = where.channel_id if message is None else message.channel_id
    if channel_id is None:
        return open_direct_channel(core, where.user_id)
    channel = core.world.channels.get(channel_id)
    if channel is None or channel.deleted:
        raise ControlError(f"no channel {channel_id}")
    return channel


def _begin(core: Core, kind: int, name: str, where: Where, channel: Channel) -> Interaction:
    interaction_id = core.new_id()
    limit = where.attachment_size_limit or core.world.file_limit(channel.guild_id)
    return Interaction(
        id=interaction_id,
        token=new_token(interaction_id),
        kind=kind,
        name=name,
        user_id=where.user_id,
        guild_id=channel.guild_id,
        channel_id=channel.id,
        file_limit=limit,
        owners=_owners(core, where, channel) if where.owners is None else where.owners,
    )


def _owners(core: Core, where: Where, channel: Channel) -> dict[str, str]:
    """Say who installed the bot: the guild where it is a member, the user elsewhere."""
    if channel.kind == 1:
        return {"0": "0", "1": str(where.user_id)}
    guild = core.world.guilds.get(channel.guild_id or 0)
    if guild is None or not guild.bot_present:
        return {"1": str(where.user_id)}
    return {"0": str(guild.id)}


def _event(
    core: Core, interaction: Interaction, data: Json, where: Where, channel: Channel
) -> Json:
    app_permissions = where.app_permissions
    if app_permissions is None:
        app_permissions = core.world.permissions_in(channel) or MEMBER_PERMISSIONS
    place = channel_payload(channel, core.world)
    event: Json = {
        "id": str(interaction.id),
        "application_id": str(APPLICATION_ID),
        "type": interaction.kind,
        "token": interaction.token,
        "version": 1,
        "data": data,
        "channel": {**place, "permissions": str(where.member_permissions)},
        "channel_id": str(channel.id),
        "app_permissions": str(app_permissions),
        "locale": where.locale,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": interaction.owners,
        "attachment_size_limit": interaction.file_limit,
        "context": _context(where, channel),
    }
    return event | _person(core, where, channel)


def _context(where: Where, channel: Channel) -> int:
    if where.context is not None:
        return where.context
    return {1: 1, 3: 2}.get(channel.kind, 0)


def _person(core: Core, where: Where, channel: Channel) -> Json:
    user = core.world.user(where.user_id)
    guild = core.world.guilds.get(channel.guild_id or 0)
    if guild is None:
        return {"user": user_payload(user)}
    is_owner = user.id == guild.owner_id
    permissions = EVERY_PERMISSION if is_owner else where.member_permissions
    member = member_payload(user, role_ids=where.role_ids)
    return {
        "member": {**member, "permissions": str(permissions)},
        "guild_id": str(guild.id),
        "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
        "guild_locale": guild.locale,
    }


def find_command(core: Core, name: str, where: Where, *, kind: int = 1) -> Json:
    """Find a published command; one never published gets an id made up."""
    root = name.split(" ", maxsplit=1)[0] if kind == 1 else name
    channel = core.world.channels.get(where.channel_id or 0)
    for scope in (channel.guild_id if channel else None, None):
        for command in core.commands.get(scope, []):
            if command["name"] == root and command["type"] == kind:
                return command
    return {"id": str(core.new_id()), "name": root, "type": kind, "options": []}


def build_options(command: Json, name: str, values: Json, *, focused: str | None) -> Json:
    """Nest the values under the subcommands the name holds."""
    node = command
    path = name.split(" ")[1:]
    kinds: list[int] = []
    for depth, part in enumerate(path):
        node = next((o for o in node.get("options", []) if o["name"] == part), {})
        kinds.append(node.get("type", SUBCOMMAND if depth == len(path) - 1 else GROUP))
    declared = {option["name"]: option["type"] for option in node.get("options", [])}
    options = [
        _option(key, value, declared.get(key), focused=key == focused)
        for key, value in values.items()
    ]
    for part, kind in zip(reversed(path), reversed(kinds), strict=True):
        options = [{"name": part, "type": kind, "options": options}]
    data = {"id": command["id"], "name": command["name"], "type": command["type"]}
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    return {**data, "options": options}


def _option(name: str, value: Any, kind: int | None, *, focused: bool) -> Json:
    option: Json = {"name": name, "type": kind or _guess(value), "value": value}
    if isinstance(value, dict):
        option["value"] = value["id"]
    elif kind in RESOLVED_IN:
        option["value"] = str(value)
    if focused:
        option["focused"] = True
    return option


def _guess(value: Any) -> int:
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, dict):
        return ATTACHMENT
    return {int: INTEGER, float: NUMBER}.get(type(value), TEXT)


def resolve_options(core: Core, data: Json, values: Json) -> Json:
    """Describe the files, people, roles and channels that the values name."""
    resolved: Json = {}
    for file in _uploads(list(values.values())):
        resolved.setdefault("attachments", {})[file["id"]] = file
    for option in _leaves(data.get("options", [])):
        section = RESOLVED_IN.get(option["type"])
        if section is not None:
            described = _describe(core, option["type"], int(option["value"]))
            resolved.setdefault(section, {})[option["value"]] = described
            if section == "users":
                member = member_payload(core.world.users[int(option["value"])])
                resolved.setdefault("members", {})[option["value"]] = _as_member(member)
    return {"resolved": resolved} if resolved else {}


def _uploads(values: list[Any]) -> list[Json]:
    found = [value for value in values if isinstance(value, dict)]
    for value in values:
        if isinstance(value, list):
            found += [item for item in value if isinstance(item, dict)]
    return found


def _leaves(options: list[Json]) -> list[Json]:
    leaves: list[Json] = []
    for option in options:
        leaves += _leaves(option["options"]) if "options" in option else [option]
    return leaves


def _describe(core: Core, kind: int, thing_id: int) -> Json:
    if kind == USER:
        return user_payload(core.world.user(thing_id))
    if kind == CHANNEL:
        place = channel_payload(core.world.channel(thing_id), core.world)
        return {**place, "permissions": str(MEMBER_PERMISSIONS)}
    return {"id": str(thing_id), "name": "role", "permissions": "0"}


def _as_member(member: Json) -> Json:
    return {k: v for k, v in member.items() if k != "user"} | {"permissions": "0"}


def message_resolved(core: Core, message_id: int | None, user_id: int | None) -> Json:
    """Describe the target of a context menu."""
    if message_id is not None:
        message = core.messages.find_anywhere(message_id)
        if message is None:
            raise ControlError(f"no message {message_id}")
        return {"messages": {str(message_id): message.payload}}
    user = core.world.user(user_id or 0)
    member = _as_member(member_payload(user))
    return {"users": {str(user.id): user_payload(user)}, "members": {str(user.id): member}}


def find_component(message: StoredMessage, custom_id: str) -> Json:
    """Find a usable button or menu by its custom id, by the start of one, or by its label."""
    nodes = [n for _, n in walk_components(message.payload["components"]) if "custom_id" in n]
    for matches in (
        lambda node: node["custom_id"] == custom_id,
        lambda node: node.get("label") == custom_id,
        lambda node: node["custom_id"].startswith(custom_id),
    ):
        if found := [node for node in nodes if matches(node)]:
            if found[0].get("disabled"):
                raise ControlError(f"{custom_id} is disabled")
            return found[0]
    there = ", ".join(f"{n['custom_id']} ({n.get('label', '')})" for n in nodes)
    raise ControlError(f"message {message.id} has no {custom_id!r}, only: {there}")


def modal_components(components: list[Json], fields: Json) -> list[Json]:
    """Fill in a form as Discord sends it back."""
    return [
        _filled(component, fields) for component in components if component["type"] != TEXT_ONLY
    ]


def _filled(component: Json, fields: Json) -> Json:
    kind: int = component["type"]
    if "components" in component:
        inner = [_filled(child, fields) for child in component["components"]]
        return {"type": kind, "id": component.get("id", 1), "components": inner}
    if "component" in component:
        child = _filled(component["component"], fields)
        return {"type": kind, "id": component.get("id", 1), "component": child}
    custom_id: str = component["custom_id"]
    answer: Json = {"type": kind, "id": component.get("id", 1), "custom_id": custom_id}
    value = fields.get(custom_id, component.get("value"))
    if isinstance(value, list):
        values = [item["id"] if isinstance(item, dict) else item for item in value]
        return answer | {"values": values}
    if isinstance(value, dict):
        return answer | {"values": [value["id"]]}
    if kind in MENU_TYPES:
        return answer | {"values": [] if value is None else [value]}
    return answer | {"value": value if value is not None or kind != TEXT_INPUT else ""}
