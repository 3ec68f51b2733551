"""What the safety checker flags: here, words of the prompt. Nothing explicit is ever drawn."""

from __future__ import annotations

import re

_FLAGGED = re.compile(
    r"\b(nsfw|nudes?|naked|nudity|gore|gory|explicit|porn\w*|erotic\w*|hentai|lewd|topless|bloody)\b",
    re.IGNORECASE,
)


def is_flagged(prompt: str) -> bool:
    """Tell whether the checker would find something in this prompt's pictures."""
    return _FLAGGED.search(prompt) is not None
