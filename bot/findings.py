"""Reads how a picture was made out of the picture itself, and keeps what was found for a while.

What was found waits in memory for its button to be pressed: so many at most, the oldest go first,
and none outlives the process.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from bot.domain.found import Found, KnownId, adapt
from bot.domain.ids import UserId
from bot.domain.inscription import read_texts
from bot.domain.request import GenerationRequest
from bot.picture_metadata import texts_in

MAX_FILE_BYTES = 10 * 1024 * 1024
"""What Discord takes of everybody anywhere; larger files are not looked at."""

AT_ONCE = 4
"""Files held in memory; the next ones wait."""

MAX_KEPT = 500


class Findings:
    """What pictures of elsewhere say of themselves."""

    def __init__(self) -> None:
        self.room = asyncio.Semaphore(AT_ONCE)
        """Held by whoever holds a file."""
        self._kept: OrderedDict[tuple[str, UserId], GenerationRequest] = OrderedDict()

    async def look_into(self, data: bytes, known: KnownId) -> Found | None:
        """Return what a file says of how it was made; None: nothing that is understood."""

        def look() -> Found | None:
            raw = read_texts(texts_in(data))
            return None if raw is None else adapt(raw, known)

        return await asyncio.to_thread(look)

    def keep(self, key: str, user_id: UserId, request: GenerationRequest) -> None:
        """Remember a request that a member's button offers."""
        self._kept[key, user_id] = request
        while len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)

    def recall(self, key: str, user_id: UserId) -> GenerationRequest | None:
        """Return it; None when it is no longer known, or is somebody else's."""
        return self._kept.get((key, user_id))
