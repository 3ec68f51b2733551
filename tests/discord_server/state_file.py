"""Keeps the world, the messages and the ids over a restart of the server itself.

Killing the *bot* loses nothing: its Discord is another process. Gateway sessions and the record of
requests are not kept; bots identify anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from tests.discord_server.core import Core
from tests.discord_server.errors import Json
from tests.discord_server.interactions import Interaction
from tests.discord_server.media import StoredFile
from tests.discord_server.messages import StoredMessage
from tests.discord_server.world import World


@dataclass(slots=True)
class State:
    """What the state file holds."""

    address: str
    last_id: int
    world: World
    messages: list[StoredMessage]
    interactions: list[Interaction]
    commands: dict[int | None, list[Json]]
    files: list[StoredFile]


_STATE = TypeAdapter(State)


def save_state(core: Core, path: Path) -> None:
    """Write everything worth keeping."""
    state = State(
        address=core.address,
        last_id=core.new_id.last,
        world=core.world,
        messages=list(core.messages),
        interactions=list(core.interactions.by_id.values()),
        commands=core.commands,
        files=list(core.files.values()),
    )
    path.write_bytes(_STATE.dump_json(state))


def load_state(core: Core, path: Path) -> None:
    """Take over what an earlier server wrote; a file that is not there is an empty one."""
    if not path.exists():
        return
    text = path.read_bytes().decode()
    former: str = TypeAdapter(Json).validate_json(text)["address"]
    state = _STATE.validate_json(text.replace(former, core.address))
    core.new_id.not_below(state.last_id)
    core.world = state.world
    core.commands = state.commands
    core.files = {file.id: file for file in state.files}
    for message in state.messages:
        message.files = [core.files[file.id] for file in message.files]
        core.messages.add(message)
    for interaction in state.interactions:
        core.interactions.add(interaction)
