"""The messages: stored as sent, shown in Discord's shape."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.discord_server.errors import DiscordError, Json, Refusal
from tests.discord_server.media import StoredFile, resolve_references
from tests.discord_server.payloads import created_at, timestamp, user_payload
from tests.discord_server.records import MessageRecord
from tests.discord_server.world import World

EPHEMERAL = 1 << 6
LOADING = 1 << 7
COMPONENTS_V2 = 1 << 15
MENTION = re.compile(r"<@!?(\d+)>")


@dataclass(slots=True)
class StoredMessage:
    """One message; `source` holds the fields as they were last sent."""

    id: int
    channel_id: int
    guild_id: int | None
    author_id: int
    kind: int
    """Discord's message type: 0 plain, 19 reply, 20 answer to a command."""
    source: Json
    files: list[StoredFile]
    extra: Json = field(default_factory=dict[str, Any])
    """What Discord adds by itself: reference, interaction, webhook."""
    nonce: str | None = None
    interaction_id: int | None = None
    created: float = field(default_factory=time.monotonic)
    deleted: bool = False
    edits: int = 0
    edited_at: float | None = None
    payload: Json = field(default_factory=dict[str, Any])

    @property
    def flags(self) -> int:
        """Its flag bits."""
        return self.source.get("flags") or 0

    @property
    def ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return bool(self.flags & EPHEMERAL)

    def render(self, world: World) -> None:
        """Bring `payload` up to date."""
        by_name = {file.filename: file for file in self.files}
        used: set[int] = set()
        embeds = resolve_references(
            self.source.get("embeds") or [], by_name, used, as_component=False
        )
        components = resolve_references(
            self.source.get("components") or [], by_name, used, as_component=True
        )
        _number_components(components)
        edited = None if self.edited_at is None else timestamp(self.edited_at)
        self.payload = {
            "id": str(self.id),
            "type": self.kind,
            "channel_id": str(self.channel_id),
            "author": user_payload(world.users[self.author_id]),
            "content": self.source.get("content") or "",
            "timestamp": created_at(self.id),
            "edited_timestamp": edited,
            "flags": self.flags,
            "tts": bool(self.source.get("tts")),
            "pinned": False,
            "mention_everyone": False,
            "mentions": [user_payload(world.users[u]) for u in self._mentioned(world)],
            "mention_roles": [],
            "attachments": [file.payload() for file in self.files if file.id not in used],
            "embeds": [{"type": "rich", **embed} for embed in embeds],
            "components": components,
            **self.extra,
        }

    def _mentioned(self, world: World) -> list[int]:
        """List who is notified, as far as `allowed_mentions` lets them be."""
        texts = [self.source.get("content") or "", *_texts(self.source.get("components") or [])]
        named = {int(n) for text in texts for n in MENTION.findall(text)} & world.users.keys()
        allowed = self.source.get("allowed_mentions")
        if allowed is not None and "users" not in allowed.get("parse", []):
            named &= {int(user_id) for user_id in allowed.get("users", [])}
        replied = (self.extra.get("referenced_message") or {}).get("author", {}).get("id")
        if replied and (allowed or {}).get("replied_user", allowed is None):
            named.add(int(replied))
        return sorted(named)

    def record(self) -> MessageRecord:
        """Describe it to a test."""
        return MessageRecord(
            id=self.id,
            channel_id=self.channel_id,
            author_id=self.author_id,
            content=self.payload["content"],
            nonce=self.nonce,
            files=tuple(file.record() for file in self.files),
            interaction_id=self.interaction_id,
            ephemeral=self.ephemeral,
            loading=bool(self.flags & LOADING),
            deleted=self.deleted,
            edits=self.edits,
            created_at=self.created,
            payload=self.payload,
        )


@dataclass(slots=True)
class MessageBook:
    """Every message, oldest first in each channel, deleted ones included."""

    channels: dict[int, dict[int, StoredMessage]] = field(
        default_factory=dict[int, dict[int, StoredMessage]]
    )

    def __iter__(self) -> Iterator[StoredMessage]:
        for channel in self.channels.values():
            yield from channel.values()

    def add(self, message: StoredMessage) -> None:
        """Keep a new message."""
        self.channels.setdefault(message.channel_id, {})[message.id] = message

    def in_channel(self, channel_id: int) -> list[StoredMessage]:
        """List a channel's messages, oldest first."""
        return list(self.channels.get(channel_id, {}).values())

    def find(self, channel_id: int, message_id: int) -> StoredMessage:
        """Find a living message or refuse as Discord does."""
        message = self.channels.get(channel_id, {}).get(message_id)
        if message is None or message.deleted:
            raise DiscordError(Refusal.UNKNOWN_MESSAGE)
        return message

    def find_anywhere(self, message_id: int) -> StoredMessage | None:
        """Find a message whose channel is not known."""
        return next((c[message_id] for c in self.channels.values() if message_id in c), None)

    def with_nonce(self, channel_id: int, nonce: str, *, since: float) -> StoredMessage | None:
        """Find what was sent with the same nonce; deleted messages count, as they do at Discord."""
        for message in reversed(self.channels.get(channel_id, {}).values()):
            if message.created < since:
                return None
            if message.nonce == nonce:
                return message
        return None

    def history(
        self,
        channel_id: int,
        *,
        limit: int,
        before: int | None,
        after: int | None,
        around: int | None,
    ) -> list[StoredMessage]:
        """Page through what the bot can read, newest first."""
        seen = [m for m in self.in_channel(channel_id) if not m.deleted and not m.ephemeral]
        if around is not None:
            older = [m for m in seen if m.id < around][-(limit // 2) :]
            newer = [m for m in seen if m.id >= around][: limit - limit // 2]
            return [*older, *newer][::-1]
        if after is not None:
            return [m for m in seen if m.id > after][:limit][::-1]
        return [m for m in seen if before is None or m.id < before][-limit:][::-1]


def walk_components(components: list[Json], path: str = "components") -> Iterator[tuple[str, Json]]:
    """Visit every component with the dotted path Discord would name it by."""
    for index, component in enumerate(components):
        here = f"{path}.{index}"
        yield here, component
        yield from walk_components(component.get("components") or [], f"{here}.components")
        for single in ("accessory", "component"):
            if single in component:
                yield f"{here}.{single}", component[single]


def _number_components(components: list[Json]) -> None:
    for number, (_, component) in enumerate(walk_components(components), start=1):
        component["id"] = component.get("id") or number


def _texts(components: list[Json]) -> Iterator[str]:
    for _, component in walk_components(components):
        if component.get("type") == 10:
            yield component.get("content", "")
