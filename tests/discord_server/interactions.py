"""The interactions: from dispatch through the first answer to the end of the token's life."""

from __future__ import annotations

import base64
import secrets
import time
from dataclasses import dataclass, field

from tests.discord_server.errors import DiscordError, Json, Refusal
from tests.discord_server.records import InteractionRecord, Rules

COMMAND = 2
COMPONENT = 3
AUTOCOMPLETE = 4
MODAL = 5

FREE_FOLLOWUPS = 5
"""Follow-ups allowed where only the user has installed the application."""


@dataclass(slots=True)
class Interaction:
    """One use of the bot and the state of its answer."""

    id: int
    token: str
    kind: int
    name: str
    user_id: int
    guild_id: int | None
    channel_id: int
    file_limit: int
    owners: dict[str, str]
    command_kind: int = 1
    source_message_id: int | None = None
    """The message whose button or menu was used, also through a form it opened."""
    dispatched_at: float = field(default_factory=time.monotonic)
    answered_at: float | None = None
    answer_type: int | None = None
    answer: Json | None = None
    original_id: int | None = None
    """The message `@original` stands for."""
    followups: int = 0

    @property
    def user_installed_only(self) -> bool:
        """Whether the bot itself is not where this happens."""
        return "0" not in self.owners

    def check_answerable(self, arrived: float, rules: Rules) -> None:
        """Refuse a second answer, and one that comes too late."""
        if self.answered_at is not None:
            raise DiscordError(Refusal.ALREADY_ANSWERED)
        if arrived - self.dispatched_at > rules.answer_seconds:
            raise DiscordError(Refusal.UNKNOWN_INTERACTION)

    def metadata(self, user: Json) -> Json:
        """Describe it inside the messages it caused."""
        data: Json = {
            "id": str(self.id),
            "type": self.kind,
            "user": user,
            "authorizing_integration_owners": self.owners,
        }
        if self.kind == COMMAND:
            data |= {"name": self.name, "command_type": self.command_kind}
        if self.source_message_id is not None:
            data["interacted_message_id"] = str(self.source_message_id)
        return data

    def record(self) -> InteractionRecord:
        """Describe it to a test."""
        return InteractionRecord(
            id=self.id,
            token=self.token,
            type=self.kind,
            name=self.name,
            user_id=self.user_id,
            guild_id=self.guild_id,
            channel_id=self.channel_id,
            dispatched_at=self.dispatched_at,
            answered_at=self.answered_at,
            answer_type=self.answer_type,
            answer=self.answer,
            message_id=self.original_id,
        )


def new_token(interaction_id: int) -> str:
    """Make a token of the length and the letters of real ones."""
    text = f"interaction:{interaction_id}:{secrets.token_hex(48)}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@dataclass(slots=True)
class InteractionBook:
    """Every interaction, by id and by token."""

    by_id: dict[int, Interaction] = field(default_factory=dict[int, Interaction])
    by_token: dict[str, Interaction] = field(default_factory=dict[str, Interaction])

    def add(self, interaction: Interaction) -> None:
        """Keep a new interaction."""
        self.by_id[interaction.id] = interaction
        self.by_token[interaction.token] = interaction

    def for_callback(self, interaction_id: int, token: str) -> Interaction:
        """Find the interaction a callback names."""
        interaction = self.by_id.get(interaction_id)
        if interaction is None or interaction.token != token:
            raise DiscordError(Refusal.UNKNOWN_INTERACTION)
        return interaction

    def for_webhook(self, token: str, rules: Rules) -> Interaction:
        """Find the answered interaction whose token is used for follow-ups and edits."""
        interaction = self.by_token.get(token)
        if interaction is None:
            raise DiscordError(Refusal.UNKNOWN_WEBHOOK)
        if time.monotonic() - interaction.dispatched_at > rules.token_seconds:
            raise DiscordError(Refusal.INVALID_TOKEN)
        if interaction.answered_at is None:
            raise DiscordError(Refusal.UNKNOWN_WEBHOOK)
        return interaction

    def count_followup(self, interaction: Interaction) -> None:
        """Refuse the sixth follow-up of a user-installed bot."""
        if interaction.user_installed_only and interaction.followups >= FREE_FOLLOWUPS:
            raise DiscordError(Refusal.TOO_MANY_FOLLOWUPS)
        interaction.followups += 1
