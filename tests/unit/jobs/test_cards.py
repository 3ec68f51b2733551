"""Whose acknowledgement is edited first where a channel's share does not do for all."""

from __future__ import annotations

from typing import cast

from bot.domain.ids import JobId, MessageId
from bot.domain.job import Job, JobStatus
from bot.domain.ports import JobStore
from bot.domain.standing import Phase, Standing
from bot.jobs.cards import Card, Cards, Patience
from bot.jobs.lifecycle import JobLifecycle
from tests.factories.jobs import a_job

NOWHERE = cast("JobStore", None)


def acknowledged(job_id: int, status: JobStatus = JobStatus.QUEUED) -> Job:
    facts = {"id": JobId(job_id), "acknowledgement_id": MessageId(1)}
    return a_job(status=status).model_copy(update=facts)


def cards_of(*job_ids: int) -> Cards:
    """Return cards that say "waiting", which is true."""
    cards = Cards(JobLifecycle(NOWHERE))
    for job_id in job_ids:
        cards.put_up(acknowledged(job_id), Standing(phase=Phase.WAITING, place=0))
    return cards


def card(cards: Cards, job_id: int) -> Card:
    found = cards.get(JobId(job_id))
    assert found is not None
    return found


def order(cards: Cards) -> list[int]:
    return [each.job_id for channel in cards.next_round() for each in channel]


def test_what_says_the_truth_is_left_alone() -> None:
    cards = cards_of(1)
    cards.hear(acknowledged(1))
    assert order(cards) == []


def test_a_phase_goes_before_a_place_and_a_place_before_a_bar() -> None:
    cards = cards_of(1, 2, 3)
    cards.want([card(cards, 1)], Patience.BAR)
    cards.want([card(cards, 2)], Patience.PLACE)
    cards.hear(acknowledged(3, JobStatus.SUBMITTING))
    assert order(cards) == [3, 2, 1]


def rounds_until_first(cards: Cards, job_id: int) -> int:
    """Count rounds with room for one edit, while in each of them another job's phase changes."""
    for number in range(1, 100):
        cards.hear(acknowledged(number, JobStatus.SUBMITTING))
        first = order(cards)[0]
        if first == job_id:
            return number
        card(cards, first).wanted_by = None
    raise AssertionError("it waits for ever")


def test_nothing_waits_for_ever_behind_what_is_more_urgent() -> None:
    cards = cards_of(*range(100))
    cards.want([card(cards, 0)], Patience.BAR)
    assert rounds_until_first(cards, 0) == Patience.BAR + 1


def test_a_card_that_waits_keeps_its_turn() -> None:
    cards = cards_of(1, 2)
    cards.want([card(cards, 1)], Patience.PHASE)
    cards.next_round()
    cards.want([card(cards, 2)], Patience.PHASE)
    cards.want([card(cards, 1)], Patience.BAR)
    assert order(cards) == [1, 2]


def test_a_job_whose_acknowledgement_nobody_knows_has_no_card() -> None:
    cards = cards_of()
    cards.hear(a_job(status=JobStatus.SUBMITTING))
    assert list(cards) == []
