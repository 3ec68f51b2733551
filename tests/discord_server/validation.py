"""Discord's limits on messages, each refused with the field's path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.discord_server.errors import DiscordError, Json, Refusal, invalid_form
from tests.discord_server.media import SCHEME
from tests.discord_server.messages import COMPONENTS_V2, walk_components

CONTENT = 2000
NONCE = 25
EMBEDS = 10
EMBED_TOTAL = 6000
ATTACHMENTS = 10
ALT_TEXT = 1024
COMPONENTS = 40
TEXT_TOTAL = 4000
CUSTOM_ID = 100
LABEL = 80
ROWS = 5
BUTTONS = 5
CHOICES = 25
MODAL_TITLE = 45
LAYOUT_TYPES = frozenset({9, 10, 12, 13, 14, 17})
"""Section, text, gallery, file, separator, container: only with the components-v2 flag."""

EMBED_LIMITS = {"title": 256, "description": 4096}


def check_message(fields: Json, filenames: set[str]) -> None:
    """Refuse a message Discord would refuse; `filenames` are those it will have."""
    _limit("content", fields.get("content"), CONTENT)
    _limit("nonce", fields.get("nonce"), NONCE)
    attachments = fields.get("attachments") or []
    if max(len(attachments), len(filenames)) > ATTACHMENTS:
        raise _too_long("attachments", ATTACHMENTS)
    for index, attachment in enumerate(attachments):
        _limit(f"attachments.{index}.description", attachment.get("description"), ALT_TEXT)
    _check_embeds(fields.get("embeds") or [])
    _check_components(fields, filenames)
    shown = ("content", "embeds", "components", "sticker_ids", "poll")
    if not filenames and not any(fields.get(name) for name in shown):
        raise DiscordError(Refusal.EMPTY_MESSAGE)


def check_choices(choices: list[Json]) -> None:
    """Refuse autocomplete results Discord would refuse."""
    if len(choices) > CHOICES:
        raise _too_long("data.choices", CHOICES)
    for index, choice in enumerate(choices):
        if not 1 <= len(choice["name"]) <= 100:
            raise _too_long(f"data.choices.{index}.name", 100)
        _limit(f"data.choices.{index}.value", choice["value"], 100)


def check_modal(fields: Json) -> None:
    """Refuse a form Discord would refuse."""
    _limit("data.title", fields.get("title"), MODAL_TITLE)
    _limit("data.custom_id", fields.get("custom_id"), CUSTOM_ID)
    if not 1 <= len(fields.get("components") or []) <= 5:
        raise _too_long("data.components", 5)


def _check_embeds(embeds: list[Json]) -> None:
    if len(embeds) > EMBEDS:
        raise _too_long("embeds", EMBEDS)
    for index, embed in enumerate(embeds):
        for name, limit in EMBED_LIMITS.items():
            _limit(f"embeds.{index}.{name}", embed.get(name), limit)
        if len(embed.get("fields") or []) > 25:
            raise _too_long(f"embeds.{index}.fields", 25)
    if sum(len(text) for embed in embeds for text in _embed_texts(embed)) > EMBED_TOTAL:
        raise invalid_form(
            "embeds",
            "MAX_EMBED_SIZE_EXCEEDED",
            f"Embed size exceeds maximum size of {EMBED_TOTAL}",
        )


def _embed_texts(embed: Json) -> Iterator[str]:
    yield embed.get("title") or ""
    yield embed.get("description") or ""
    yield (embed.get("footer") or {}).get("text") or ""
    yield (embed.get("author") or {}).get("name") or ""
    for field in embed.get("fields") or []:
        yield field["name"]
        yield field["value"]


def _check_components(fields: Json, filenames: set[str]) -> None:
    components: list[Json] = fields.get("components") or []
    layout = bool((fields.get("flags") or 0) & COMPONENTS_V2)
    if layout and (fields.get("content") or fields.get("embeds")):
        raise invalid_form(
            "content",
            "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
            "The 'content' and 'embeds' fields cannot be used with IS_COMPONENTS_V2",
        )
    nodes = list(walk_components(components))
    if len(nodes) > COMPONENTS:
        raise _too_long("components", COMPONENTS)
    if not layout and len(components) > ROWS:
        raise _too_long("components", ROWS)
    for path, node in nodes:
        _check_component(path, node, layout=layout)
        _check_media(path, node, filenames)
    _check_unique([(path, node["custom_id"]) for path, node in nodes if "custom_id" in node])
    if sum(len(node.get("content", "")) for _, node in nodes if node["type"] == 10) > TEXT_TOTAL:
        raise _too_long("components", TEXT_TOTAL)


def _check_component(path: str, node: Json, *, layout: bool) -> None:
    if node["type"] in LAYOUT_TYPES and not layout:
        raise invalid_form(
            f"{path}.type", "UNION_TYPE_CHOICES", "This component needs IS_COMPONENTS_V2"
        )
    if node["type"] == 1 and not 1 <= len(node.get("components") or []) <= BUTTONS:
        raise invalid_form(
            f"{path}.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length."
        )
    _limit(f"{path}.label", node.get("label"), LABEL)
    if "custom_id" in node and not 1 <= len(node["custom_id"]) <= CUSTOM_ID:
        raise _too_long(f"{path}.custom_id", CUSTOM_ID)


def _check_media(path: str, node: Json, filenames: set[str]) -> None:
    for item in [node, *(node.get("items") or [])]:
        url = str((item.get("media") or item.get("file") or {}).get("url", ""))
        if url.startswith(SCHEME) and url.removeprefix(SCHEME) not in filenames:
            raise invalid_form(
                f"{path}.media.url",
                "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
                "The referenced attachment was not found",
            )


def _check_unique(custom_ids: list[tuple[str, str]]) -> None:
    seen: set[str] = set()
    for path, custom_id in custom_ids:
        if custom_id in seen:
            raise invalid_form(
                f"{path}.custom_id",
                "COMPONENT_CUSTOM_ID_DUPLICATED",
                "Component custom id cannot be duplicated",
            )
        seen.add(custom_id)


def _limit(path: str, value: Any, limit: int) -> None:
    if value is not None and not isinstance(value, int | float) and len(value) > limit:
        raise _too_long(path, limit)


def _too_long(path: str, limit: int) -> DiscordError:
    return invalid_form(path, "BASE_TYPE_MAX_LENGTH", f"Must be {limit} or fewer in length.")
