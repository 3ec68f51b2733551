"""What the parts of the control interface stand on."""

from __future__ import annotations

from tests.discord_server.core import Core


class ControlBase:
    """Holds the state the control methods work on."""

    core: Core
