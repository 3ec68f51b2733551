"""The real bot on a simulated Discord, against the sandbox over HTTP, with SQLite files."""

from __future__ import annotations
