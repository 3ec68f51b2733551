"""The gateway: sessions, their events, heartbeats and resumes."""

from __future__ import annotations

import json
import secrets
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from aiohttp import WSMsgType, web

from tests.discord_server.changes import Changes
from tests.discord_server.errors import Json, NotConnectedError
from tests.discord_server.ids import APPLICATION_ID, BOT_ID, TOKEN
from tests.discord_server.payloads import guild_payload, member_payload, user_payload
from tests.discord_server.records import Rules, SessionRecord
from tests.discord_server.transport import Connection, to_json
from tests.discord_server.world import World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, REQUEST_MEMBERS = 0, 1, 2, 6, 8
RECONNECT, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 7, 9, 10, 11
INTENT_GUILDS = 1 << 0
INTENT_GUILD_MESSAGES = 1 << 9
INTENT_DIRECT_MESSAGES = 1 << 12
INTENT_MESSAGE_CONTENT = 1 << 15
REPLAYABLE_EVENTS = 10_000


class Surroundings(Protocol):
    """What the gateway needs of the server around it."""

    rules: Rules
    world: World
    changes: Changes
    address: str


class Session:
    """What outlives a socket: the events sent, so that they can be sent again."""

    def __init__(self, connection: Connection, identify: Json) -> None:
        shard = identify.get("shard") or (0, 1)
        self.id = secrets.token_hex(16)
        self.shard: tuple[int, int] = (shard[0], shard[1])
        self.intents: int = identify.get("intents", 0)
        self.connection: Connection | None = connection
        self.detached_at = 0.0
        self.sequence = 0
        self.resumes = 0
        self._events: deque[tuple[int, str]] = deque(maxlen=REPLAYABLE_EVENTS)

    @property
    def connected(self) -> bool:
        """Whether a bot is listening."""
        return self.connection is not None and self.connection.open

    def concerns(self, guild_id: int | None) -> bool:
        """Whether events of this guild, or direct messages, belong to this session's shard."""
        return ((guild_id or 0) >> 22) % self.shard[1] == self.shard[0]

    async def send_event(self, event: str, data: Json) -> None:
        """Send an event, or keep it for a resume."""
        self.sequence += 1
        text = to_json({"op": DISPATCH, "t": event, "s": self.sequence, "d": data})
        self._events.append((self.sequence, text))
        if self.connection is not None:
            await self.connection.send_text(text)

    async def replay(self, connection: Connection, after: int) -> None:
        """Send again what the bot missed."""
        self.resumes += 1
        while missed := [event for event in self._events if event[0] > after]:
            for _, text in missed:
                await connection.send_text(text)
            after = missed[-1][0]
        self.connection = connection
        await self.send_event("RESUMED", {})

    def record(self) -> SessionRecord:
        """Describe it to a test."""
        return SessionRecord(
            id=self.id,
            connected=self.connected,
            intents=self.intents,
            shard=self.shard,
            resumes=self.resumes,
            sequence=self.sequence,
        )


