"""Reads what the API posts to a webhook (contract, section 7).

Anybody could have posted it: who receives it checks the address's token, `track_id` and id first.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import SecretStr

from bot.domain.ids import ProviderJobId
from bot.domain.outcome import Reply
from bot.errors import ProviderError
from bot.imageapi.replies import Question, RawAnswer, parse, reply_of
from bot.imageapi.words import Redactor


@dataclass(frozen=True, slots=True)
class WebhookNotice:
    """What a webhook says of a job.

    `track_id` is ours, echoed as text or as a number. `news` is a reply as to a fetch, or the
    error it stands for; ProviderUnavailable means that only asking the API will tell.
    """

    track_id: str | None
    provider_job_id: ProviderJobId | None
    news: Reply | ProviderError


def read_webhook(body: bytes) -> WebhookNotice | None:
    """Return the notice, or None where the body is no JSON object."""
    wire = parse(body)
    if wire is None:
        return None
    job_id = None if wire.id is None else ProviderJobId(wire.id)
    question = Question(Redactor(SecretStr("")))
    try:
        news: Reply | ProviderError = reply_of(wire, RawAnswer(200, {}, body), question)
    except ProviderError as error:
        news = error.with_traceback(None)
    return WebhookNotice(wire.track_id, job_id, news)
