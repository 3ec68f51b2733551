"""What prompts may not say: moderators' words and patterns, and one rule that is built in."""

from __future__ import annotations
