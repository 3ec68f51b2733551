"""Keeps acknowledgements true: where a job stands, edited only when that changed.

Discord counts the relative time down by itself, so an edit is due only for a new phase, place or
block of the bar, and for a time that passed. Rounds are three seconds apart, and a message shows
the newest state or none: what changed twice between rounds is edited once.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Sequence

import structlog

from bot.domain.ids import ChannelId, UserId
from bot.domain.job import Job, JobStatus
from bot.domain.ports import Courier, JobStore
from bot.domain.standing import Phase, Standing
from bot.errors import StorageError
from bot.jobs.cards import Card, Cards, Patience
from bot.jobs.standings import SOON_MS, Standings
from bot.loops import Loop

log = structlog.stdlib.get_logger(__name__)

ROUND_SECONDS = 3.0
EDITS_PER_CHANNEL = 2
"""A channel's share of a round, well under Discord's five edits in five seconds."""

PLACES_SHOWN = 50
"""Only the head of the queue is told its place again and again."""

RECOVERED = 50
"""Newest jobs whose acknowledgements are looked at after a start; editing again is harmless."""


class ProgressBoard:
    """Edits acknowledgements of jobs that moved, in rounds."""

    def __init__(
        self, *, jobs: JobStore, cards: Cards, courier: Courier, standings: Standings
    ) -> None:
        self._jobs = jobs
        self._cards = cards
        self._courier = courier
        self._standings = standings
        self._was_paused = False
        self._editing: set[ChannelId] = set()
        """Where an earlier round's edits are not over yet."""

    async def recover(self) -> None:
        """Take up the acknowledgements that an earlier process may have left behind."""
        try:
            newest = await self._jobs.newest(RECOVERED)
        except StorageError as error:
            log.error("acknowledgements not recovered", reason=str(error))
            return
        for job in newest:
            self._cards.hear(job)

    def loop(self) -> Loop:
        """Return the loop that runs the rounds."""
        return Loop("progress", self._rounds, interval_seconds=ROUND_SECONDS)

    async def _rounds(self) -> None:
        """Begin a round every few seconds, also while Discord keeps a channel waiting."""
        async with asyncio.TaskGroup() as edits:
            while True:
                await self._begin_round(edits)
                await asyncio.sleep(ROUND_SECONDS)

    async def round(self) -> None:
        """Edit what changed since the last round, within each channel's share."""
        async with asyncio.TaskGroup() as edits:
            await self._begin_round(edits)

    async def finish(self, user_id: UserId) -> None:
        """Edit at once what a member's jobs want edited, since they will be unknown from now on."""
        cards = [each for each in self._cards if each.user_id == user_id]
        await asyncio.gather(
            *(self._show_or_keep(card) for card in cards if card.wanted_by is not None)
        )

    async def _begin_round(self, edits: asyncio.TaskGroup) -> None:
        await self._courier.wait_until_ready()
        await self._notice_places()
        self._notice_pause()
        self._notice_time()
        for cards in self._cards.next_round():
            channel_id = cards[0].channel_id
            if channel_id not in self._editing:
                edits.create_task(self._edit_alone(channel_id, cards))

    async def _edit_alone(self, channel_id: ChannelId, cards: Sequence[Card]) -> None:
        self._editing.add(channel_id)
        try:
            await self._edit_in_a_channel(cards)
        finally:
            self._editing.discard(channel_id)

    async def _edit_in_a_channel(self, cards: Sequence[Card]) -> None:
        """Edit the first cards that say something else than where their jobs stand now."""
        edits = 0
        for card in cards:
            if edits == EDITS_PER_CHANNEL:
                return
            edits += await self._show_or_keep(card)

    async def _show_or_keep(self, card: Card) -> bool:
        """Edit an acknowledgement; one that the database keeps back has its turn next round."""
        turn, card.wanted_by = card.wanted_by, None
        try:
            return await self._show(card)
        except StorageError as error:
            log.warning("acknowledgement not edited yet", job_id=card.job_id, reason=str(error))
            card.wanted_by = turn
        except Exception:  # in a group it would end the others' edits too
            log.exception("acknowledgement not edited", job_id=card.job_id)
        return False

    async def _show(self, card: Card) -> bool:
        """Edit an acknowledgement; False if it says where its job stands already."""
        job = await self._jobs.get(card.job_id)
        if job is None:
            self._cards.take_down(card.job_id)
            return False
        place = await self._jobs.place_in_queue(job.id) if job.status is JobStatus.QUEUED else None
        standing = self._standing(card, job, place)
        if standing.phase is Phase.OVER:
            self._cards.take_down(job.id)
        if card.shown is not None and self._standings.reads_like(standing, card.shown):
            card.shown = dataclasses.replace(card.shown, until_ms=_until(standing, card.shown))
            return False
        if job.acknowledgement_id is None:
            return False
        card.shown = standing
        await self._courier.update_acknowledgement(job, standing)
        return True

    def _standing(self, card: Card, job: Job, place: int | None) -> Standing:
        """Return where a job stands; its bar never shrinks."""
        standing, shown = self._standings.of(job, place), card.shown
        if shown is None:
            return standing
        least = shown.blocks if shown.phase is standing.phase else 0
        return dataclasses.replace(standing, blocks=max(least, standing.blocks))

    async def _notice_places(self) -> None:
        if not self._cards.queue_moved:
            return
        self._cards.queue_moved = False
        try:
            head = await self._jobs.queue_head(PLACES_SHOWN)
        except StorageError as error:
            log.warning("places not looked up yet", reason=str(error))
            self._cards.queue_moved = True
            return
        for place, job_id in enumerate(head):
            card = self._cards.get(job_id)
            if card and card.shown and card.shown.place not in {None, place}:
                self._cards.want([card], Patience.PLACE)

    def _notice_pause(self) -> None:
        """Tell all who wait when submissions stop or go on, and not only the head of the queue."""
        paused = self._standings.is_paused
        if paused == self._was_paused:
            return
        self._was_paused = paused
        waiting = [c for c in self._cards if c.shown and c.shown.phase is Phase.WAITING]
        self._cards.want(waiting, Patience.PHASE)

    def _notice_time(self) -> None:
        """Find the bars that grew by a block, and the times that are about to be past."""
        outdated = [c for c in self._cards if c.shown and self._standings.is_outdated(c.shown)]
        self._cards.want(outdated, Patience.BAR)


def _until(standing: Standing, shown: Standing) -> int | None:
    """Return when to look again at a message that is left as it is."""
    past = None if shown.due_at_ms is None else shown.due_at_ms - SOON_MS
    return min((each for each in (standing.until_ms, past) if each is not None), default=None)
