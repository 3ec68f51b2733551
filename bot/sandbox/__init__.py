"""The local image API: the contract over real HTTP, for tests, benchmarks, the demo and people."""

from __future__ import annotations

from bot.sandbox.faults import Fault
from bot.sandbox.server import RecordedRequest, SandboxServer, serve
from bot.sandbox.settings import Profile, SandboxSettings

__all__ = ["Fault", "Profile", "RecordedRequest", "SandboxServer", "SandboxSettings", "serve"]