class Gateway:
    """Every session, and the websocket handler that makes them."""

    def __init__(self, server: Surroundings) -> None:
        self._server = server
        self._sessions: dict[str, Session] = {}
        self._answers: dict[int, Callable[[Connection, Any], Awaitable[None]]] = {
            HEARTBEAT: self._heartbeat,
            IDENTIFY: self._identify,
            RESUME: self._resume,
            REQUEST_MEMBERS: self._request_members,
        }

    def sessions(self) -> list[Session]:
        """List the sessions that are connected or may still be resumed."""
        horizon = time.monotonic() - self._server.rules.resume_seconds
        for session in list(self._sessions.values()):
            if session.connection is None and session.detached_at < horizon:
                del self._sessions[session.id]
        return list(self._sessions.values())

    def listeners(self, guild_id: int | None, intent: int = 0) -> list[Session]:
        """List the sessions an event goes to."""
        return [
            session
            for session in self.sessions()
            if session.concerns(guild_id) and session.intents & intent == intent
        ]

    async def dispatch(
        self, event: str, data: Json, *, guild_id: int | None, intent: int = 0
    ) -> None:
        """Send an event to whoever it concerns, resumable sessions included."""
        for session in self.listeners(guild_id, intent):
            await session.send_event(event, data)

    async def connected_session(self, guild_id: int | None, wait_seconds: float) -> Session:
        """Find the one session that will hear an interaction, waiting for it if asked to."""

        def look() -> Session | None:
            return next((s for s in reversed(self.listeners(guild_id)) if s.connected), None)

        if session := look():
            return session
        if wait_seconds <= 0:
            raise NotConnectedError("no bot is connected to the gateway for this place")
        return await self._server.changes.wait_for(look, wait_seconds, "a bot on the gateway")

    async def disconnect(self, code: int, *, resumable: bool) -> int:
        """Close every socket; say how many there were."""
        sessions = [session for session in self._sessions.values() if session.connected]
        for session in sessions:
            if not resumable:
                del self._sessions[session.id]
            if session.connection is not None:
                await session.connection.close(code)
        return len(sessions)

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one websocket from HELLO to its end."""
        socket = web.WebSocketResponse(compress=False, max_msg_size=0, timeout=0.2)
        await socket.prepare(request)
        rules = self._server.rules
        asked = request.query.get("compress")
        connection = Connection(socket, asked if rules.compression == "as asked" else None)
        await connection.send(HELLO, {"heartbeat_interval": int(rules.heartbeat_seconds * 1000)})
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._receive(connection, json.loads(message.data))
        finally:
            self._detach(connection)
        return socket

    async def _receive(self, connection: Connection, message: Json) -> None:
        answer = self._answers.get(message["op"])
        if answer is not None:
            await answer(connection, message["d"])

    def _detach(self, connection: Connection) -> None:
        for session in self._sessions.values():
            if session.connection is connection:
                session.connection = None
                session.detached_at = time.monotonic()
        self._server.changes.notify()

    async def _heartbeat(self, connection: Connection, _: Any) -> None:
        await connection.send(HEARTBEAT_ACK)

    async def _identify(self, connection: Connection, data: Json) -> None:
        if data["token"] != TOKEN:
            await connection.close(4004)
            return
        session = Session(connection, data)
        self._forget_predecessors(session)
        await session.send_event("READY", self._ready(session))
        for guild in self._server.world.joined_guilds():
            if guild.is_down:
                continue
            if session.concerns(guild.id) and session.intents & INTENT_GUILDS:
                await session.send_event("GUILD_CREATE", guild_payload(guild, self._server.world))
        self._sessions[session.id] = session
        self._server.changes.notify()

    def _forget_predecessors(self, session: Session) -> None:
        """Drop what nobody will resume: a bot that identifies anew has lost its former session."""
        for former in list(self._sessions.values()):
            if former.connection is None and former.shard == session.shard:
                del self._sessions[former.id]

    def _ready(self, session: Session) -> Json:
        world = self._server.world
        return {
            "v": 10,
            "user": user_payload(world.users[BOT_ID]),
            "application": {"id": str(APPLICATION_ID), "flags": 0},
            "session_id": session.id,
            "resume_gateway_url": gateway_url(self._server.address),
            "shard": list(session.shard),
            "guilds": [
                {"id": str(guild.id), "unavailable": True}
                for guild in world.joined_guilds()
                if session.concerns(guild.id)
            ],
        }

    async def _resume(self, connection: Connection, data: Json) -> None:
        known = {session.id: session for session in self.sessions()}
        session = known.get(data["session_id"])
        if session is None or data["token"] != TOKEN:
            await connection.send(INVALID_SESSION, data=False)
            return
        await session.replay(connection, data["seq"] or 0)
        self._server.changes.notify()

    async def _request_members(self, connection: Connection, data: Json) -> None:
        guild_id = int(data["guild_id"])
        world = self._server.world
        members = [member_payload(world.users[u]) for u in world.guilds[guild_id].member_ids]
        session = next(s for s in self._sessions.values() if s.connection is connection)
        chunk = {"chunk_index": 0, "chunk_count": 1, "not_found": [], "nonce": data.get("nonce")}
        await session.send_event(
            "GUILD_MEMBERS_CHUNK", {"guild_id": str(guild_id), "members": members, **chunk}
        )


def gateway_url(address: str) -> str:
    """Where the websocket is."""
    return address.replace("http", "ws", 1) + "/gateway"
