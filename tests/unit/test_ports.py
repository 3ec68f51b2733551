from __future__ import annotations

import socket
import sys

import pytest

from tests.ports import free_port


def test_a_server_may_come_and_go_at_a_free_port() -> None:
    port = free_port()
    for _ in range(2):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))
        with (
            socket.create_server(("127.0.0.1", port)),
            socket.create_connection(("127.0.0.1", port)),
        ):
            pass


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a port cannot be held like that")
def test_nobody_else_is_given_a_free_port() -> None:
    """A port that the system gives is one that could be bound so."""
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", free_port()))
