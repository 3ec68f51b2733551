"""Who may ask for how much."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.quota import (
    WINDOW_MS,
    QuotaLimits,
    QuotaUsage,
    Reservation,
    check_quota,
    quota_status,
)
from bot.errors import QuotaExceeded
from tests.fakes.clock import NOON

LIMITS = QuotaLimits(daily_images=10, max_active=3)


def usage(*images: int, active: int = 0) -> QuotaUsage:
    """Reservations a minute apart, oldest first."""
    return QuotaUsage([Reservation(NOON + n * 60_000, i) for n, i in enumerate(images)], active)


def refused(used: QuotaUsage, images: int) -> QuotaExceeded:
    with pytest.raises(QuotaExceeded) as error:
        check_quota(LIMITS, used, images)
    return error.value


def test_what_fits_exactly_passes() -> None:
    check_quota(LIMITS, usage(4, 2, active=2), 4)


@pytest.mark.parametrize(
    ("images", "words"),
    [
        ((10,), "no image is left"),
        ((9,), "1 of them is left"),
        ((8,), "2 of them are left"),
    ],
)
def test_a_refusal_says_the_limit_what_is_left_and_what_was_asked(
    images: tuple[int, ...], words: str
) -> None:
    error = refused(usage(*images), 4)
    assert str(error) == f"Your limit is 10 images in 24 hours; {words}, and you asked for 4."
    assert error.remaining == 10 - sum(images)


def test_it_names_the_first_moment_at_which_enough_comes_back() -> None:
    assert refused(usage(2, 3, 4), 4).resets_at_ms == NOON + 60_000 + WINDOW_MS


def test_more_than_the_limit_never_comes_back() -> None:
    assert refused(usage(), 11).resets_at_ms is None


def test_a_limit_lowered_below_what_is_used_leaves_nothing_and_never_less() -> None:
    error = refused(usage(9, 9), 1)
    assert error.remaining == 0
    assert quota_status(LIMITS, usage(9, 9)).remaining == 0


def test_too_many_open_jobs_are_refused_however_few_images_they_hold() -> None:
    error = refused(usage(1, active=3), 1)
    assert str(error).startswith("You have 3 unfinished jobs, and 3 at once are allowed.")
    assert (error.remaining, error.resets_at_ms) == (9, None)


def test_the_status_says_what_is_left_and_when_the_oldest_comes_back() -> None:
    status = quota_status(LIMITS, usage(4, 1, active=2))
    assert (status.used, status.remaining, status.active_jobs) == (5, 5, 2)
    assert status.more_at_ms == NOON + WINDOW_MS
    assert quota_status(LIMITS, usage()).more_at_ms is None


Reserved = st.lists(st.tuples(st.integers(0, WINDOW_MS), st.integers(1, 4)), max_size=40)


@given(st.integers(1, 60), st.integers(1, 5), Reserved, st.integers(0, 6), st.integers(1, 4))
def test_a_request_passes_if_and_only_if_it_fits(
    daily: int, at_once: int, reserved: list[tuple[int, int]], active: int, images: int
) -> None:
    limits = QuotaLimits(daily, at_once)
    used = QuotaUsage([Reservation(NOON + at, n) for at, n in sorted(reserved)], active)
    fits = used.images + images <= daily and active < at_once
    try:
        check_quota(limits, used, images)
    except QuotaExceeded as error:
        assert not fits
        if error.resets_at_ms is not None:
            _is_first_moment(limits, used, images, error.resets_at_ms)
    else:
        assert fits


def _is_first_moment(limits: QuotaLimits, used: QuotaUsage, images: int, moment: int) -> None:
    """What the store counts at a moment is what was reserved less than a window before it."""

    def counted(now: int) -> int:
        return sum(r.images for r in used.reservations if r.reserved_at_ms > now - WINDOW_MS)

    assert counted(moment) + images <= limits.daily_images
    assert counted(moment - 1) + images > limits.daily_images
