"""The bot's own HTTP server: health, metrics, and what the image API calls."""

from __future__ import annotations
