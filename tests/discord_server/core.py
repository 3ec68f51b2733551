"""The server's whole state in one place, without HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.discord_server.changes import Changes
from tests.discord_server.errors import Json
from tests.discord_server.faults import FaultPlan, HeldRequests
from tests.discord_server.gateway import (
    INTENT_DIRECT_MESSAGES,
    INTENT_GUILD_MESSAGES,
    INTENT_GUILDS,
    Gateway,
)
from tests.discord_server.interactions import InteractionBook
from tests.discord_server.media import StoredFile
from tests.discord_server.messages import MessageBook, StoredMessage
from tests.discord_server.payloads import member_payload
from tests.discord_server.ratelimits import RateLimiter
from tests.discord_server.recorder import Recorder
from tests.discord_server.records import Rules
from tests.discord_server.snowflakes import SnowflakeFactory
from tests.discord_server.world import World, first_world


@dataclass(slots=True)
class Core:
    """Everything the REST handlers, the gateway and the control interface share."""

    rules: Rules = field(default_factory=Rules)
    world: World = field(default_factory=first_world)
    address: str = ""
    new_id: SnowflakeFactory = field(default_factory=SnowflakeFactory)
    messages: MessageBook = field(default_factory=MessageBook)
    interactions: InteractionBook = field(default_factory=InteractionBook)
    commands: dict[int | None, list[Json]] = field(default_factory=dict[int | None, list[Json]])
    """Published commands by guild; None holds the global ones."""
    files: dict[int, StoredFile] = field(default_factory=dict[int, StoredFile])
    changes: Changes = field(default_factory=Changes)
    faults: FaultPlan = field(default_factory=FaultPlan)
    held: HeldRequests = field(default_factory=HeldRequests)
    limiter: RateLimiter = field(default_factory=RateLimiter)
    recorder: Recorder = field(default_factory=Recorder)
    gateway: Gateway = field(init=False)

    def __post_init__(self) -> None:
        self.gateway = Gateway(self)

    async def announce_message(self, event: str, message: StoredMessage) -> None:
        """Tell the bot of a message, its own included, as Discord does; never of private ones."""
        if message.ephemeral:
            return
        data: Json = {"id": str(message.id), "channel_id": str(message.channel_id)}
        if event != "MESSAGE_DELETE":
            data = dict(message.payload)
            if event == "MESSAGE_CREATE" and message.nonce is not None:
                data["nonce"] = message.nonce
        intent = INTENT_DIRECT_MESSAGES
        if message.guild_id is not None:
            intent = INTENT_GUILD_MESSAGES
            data["guild_id"] = str(message.guild_id)
            if "author" in data:
                data["member"] = self.member_fields(message.author_id)
        await self.gateway.dispatch(event, data, guild_id=message.guild_id, intent=intent)

    def member_fields(self, user_id: int) -> Json:
        """Describe an author's membership as message events do."""
        member = member_payload(self.world.users[user_id])
        return {name: value for name, value in member.items() if name != "user"}

    async def announce_guild(self, event: str, guild_id: int, data: Json) -> None:
        """Tell the bot of a change to a guild or its channels."""
        await self.gateway.dispatch(event, data, guild_id=guild_id, intent=INTENT_GUILDS)
