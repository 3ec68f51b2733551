"""What tests read: frozen snapshots of what the server saw. Times are `time.monotonic()` seconds.

On Linux that clock is shared by all processes of a machine, so a benchmark may subtract its own
readings from these.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from tests.discord_server.errors import Json
from tests.discord_server.ids import ALICE_ID, CHANNEL_ID
from tests.discord_server.permissions import MEMBER_PERMISSIONS
from tests.patience import PATIENCE_SECONDS

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How strict, how fast and how faithful the server is; change it with `set_rules`."""

    answer_seconds: float = PATIENCE_SECONDS
    """How long an interaction may wait for its first answer (then 10062). Discord gives it 3 s; a
    bot on a busy machine is given longer here, and the benchmarks measure how long it takes."""
    token_seconds: float = 900.0
    """How long an interaction's token lives (then 50027)."""
    nonce_seconds: float = 300.0
    """How long an enforced nonce is remembered; Discord says "the past few minutes"."""
    max_request_bytes: int = 25 * MIB
    """The most one message's files may weigh together."""
    history_denied: Literal["empty", "forbidden"] = "empty"
    """Answer to a history request without Read Message History: Discord documents an empty list,
    not an error; `forbidden` answers 50013."""
    rate_limits: Literal["off", "roomy", "enforced"] = "off"
    """`off` sends no headers, and discord.py then sends one request a bucket at a time; `roomy`
    sends headers of buckets that never run out; `enforced` counts as Discord does."""
    compression: Literal["as asked", "never"] = "as asked"
    """Whether the gateway honours the `compress=` discord.py asks for."""
    heartbeat_seconds: float = 41.25
    resume_seconds: float = 120.0
    """How long a session without a socket may still be resumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Who uses the bot, where, and under which conditions. None means what Discord would send."""

    user_id: int = ALICE_ID
    channel_id: int | None = CHANNEL_ID
    """None: the user's direct messages with the bot. The guild is the channel's."""
    member_permissions: int = MEMBER_PERMISSIONS
    app_permissions: int | None = None
    attachment_size_limit: int | None = None
    locale: str = "en-US"
    context: int | None = None
    """0 guild, 1 direct messages with the bot, 2 another private channel."""
    owners: dict[str, str] | None = None
    """`authorizing_integration_owners`: "0" a guild installation, "1" a user's."""
    role_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One slash command for `burst`."""

    name: str
    options: dict[str, Any] = field(default_factory=dict[str, Any])
    where: Where = Where()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """A file the bot uploaded."""

    attachment_id: int
    filename: str
    size: int
    sha256: str
    content_type: str
    description: str | None
    width: int | None
    height: int | None
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRecord:
    """A message as it stands now; `payload` is what Discord's API would return for it."""

    id: int
    channel_id: int
    author_id: int
    content: str
    nonce: str | None
    files: tuple[FileRecord, ...]
    interaction_id: int | None
    """Set on answers and follow-ups to an interaction."""
    ephemeral: bool
    loading: bool
    """Still "Imagine is thinking…"."""
    deleted: bool
    edits: int
    created_at: float
    payload: Json

    @property
    def custom_ids(self) -> list[str]:
        """The custom ids of its buttons and menus, in order."""
        return list(_custom_ids(self.payload.get("components", [])))


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionRecord:
    """One use of the bot and what became of it."""

    id: int
    token: str
    type: int
    """2 command, 3 component, 4 autocomplete, 5 modal."""
    name: str
    """The command's name, or the component's or modal's custom id."""
    user_id: int
    guild_id: int | None
    channel_id: int
    dispatched_at: float
    answered_at: float | None
    """When the accepted callback arrived."""
    answer_type: int | None
    """4 message, 5 defer, 6 defer update, 7 update, 8 choices, 9 modal."""
    answer: Json | None
    """The callback's `data`."""
    message_id: int | None
    """The original response."""

    @property
    def ack_seconds(self) -> float | None:
        """From dispatch to the arrival of the callback."""
        return None if self.answered_at is None else self.answered_at - self.dispatched_at


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRecord:
    """One request of the bot."""

    number: int
    method: str
    path: str
    """Without `/api/v10`."""
    route: str
    """The path's pattern, as in `/channels/{channel_id}/messages`."""
    query: dict[str, str]
    body: Any
    """The JSON body or the `payload_json` of a multipart one."""
    file_sizes: tuple[int, ...]
    status: int | None
    """None while it runs; 0 when the connection was dropped instead of an answer."""
    code: int | None
    """Discord's error code, where the answer was a refusal."""
    fault: str | None
    started_at: float
    """When its headers had arrived."""
    received_at: float | None
    """When its body had arrived too."""
    finished_at: float | None
    """When the answer was ready."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRecord:
    """One gateway session."""

    id: str
    connected: bool
    intents: int
    shard: tuple[int, int]
    resumes: int
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that goes wrong; made by the functions of `tests.discord_server.faults`."""

    kind: Literal["answer", "drop", "lose reply", "delay", "delay reply"]
    status: int = 500
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict[str, str])
    seconds: float = 0.0


def _custom_ids(components: list[Json]) -> list[str]:
    found: list[str] = []
    for component in components:
        if "custom_id" in component:
            found.append(component["custom_id"])
        found += _custom_ids(component.get("components", []))
        if "accessory" in component:
            found += _custom_ids([component["accessory"]])
    return found
