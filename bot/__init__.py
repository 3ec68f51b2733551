"""The Imagine bot: what members type becomes pictures in their channel."""

from __future__ import annotations

__version__ = "0.1.0"
