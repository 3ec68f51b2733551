"""Which acknowledgements stand in which channel, what each says, and which have to change."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from bot.domain.ids import ChannelId, JobId, UserId
from bot.domain.job import TERMINAL, Job, JobStatus
from bot.domain.standing import Phase, Standing, phase_of
from bot.jobs.lifecycle import JobLifecycle


class Patience(IntEnum):
    """Rounds that an edit lets others go first where its channel's share does not do for all.

    Whatever has waited longer than that goes before what is new, so that nothing waits for ever.
    """

    PHASE = 0
    PLACE = 5
    BAR = 10


@dataclass(slots=True)
class Card:
    """An acknowledgement in its channel."""

    job_id: JobId
    user_id: UserId
    channel_id: ChannelId
    shown: Standing | None = None
    """What it says; None where an earlier process wrote it."""
    wanted_by: int | None = None
    """The round by which it should be edited; None while it is true."""


class Cards:
    """Hears of every job that moves."""

    def __init__(self, lifecycle: JobLifecycle) -> None:
        self._cards: dict[JobId, Card] = {}
        self._round = 0
        self.queue_moved = False
        """Places may have changed since the board looked last."""
        lifecycle.on_change(self.hear)

    def __iter__(self) -> Iterator[Card]:
        return iter(self._cards.values())

    def get(self, job_id: JobId) -> Card | None:
        """Return a job's card, if it has one."""
        return self._cards.get(job_id)

    def put_up(self, job: Job, standing: Standing) -> None:
        """Hear that a job was acknowledged, and in which words."""
        self._cards[job.id] = dataclasses.replace(_card_of(job), shown=standing)

    def hear(self, job: Job) -> None:
        """Hear where a job stands now."""
        self.queue_moved |= job.status is JobStatus.SUBMITTING or job.status in TERMINAL
        if job.acknowledgement_id is None and job.id not in self._cards:
            return
        card = self._cards.setdefault(job.id, _card_of(job))
        phase = phase_of(job)
        if card.shown is None or card.shown.phase is not phase:
            self.want([card], Patience.PHASE)
        elif phase is Phase.DRAWING:  # the API has named a time
            self.want([card], Patience.BAR)

    def take_down(self, job_id: JobId) -> None:
        """Forget a card."""
        self._cards.pop(job_id, None)

    def want(self, cards: Iterable[Card], patience: Patience) -> None:
        """Have cards edited; one that waits already keeps its turn if that is sooner."""
        by_round = self._round + patience
        for card in cards:
            card.wanted_by = by_round if card.wanted_by is None else min(card.wanted_by, by_round)

    def next_round(self) -> Sequence[Sequence[Card]]:
        """Return what wants to be edited, channel by channel, the longest overdue first."""
        self._round += 1
        wanted = [(card.wanted_by, card) for card in self if card.wanted_by is not None]
        channels: dict[ChannelId, list[Card]] = {}
        for _, card in sorted(wanted, key=lambda each: each[0]):
            channels.setdefault(card.channel_id, []).append(card)
        return list(channels.values())


def _card_of(job: Job) -> Card:
    return Card(job.id, job.origin.user_id, job.origin.channel_id)
