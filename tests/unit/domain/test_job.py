"""The table of moves."""

from __future__ import annotations

import itertools

import pytest

from bot.domain.ids import JobId
from bot.domain.job import (
    AT_PROVIDER,
    CHARGED,
    TERMINAL,
    TRANSITIONS,
    UNFINISHED,
    Job,
    JobStatus,
    sources_of,
)
from tests.factories.jobs import PATHS, a_request, an_origin


def test_every_status_has_its_line() -> None:
    assert set(TRANSITIONS) == set(JobStatus)


def test_ends_have_no_exits_and_only_ends_have_none() -> None:
    ends = {"delivered", "failed", "refused", "cancelled", "expired"}
    assert {str(status) for status in TERMINAL} == ends
    assert set(JobStatus) == TERMINAL | UNFINISHED
    assert not TERMINAL & UNFINISHED


@pytest.mark.parametrize("start", sorted(UNFINISHED))
def test_from_every_unfinished_status_an_end_can_be_reached(start: JobStatus) -> None:
    reached, edge = {start}, {start}
    while edge:
        edge = set().union(*(TRANSITIONS[status] for status in edge)) - reached
        reached |= edge
    assert {JobStatus.DELIVERED, JobStatus.CANCELLED, JobStatus.FAILED} <= reached


def test_sources_are_the_moves_read_backwards() -> None:
    for source, target in itertools.product(JobStatus, JobStatus):
        assert (source in sources_of(target)) == (target in TRANSITIONS[source])


def test_no_status_leads_to_itself_and_nothing_leaves_ready_for_the_queue() -> None:
    assert all(status not in nexts for status, nexts in TRANSITIONS.items())
    assert not TRANSITIONS[JobStatus.READY] & ({JobStatus.QUEUED} | AT_PROVIDER)


def test_only_pictures_shown_are_always_charged() -> None:
    assert frozenset({JobStatus.DELIVERED}) == CHARGED
    assert sources_of(JobStatus.DELIVERED) == {JobStatus.READY}


@pytest.mark.parametrize("status", list(JobStatus))
def test_the_factories_ways_are_legal(status: JobStatus) -> None:
    at = JobStatus.QUEUED
    for step in PATHS[status]:
        assert step in TRANSITIONS[at]
        at = step
    assert at is status


def test_neither_a_token_nor_a_prompt_is_in_what_is_logged() -> None:
    origin = an_origin(interaction_token="aW50ZXJhY3Rpb24")
    job = Job(
        id=JobId(1),
        origin=origin,
        request=a_request(prompt="a secret fox"),
        status=JobStatus.QUEUED,
        fair_tag=0,
        created_at_ms=1,
    )
    assert "aW50ZXJhY3Rpb24" not in repr(job)
    assert "secret fox" not in str(job.log_context())
