"""Addresses under which our copies of pictures can be had in full, for whoever was given one.

Unguessable for the reason that those in `addresses.py` are, and made of the same key. What they
lead to is decided at each call, so an address dies with the copy.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from typing import NamedTuple

from bot.domain.ids import JobId

PATH = "/files/{token}"
_PLACE = struct.Struct(">QB")
_PURPOSE = b"picture "
"""Keeps these apart from other uses of the key."""

_PROOF_BYTES = 24


class PicturePlace(NamedTuple):
    """Which picture of which job."""

    job_id: JobId
    position: int


class PictureAddresses:
    """Makes and recognises addresses below one public base address."""

    def __init__(self, base_url: str, key: bytes, *, purpose: bytes = _PURPOSE) -> None:
        self._base_url = base_url
        self._key = key
        self._purpose = purpose

    def of(self, job_id: JobId, position: int) -> str:
        """Return the address of one picture of a job."""
        packed = _PLACE.pack(job_id, position)
        token = base64.urlsafe_b64encode(packed + self._proof(packed)).decode()
        return f"{self._base_url}{PATH.format(token=token)}"

    def recognise(self, token: str) -> PicturePlace | None:
        """Return what a token leads to; None for any other, in constant time."""
        try:
            given = base64.b64decode(token, altchars=b"-_", validate=True)
        except (ValueError, binascii.Error):
            return None
        packed, proof = given[: _PLACE.size], given[_PLACE.size :]
        if not hmac.compare_digest(self._proof(packed), proof):
            return None
        job_id, position = _PLACE.unpack(packed)
        return PicturePlace(JobId(job_id), position)

    def _proof(self, packed: bytes) -> bytes:
        return hmac.digest(self._key, self._purpose + packed, hashlib.sha256)[:_PROOF_BYTES]
