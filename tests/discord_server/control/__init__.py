"""What tests and benchmarks do to the server: the same methods in the process and from another."""

from __future__ import annotations

from tests.discord_server.control.faults import FaultControl
from tests.discord_server.control.interactions import InteractionControl
from tests.discord_server.control.queries import QueryControl
from tests.discord_server.control.world import WorldControl


class Control(WorldControl, InteractionControl, QueryControl, FaultControl):
    """The whole of it; `DiscordServer` carries it out, `RemoteDiscord` sends it there."""
