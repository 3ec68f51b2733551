"""What to do with a webhook delivery, on raw bytes and without any web framework.

Whatever came to a genuine address is answered with 200 within milliseconds; the work happens after,
in the inbox. So is what cannot be read: sent again it would be the same, and polling goes on.
"""

from __future__ import annotations

from bot.domain.ids import JobId
from bot.imageapi import read_webhook
from bot.jobs.inbox import Mail, WebhookInbox
from bot.webhooks.addresses import WebhookAddresses

MAX_BODY_BYTES = 64 * 1024


class WebhookReceiver:
    """Lets genuine deliveries through to the inbox."""

    def __init__(self, *, addresses: WebhookAddresses, inbox: WebhookInbox) -> None:
        self._addresses = addresses
        self._inbox = inbox

    def recognise(self, job_id: str, token: str) -> JobId | None:
        """Check the address, before the body is read."""
        return self._addresses.recognise(job_id, token)

    def receive(self, job_id: JobId, content_type: str, body: bytes | None) -> None:
        """Take a delivery to a genuine address; None is a body too long to be read."""
        notice = read_webhook(body) if body and content_type == "application/json" else None
        if notice is None:
            self._inbox.put_aside(job_id)
        else:
            self._inbox.put(Mail(job_id, notice.track_id, notice.provider_job_id, notice.news))
