"""What the tests of replies share: an answer, and a question that it answers."""

from __future__ import annotations

import json

from pydantic import SecretStr

from bot.domain.ids import ProviderJobId
from bot.imageapi.replies import Question, RawAnswer
from bot.imageapi.words import Redactor

KEY = "k3y-7Hq/secret"
LINK = "https://pub-8b49.r2.dev/generations/4118bb93-0.png"
OTHER_LINK = "https://cdn.stablediffusionapi.com/generations/1-d00bf96e.png"


def answer(body: object, status: int = 200, **headers: str) -> RawAnswer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return RawAnswer(status, {name.replace("_", "-"): v for name, v in headers.items()}, raw)


def question(known_id: str | None = None, *own_words: str) -> Question:
    """As a submission asks, or as a fetch does when the id is known."""
    return Question(
        Redactor(SecretStr(KEY)),
        submitting=known_id is None,
        known_id=None if known_id is None else ProviderJobId(known_id),
        own_words=own_words,
    )
