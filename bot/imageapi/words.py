"""What the API's messages mean, and how they may be repeated.

The vendor words errors differently from year to year and sends most of them with HTTP 200
(contract, sections 4.4 and 5), so meaning is found in the words first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from enum import Enum, auto
from urllib.parse import quote

from pydantic import SecretStr

from bot.domain.request import clean_text

MAX_WORDS = 300
REDACTED = "[key]"


class Meaning(Enum):
    """What a message asks of us."""

    BUSY = auto()
    """Wait, then try again."""
    SUSPENDED = auto()
    """Key, credit or plan: the operator must act."""
    MODEL_NOT_FOUND = auto()
    FAILED = auto()
    """It tried and could not."""
    UNAVAILABLE = auto()
    """Out of order for a while."""
    OTHER = auto()


def _pattern(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


_MEANINGS: tuple[tuple[Meaning, re.Pattern[str]], ...] = (
    (
        Meaning.MODEL_NOT_FOUND,
        _pattern(
            r"^(?:the |your |this |selected |requested )*model\b.*?"
            r"(?:not found|not exist|doesn't exist|is invalid|not available)",
            r"^model_id\b.*?(?:not found|not exist|is invalid)",
            r"^(?:invalid|unknown) model\b",
        ),
    ),
    (Meaning.SUSPENDED, _pattern(r"(?:monthly|daily)\b.*\b(?:limit|quota)")),
    (
        Meaning.BUSY,
        _pattern(
            r"rate limit",
            r"too many (?:\w+ )?(?:requests|attempts)",
            r"(?:queue|queued|requests?|concurrency|concurrent)\b.*\blimit",
            r"queue is full|queued requests",
            r"spam filter|same request",
        ),
    ),
    (
        Meaning.SUSPENDED,
        _pattern(
            r"limit exceeded|quota exceeded|exceeded your\b.*\b(?:limit|quota)",
            r"api[ _-]?key",
            r"insufficient (?:credit|balance|fund)",
            r"not enough (?:credit|balance|fund)",
            r"(?:out of|no|0) (?:credits?|balance)\b",
            r"\bsubscription\b|\bsubscribe\b",
            r"unauthenticated|unauthorized",
            r"payment required",
            r"account\b.*\b(?:suspended|disabled|blocked|banned)",
        ),
    ),
    (Meaning.FAILED, _pattern(r"^failed\W*(?:please )?(?:try again)?\W*$", r"^processing failed")),
    (
        Meaning.UNAVAILABLE,
        _pattern(
            r"internal server error|^server error",
            r"something went wrong",
            r"temporarily unavailable|service unavailable",
            r"under maintenance",
        ),
    ),
)
"""In order: a rate limit is no plan limit though both are "exceeded" (contract, section 4.4)."""


def meaning_of(text: str, own_words: Iterable[str] = ()) -> Meaning:
    """Say what a message means.

    `own_words` are what the member typed. Where those could pass for the API's words they are
    taken out first, so that a prompt "monthly limit exceeded" cannot stop the bot by being quoted.
    """
    for own in own_words:
        if _first_meaning(own) is not Meaning.OTHER:
            text = re.sub(re.escape(own), "…", text, flags=re.IGNORECASE)
    return _first_meaning(text)


def _first_meaning(text: str) -> Meaning:
    return next((meaning for meaning, found in _MEANINGS if found.search(text)), Meaning.OTHER)


class Redactor:
    """Makes the API's text fit to be repeated: short, without control characters or the key."""

    def __init__(self, key: SecretStr) -> None:
        self._key = key

    def __call__(self, text: str) -> str:
        """Return the text in one line, at most `MAX_WORDS` characters."""
        shown = " ".join(clean_text(text).split())
        secret = self._key.get_secret_value()
        if secret:
            shown = self._without(shown, secret)
        return shown if len(shown) <= MAX_WORDS else shown[: MAX_WORDS - 1] + "…"

    def _without(self, text: str, secret: str) -> str:
        spellings = {secret, quote(secret, safe=""), json.dumps(secret)[1:-1]}
        for spelling in sorted(spellings, key=len, reverse=True):
            text = re.sub(re.escape(spelling), REDACTED, text, flags=re.IGNORECASE)
        return text
