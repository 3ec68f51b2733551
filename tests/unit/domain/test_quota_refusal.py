"""Every refusal says which limit, what is left, and when it works again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.quota import (
    WINDOW_MS,
    Grant,
    Limit,
    QuotaLimits,
    QuotaUsage,
    Reservation,
    ServerLimits,
    Spent,
    broken_limits,
)
from bot.domain.quota_refusal import Refused
from bot.errors import QuotaExceeded
from tests.fakes.clock import NOON

HOUR = 3_600_000
SERVER = ServerLimits(daily_images=10, server_images=50, max_active=2, cooldown_seconds=60)
LIMITS = QuotaLimits(daily_images=20, max_active=3, server=SERVER)
Books = Mapping[Limit, Sequence[Reservation]]


def entries(*images: int) -> list[Reservation]:
    """Reservations of the last hours, oldest first."""
    count = len(images)
    return [Reservation(NOON - (count - n) * HOUR, i) for n, i in enumerate(images)]


def with_books(usage: QuotaUsage, books: Books) -> QuotaUsage:
    sums = {limit: Spent(sum(e.images for e in found)) for limit, found in books.items()}
    return replace(
        usage,
        here=sums.get(Limit.HERE, usage.here),
        server=sums.get(Limit.SERVER, usage.server),
        everywhere=sums.get(Limit.EVERYWHERE, usage.everywhere),
    )


def refusal(
    usage: QuotaUsage,
    books: Books | None = None,
    *,
    cost: int = 1,
    pictures: int | None = None,
    limits: QuotaLimits = LIMITS,
) -> QuotaExceeded:
    usage = with_books(usage, books or {})
    broken = broken_limits(limits, usage, cost, NOON)
    assert broken
    listed = {limit: (books or {}).get(limit, ()) for limit in broken}
    return Refused(
        limits=limits, usage=usage, pictures=pictures or cost, cost=cost, reservations=listed
    ).error(broken)


@pytest.mark.parametrize(
    ("limit", "images", "words"),
    [
        (Limit.HERE, (10,), "Your limit in this server is 10 images in 24 hours. None is left."),
        (Limit.HERE, (4, 5), "Your limit in this server is 10 images in 24 hours. 1 is left."),
        (
            Limit.SERVER,
            (48,),
            "The limit of this server for everybody together is 50 images in 24 hours. 2 are left.",
        ),
        (Limit.EVERYWHERE, (17,), "Your limit over all servers is 20 images in 24 hours. 3 are"),
    ],
)
def test_a_refusal_says_the_limit_what_is_left_and_what_was_asked(
    limit: Limit, images: tuple[int, ...], words: str
) -> None:
    error = refusal(QuotaUsage(), {limit: entries(*images)}, cost=4)
    assert str(error).startswith(words)
    assert str(error).endswith("left. You asked for 4 pictures.")
    assert error.resets_at_ms == NOON - len(images) * HOUR + WINDOW_MS


def test_it_names_the_first_moment_at_which_enough_comes_back() -> None:
    error = refusal(QuotaUsage(), {Limit.HERE: entries(2, 3, 4)}, cost=4)
    assert error.resets_at_ms == NOON - 2 * HOUR + WINDOW_MS


def test_options_that_cost_more_are_named_as_such() -> None:
    full = {Limit.HERE: entries(10)}
    assert "You asked for 2 pictures. With these options that costs 4 images." in str(
        refusal(QuotaUsage(), full, cost=4, pictures=2)
    )
    assert "You asked for 1 picture. With these options that costs 2 images." in str(
        refusal(QuotaUsage(), full, cost=2, pictures=1)
    )


def test_more_than_the_limit_never_comes_back_and_that_is_said() -> None:
    error = refusal(QuotaUsage(), {Limit.HERE: entries(1)}, cost=11)
    assert error.resets_at_ms is None
    assert str(error).endswith("Waiting does not change that; ask for less at once.")


def test_where_no_image_is_allowed_nobody_is_told_to_wait_or_to_ask_for_less() -> None:
    limits = QuotaLimits(20, 3, ServerLimits(daily_images=0))
    error = refusal(QuotaUsage(), {Limit.HERE: []}, limits=limits)
    assert str(error) == (
        "Your limit in this server is 0 images in 24 hours. None is left. You asked for 1 picture. "
        "Waiting does not change that."
    )


def test_unfinished_jobs_say_what_to_do_and_what_is_left() -> None:
    error = refusal(QuotaUsage(active_jobs=3, active_here=1))
    assert str(error) == (
        "You have 3 unfinished jobs. 3 at once are allowed. Wait for one to finish, or cancel one. "
        "You have 10 images left."
    )
    assert (error.remaining, error.resets_at_ms) == (10, None)
    here = QuotaLimits(20, 3, ServerLimits(max_active=1))
    assert str(refusal(QuotaUsage(active_jobs=1, active_here=1), limits=here)).startswith(
        "You have 1 unfinished job in this server. 1 at once is allowed."
    )


def test_a_pause_says_how_long_it_is_when_it_ends_and_what_is_left() -> None:
    error = refusal(QuotaUsage(last_here_ms=NOON - 1000))
    assert str(error) == (
        "This server asks for a pause of 60 seconds between your requests. You have 10 images left."
    )
    assert error.resets_at_ms == NOON + 59_000


def test_of_several_limits_the_one_that_lasts_longest_is_named() -> None:
    here = [Reservation(NOON - 5 * HOUR, 10)]
    books = {Limit.HERE: here, Limit.EVERYWHERE: entries(1, 1, 18)}
    busy = QuotaUsage(active_jobs=3, last_here_ms=NOON)
    assert "over all servers" in str(refusal(busy, books, cost=3))
    assert "pause" in str(refusal(busy))


def test_grants_count_as_left_until_they_expire() -> None:
    grant = Grant(1, 3, expires_at_ms=NOON + HOUR)
    books = {Limit.HERE: entries(5, 5)}
    error = refusal(QuotaUsage(grants=[grant]), books, cost=4)
    assert "3 are left" in str(error)
    assert error.resets_at_ms == NOON - 2 * HOUR + WINDOW_MS
    lasting = Grant(1, 6, expires_at_ms=NOON + 10 * WINDOW_MS)
    error = refusal(QuotaUsage(grants=[lasting]), books, cost=11)
    assert error.resets_at_ms == NOON - 2 * HOUR + WINDOW_MS
    assert refusal(QuotaUsage(grants=[grant]), books, cost=11).resets_at_ms is None


reserved = st.lists(
    st.builds(Reservation, st.integers(NOON - WINDOW_MS + 1, NOON), st.integers(1, 4)), max_size=20
).map(lambda found: sorted(found, key=lambda entry: entry.reserved_at_ms))
maybe = st.none() | st.integers(0, 30)
some_limits = st.builds(
    QuotaLimits,
    st.integers(1, 60),
    st.integers(2, 5),
    st.builds(
        ServerLimits,
        daily_images=maybe,
        server_images=maybe,
        cooldown_seconds=st.none() | st.integers(1, 100_000),
    ),
)


@given(some_limits, reserved, reserved, reserved, st.integers(1, 8), st.booleans())
def test_at_the_moment_that_is_named_the_request_passes_and_not_before(
    limits: QuotaLimits,
    here: list[Reservation],
    server: list[Reservation],
    everywhere: list[Reservation],
    cost: int,
    rests: bool,
) -> None:
    books = {Limit.HERE: here, Limit.SERVER: server, Limit.EVERYWHERE: everywhere}
    last = NOON - 5000 if rests else None

    def broken_at(now: int) -> Sequence[Limit]:
        """What the store counts at a moment is what was reserved less than a window before it."""
        counted = {
            limit: [e for e in found if e.reserved_at_ms > now - WINDOW_MS]
            for limit, found in books.items()
        }
        return broken_limits(limits, with_books(QuotaUsage(last_here_ms=last), counted), cost, now)

    if not broken_at(NOON):
        return
    error = refusal(QuotaUsage(last_here_ms=last), books, cost=cost, limits=limits)
    if error.resets_at_ms is None:
        assert broken_at(NOON + 3 * WINDOW_MS)
    else:
        assert not broken_at(error.resets_at_ms)
        assert broken_at(error.resets_at_ms - 1)
