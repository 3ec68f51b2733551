"""What moderators see and press: `/settings` and its panel, which say and do the same."""

from __future__ import annotations
