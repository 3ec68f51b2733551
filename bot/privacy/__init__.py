"""What members, and servers, may take along or have erased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.domain.clock import Clock
from bot.domain.personal import Holding
from bot.domain.personal_ports import PersonalStore, ServerStore
from bot.domain.ports import JobStore, PictureStore
from bot.jobs.lifecycle import JobLifecycle
from bot.loops import Loop
from bot.privacy.departures import Departures, RemembersServers
from bot.privacy.erasures import Erasures
from bot.privacy.exports import Exports, Fit


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

    def loops(self) -> Sequence[Loop]:
        """Return the loops that erase and forget."""
        return self.erasures.loop(), self.departures.loop()


def build_privacy(
    *,
    personal: PersonalStore,
    servers: ServerStore,
    pictures: PictureStore,
    lifecycle: JobLifecycle,
    clock: Clock,
    folder: Path,
    jobs: JobStore,
    fit: Fit,
    picture_days: int,
    grace_days: int,
    remembering: Sequence[RemembersServers],
) -> Privacy:
    """Put the use cases together; what is being sent lies in `folder` meanwhile."""
    return Privacy(
        erasures=Erasures(store=personal, pictures=pictures, lifecycle=lifecycle, clock=clock),
        exports=Exports(
            store=personal, pictures=pictures, clock=clock, folder=folder, jobs=jobs, fit=fit
        ),
        departures=Departures(
            store=servers,
            clock=clock,
            grace=timedelta(days=grace_days),
            remembering=remembering,
        ),
        holdings=personal.holdings(),
        picture_days=picture_days,
        grace_days=grace_days,
    )


__all__ = ["Privacy", "RemembersServers", "build_privacy"]
