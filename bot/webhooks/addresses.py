"""Addresses the image API is told to call: unguessable, since it signs nothing.

Each carries a token of its own: an HMAC of the job's id with a key that never leaves the database.
Nothing has to be remembered to check one, so addresses given out before a restart stay good.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from bot.domain.ids import JobId
from bot.webhooks.picture_addresses import PictureAddresses

_NUMBER = re.compile("[0-9]{1,20}")
"""An id has 64 bits; Python refuses to read numbers of thousands of digits."""

_TOKEN_BYTES = 24
PATH = "/webhooks/{job_id}/{token}"
KEY_MARK = "webhook-key"
"""Where the key is kept among the program's marks."""


class WebhookAddresses:
    """Makes and recognises addresses below one public base address."""

    def __init__(self, base_url: str, key: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._key = key.encode()
        self.pictures = PictureAddresses(self._base_url, self._key)
        self.sources = PictureAddresses(self._base_url, self._key, purpose=b"source ")

    def of(self, job_id: JobId) -> str:
        """Return the address for one job."""
        path = PATH.format(job_id=job_id, token=self._token(job_id))
        return f"{self._base_url}{path}"

    def recognise(self, job_id: str, token: str) -> JobId | None:
        """Return the job whose address this is; None for any other, in constant time."""
        number = JobId(int(job_id)) if _NUMBER.fullmatch(job_id) else JobId(0)
        genuine = hmac.compare_digest(self._token(number).encode(), token.encode())
        return number if genuine and str(number) == job_id else None

    def _token(self, job_id: JobId) -> str:
        digest = hmac.digest(self._key, str(job_id).encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest[:_TOKEN_BYTES]).decode()
