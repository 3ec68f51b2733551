"""Fair turns: nobody waits behind somebody else's whole backlog."""

from __future__ import annotations

import heapq

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.fairness import fair_tag

Costs = st.integers(1, 4)


class Queue:
    """The queue as the store keeps it: owners' unfinished ends, and the tag being served."""

    def __init__(self) -> None:
        self.served = 0
        self.waiting: list[tuple[int, int, str, int]] = []
        self._ends: dict[str, int] = {}
        self._ids = 0

    def add(self, owner: str, cost: int) -> None:
        open_end = max((tag + c for tag, _, o, c in self.waiting if o == owner), default=None)
        tag = fair_tag(self.served, open_end)
        self._ids += 1
        heapq.heappush(self.waiting, (tag, self._ids, owner, cost))

    def serve(self) -> str:
        tag, _, owner, _ = heapq.heappop(self.waiting)
        self.served = max(self.served, tag)
        return owner


@given(st.lists(Costs, min_size=1, max_size=60), st.integers(0, 40), Costs)
def test_a_light_users_first_job_never_waits_behind_a_heavy_users_backlog(
    backlog: list[int], already_served: int, cost: int
) -> None:
    queue = Queue()
    for each in backlog:
        queue.add("heavy", each)
    for _ in range(min(already_served, len(backlog))):
        queue.serve()
    queue.add("light", cost)
    before = 0
    while queue.serve() != "light":
        before += 1
    assert before <= 1


@given(st.lists(st.tuples(st.sampled_from("abcdef"), Costs), min_size=1, max_size=80))
def test_between_two_turns_of_one_user_others_get_theirs(orders: list[tuple[str, int]]) -> None:
    queue = Queue()
    for owner, cost in orders:
        queue.add(owner, cost)
    queue.add("newcomer", 1)
    others = {owner for owner, _ in orders}
    served = [queue.serve() for _ in range(len(orders) + 1)]
    assert served.index("newcomer") <= len(others)


@given(st.lists(Costs, min_size=2, max_size=40))
def test_ones_own_jobs_keep_their_order(costs: list[int]) -> None:
    tags: list[int] = []
    end: int | None = None
    for cost in costs:
        tags.append(fair_tag(0, end))
        end = tags[-1] + cost
    assert tags == sorted(set(tags))


@given(st.integers(0, 10**9), st.one_of(st.none(), st.integers(0, 10**9)))
def test_a_tag_never_lies_before_what_is_being_served(served: int, end: int | None) -> None:
    assert fair_tag(served, end) >= served
