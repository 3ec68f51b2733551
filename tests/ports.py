"""Ports of loopback that a test may count on: nobody is given them while the tests run."""

from __future__ import annotations

import socket
import sys

_held: list[socket.socket] = []


def free_port() -> int:
    """Return a port nobody listens on, for a bot that must find it again after each kill.

    Other tests and programs take their ports from the system at the same time. On Linux it gives
    nobody one that is bound, while a server that names it, and reuses addresses as asyncio's do,
    may listen there beside one who is bound and does not listen.
    """
    place = socket.socket()
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    place.bind(("127.0.0.1", 0))
    if sys.platform == "linux":
        _held.append(place)
        return place.getsockname()[1]
    with place:
        return place.getsockname()[1]
