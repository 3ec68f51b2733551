"""Asking what happened, and waiting for it."""

from __future__ import annotations

from collections import Counter

from tests.discord_server.control.base import ControlBase
from tests.discord_server.errors import ControlError, Json
from tests.discord_server.faults import compile_path
from tests.discord_server.ids import CHANNEL_ID
from tests.discord_server.interactions import Interaction
from tests.discord_server.messages import LOADING
from tests.discord_server.recorder import Entry
from tests.discord_server.records import (
    InteractionRecord,
    MessageRecord,
    RequestRecord,
    SessionRecord,
)
from tests.patience import PATIENCE_SECONDS


class QueryControl(ControlBase):
    """Control methods that change nothing but the records."""

    async def messages(
        self, channel_id: int = CHANNEL_ID, *, deleted: bool = False, private: bool = True
    ) -> list[MessageRecord]:
        """List a channel's messages, oldest first."""
        return [
            message.record()
            for message in self.core.messages.in_channel(channel_id)
            if (deleted or not message.deleted) and (private or not message.ephemeral)
        ]

    async def message(self, message_id: int) -> MessageRecord:
        """Show one message, deleted or not."""
        found = self.core.messages.find_anywhere(message_id)
        if found is None:
            raise ControlError(f"no message {message_id}")
        return found.record()

    async def messages_with_nonce(self, nonce: str) -> list[MessageRecord]:
        """List what was posted with a nonce; more than one is a message shown twice."""
        return [message.record() for message in self.core.messages if message.nonce == nonce]

    async def messages_with_custom_id(self, part: str) -> list[MessageRecord]:
        """List living messages with a button or menu whose custom id contains `part`."""
        living = (m.record() for m in self.core.messages if not m.deleted)
        return [record for record in living if any(part in c for c in record.custom_ids)]

    async def wait_for_messages(
        self, count: int = 1, channel_id: int = CHANNEL_ID, *, within: float = PATIENCE_SECONDS
    ) -> list[MessageRecord]:
        """Wait until a channel has that many finished messages."""

        def look() -> list[MessageRecord] | None:
            stored = self.core.messages.in_channel(channel_id)
            finished = [m for m in stored if not m.deleted and not m.flags & LOADING]
            return [m.record() for m in finished] if len(finished) >= count else None

        what = f"{count} messages in channel {channel_id}"
        return await self.core.changes.wait_for(look, within, what)

    async def interaction(self, interaction_id: int) -> InteractionRecord:
        """Show one interaction."""
        return self._interaction(interaction_id).record()

    async def wait_for_answer(
        self, interaction_id: int, *, within: float = PATIENCE_SECONDS
    ) -> InteractionRecord:
        """Wait until an interaction has its first answer."""
        interaction = self._interaction(interaction_id)

        def look() -> InteractionRecord | None:
            return interaction.record() if interaction.answered_at is not None else None

        what = f"an answer to {interaction.name}"
        return await self.core.changes.wait_for(look, within, what)

    async def interactions(self, name: str | None = None) -> list[InteractionRecord]:
        """List the interactions, perhaps only those of one command or custom id."""
        found = self.core.interactions.by_id.values()
        return [i.record() for i in found if name is None or i.name == name]

    async def ack_seconds(self, name: str | None = None) -> list[float]:
        """List how long the answered interactions waited, in order of dispatch."""
        waits = (record.ack_seconds for record in await self.interactions(name))
        return [seconds for seconds in waits if seconds is not None]

    async def wait_for_acks(
        self, interaction_ids: list[int], *, within: float = PATIENCE_SECONDS
    ) -> list[float]:
        """Wait until all of these are answered; list how long each waited."""
        wanted = [self._interaction(interaction_id) for interaction_id in interaction_ids]

        def look() -> list[float] | None:
            if any(interaction.answered_at is None for interaction in wanted):
                return None
            return [i.answered_at - i.dispatched_at for i in wanted if i.answered_at is not None]

        return await self.core.changes.wait_for(look, within, f"{len(wanted)} answers")

    async def requests(self, method: str = "*", path: str = "**") -> list[RequestRecord]:
        """List the bot's requests; patterns are written as for faults."""
        return [entry.record() for entry in self._entries(method, path)]

    async def wait_for_requests(
        self,
        count: int = 1,
        method: str = "*",
        path: str = "**",
        *,
        within: float = PATIENCE_SECONDS,
    ) -> list[RequestRecord]:
        """Wait until that many matching requests are finished."""

        def look() -> list[RequestRecord] | None:
            done = [e for e in self._entries(method, path) if e.finished_at is not None]
            return [entry.record() for entry in done] if len(done) >= count else None

        return await self.core.changes.wait_for(look, within, f"{count} × {method} {path}")

    async def wait_for_delays(
        self, count: int = 1, *, within: float = PATIENCE_SECONDS
    ) -> list[RequestRecord]:
        """Wait until so many requests in all were held up, before or after being processed."""

        def look() -> list[RequestRecord] | None:
            held = [e for e in self.core.recorder.entries if e.is_or_was_held]
            return [entry.record() for entry in held] if len(held) >= count else None

        return await self.core.changes.wait_for(look, within, f"{count} delays")

    async def counts(self) -> dict[str, int]:
        """Count the requests by method and route, as in `POST /channels/{channel_id}/messages`."""
        entries = self.core.recorder.entries
        return dict(Counter(f"{entry.method} {entry.route}" for entry in entries))

    async def commands(self, guild_id: int | None = None) -> list[Json]:
        """List the published commands; None means the global ones."""
        return self.core.commands.get(guild_id, [])

    async def sessions(self) -> list[SessionRecord]:
        """List the gateway sessions that live."""
        return [session.record() for session in self.core.gateway.sessions()]

    async def wait_until_connected(
        self, *, shards: int = 1, within: float = PATIENCE_SECONDS
    ) -> SessionRecord:
        """Wait until a bot is on the gateway, with all shards, and has been told of its guilds."""

        def look() -> SessionRecord | None:
            sessions = [s for s in self.core.gateway.sessions() if s.connected]
            return sessions[-1].record() if len(sessions) >= shards else None

        return await self.core.changes.wait_for(look, within, "a bot on the gateway")

    async def wait_until_disconnected(self, *, within: float = PATIENCE_SECONDS) -> None:
        """Wait until the last bot has left the gateway, as it does when it is killed."""

        def look() -> bool:
            return not any(s.connected for s in self.core.gateway.sessions())

        await self.core.changes.wait_for(look, within, "the bot to leave the gateway")

    async def forget_requests(self) -> None:
        """Empty the record of requests, to count anew; messages and interactions stay."""
        self.core.recorder.clear()

    def _entries(self, method: str, path: str) -> list[Entry]:
        pattern = compile_path(path)
        return [
            entry
            for entry in self.core.recorder.entries
            if method in {"*", entry.method} and pattern.fullmatch(entry.path)
        ]

    def _interaction(self, interaction_id: int) -> Interaction:
        found = self.core.interactions.by_id.get(interaction_id)
        if found is None:
            raise ControlError(f"no interaction {interaction_id}")
        return found
