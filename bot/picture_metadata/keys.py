"""The texts we look for, and how long one may be."""

from __future__ import annotations

from bot.domain.inscription import INFOTEXT_KEY, RECORD_KEY

KEYS = frozenset({INFOTEXT_KEY, RECORD_KEY, "prompt", "workflow"})

MAX_TEXT_BYTES = 2 * 1024 * 1024
"""ComfyUI's graphs come to some hundred kilobytes."""
