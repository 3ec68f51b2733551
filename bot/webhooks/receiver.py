"""What to do with a webhook delivery, on raw bytes and without any web framework.

The answer is given within milliseconds; the work happens after, in the inbox.
"""

from __future__ import annotations

from enum import IntEnum

from bot.domain.ids import JobId
from bot.imageapi import read_webhook
from bot.jobs.inbox import Mail, WebhookInbox
from bot.webhooks.addresses import WebhookAddresses

MAX_BODY_BYTES = 64 * 1024


class Answer(IntEnum):
    """HTTP statuses. Whatever the job's state, a genuine delivery is answered with 200."""

    TAKEN = 200
    NOT_JSON = 400
    UNKNOWN_ADDRESS = 404
    TOO_LARGE = 413
    WRONG_TYPE = 415


class WebhookReceiver:
    """Lets genuine deliveries through to the inbox."""

    def __init__(self, *, addresses: WebhookAddresses, inbox: WebhookInbox) -> None:
        self._addresses = addresses
        self._inbox = inbox

    def recognise(self, job_id: str, token: str) -> JobId | None:
        """Check the address, before the body is read."""
        return self._addresses.recognise(job_id, token)

    def receive(self, job_id: JobId, content_type: str, body: bytes) -> Answer:
        """Take a delivery to a genuine address."""
        if len(body) > MAX_BODY_BYTES:
            return Answer.TOO_LARGE
        if content_type != "application/json":
            return Answer.WRONG_TYPE
        notice = read_webhook(body)
        if notice is None:
            return Answer.NOT_JSON
        self._inbox.put(Mail(job_id, notice.track_id, notice.provider_job_id, notice.news))
        return Answer.TAKEN
