"""What members, and servers, may take along or have erased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.personal import Holding
from bot.privacy.departures import Departures
from bot.privacy.erasures import Erasures
from bot.privacy.exports import Exports


@dataclass(frozen=True, slots=True, kw_only=True)
class Privacy:
    """The use cases, and what members are told of them."""

    erasures: Erasures
    exports: Exports
    departures: Departures
    holdings: Sequence[Holding]
    picture_days: int
    """How long pictures are kept."""
    grace_days: int
    """How long what is kept of a server outlives its removing the bot."""


__all__ = ["Departures", "Erasures", "Exports", "Privacy"]
