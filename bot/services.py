"""What commands and buttons may ask for: the use cases, in one record handed to every cog."""

from __future__ import annotations
