"""What members, and servers, may take along or have erased."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.domain.clock import Clock
from bot.domain.ids import GuildId
from bot.domain.personal import Holding
from bot.domain.personal_ports import PersonalStore, ServerStore
from bot.domain.ports import PictureStore
from bot.jobs.lifecycle import JobLifecycle
from bot.privacy.departures import Departures
from bot.privacy.erasures import Erasures
from bot.privacy.exports import Exports, Shrink


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


def build_privacy(
    *,
    personal: PersonalStore,
    servers: ServerStore,
    pictures: PictureStore,
    lifecycle: JobLifecycle,
    clock: Clock,
    folder: Path,
    shrink: Shrink,
    picture_days: int,
    grace_days: int,
    on_forgotten: Callable[[GuildId], None],
) -> Privacy:
    """Put the use cases together; what is being sent lies in `folder` meanwhile."""
    return Privacy(
        erasures=Erasures(store=personal, pictures=pictures, lifecycle=lifecycle, clock=clock),
        exports=Exports(
            store=personal, pictures=pictures, clock=clock, folder=folder, shrink=shrink
        ),
        departures=Departures(
            store=servers,
            clock=clock,
            grace=timedelta(days=grace_days),
            on_forgotten=on_forgotten,
        ),
        holdings=personal.holdings(),
        picture_days=picture_days,
        grace_days=grace_days,
    )
