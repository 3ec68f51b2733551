"""A member's own defaults: set and cleared by them alone, and asked for with each command."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from bot.domain.clock import Clock
from bot.domain.ids import UserId
from bot.domain.member_ports import OwnDefaultsStore
from bot.domain.option_texts import attributes_of
from bot.domain.request_defaults import OWN_DEFAULTABLE, OWN_OPTIONS, checked_defaults
from bot.errors import InvalidRequest, Problem
from bot.speech import _

MEMBERS_KEPT = 10_000


class OwnDefaults:
    """Answers from memory, of the members who asked last; one process owns the data directory."""

    def __init__(self, *, store: OwnDefaultsStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._known: OrderedDict[UserId, Mapping[str, Any]] = OrderedDict()
        self._changes = 0
        """Counted, so that what was read before a change is not remembered after it."""

    async def of(self, user_id: UserId) -> Mapping[str, Any]:
        """Return a member's defaults as attributes."""
        known = self._known.get(user_id)
        if known is not None:
            self._known.move_to_end(user_id)
            return known
        changes = self._changes
        read = await self._store.of_member(user_id)
        if changes == self._changes:
            self._known[user_id] = read
            if len(self._known) > MEMBERS_KEPT:
                self._known.popitem(last=False)
        return read

    async def put(self, user_id: UserId, option: str, text: str) -> Mapping[str, Any]:
        """Set an option's default as one would type it; return all of the member's defaults.

        Raises:
            InvalidRequest: there is no such option, or it does not take this.
        """
        if option not in OWN_OPTIONS:
            raise InvalidRequest([Problem("option", _("is not one that can have a default"))])
        attributes = checked_defaults(attributes_of({option: text.strip()}), OWN_DEFAULTABLE)
        try:
            await self._store.put(user_id, option, attributes, self._clock.now_ms())
        finally:
            self.forget(user_id)
        return await self.of(user_id)

    async def clear(self, user_id: UserId, option: str | None = None) -> int:
        """Unset an option's default, or all of them; return how many were set."""
        try:
            return await self._store.clear(user_id, option)
        finally:
            self.forget(user_id)

    def forget(self, user_id: UserId) -> None:
        """Read a member's defaults anew the next time."""
        self._changes += 1
        self._known.pop(user_id, None)
