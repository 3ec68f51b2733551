"""What was looked up a moment ago is not looked up again, and not for ever."""

from __future__ import annotations

from bot.domain.memory import BriefMemory
from tests.fakes.clock import FakeClock


class Looks:
    """Counts how often something is looked up."""

    def __init__(self) -> None:
        self.keys: list[int] = []

    async def __call__(self, key: int) -> str:
        self.keys.append(key)
        return f"{key}, look {len(self.keys)}"


async def test_an_answer_serves_for_a_while() -> None:
    clock, looks = FakeClock(), Looks()
    memory = BriefMemory[int, str](clock, seconds=30, most=10)

    assert await memory.get(1, looks) == "1, look 1"
    clock.advance(29)
    assert await memory.get(1, looks) == "1, look 1"
    clock.advance(1)
    assert await memory.get(1, looks) == "1, look 2"


async def test_of_too_many_the_oldest_is_forgotten() -> None:
    looks = Looks()
    memory = BriefMemory[int, str](FakeClock(), seconds=30, most=2)
    for key in (1, 2, 3, 3, 2, 1):
        await memory.get(key, looks)
    assert looks.keys == [1, 2, 3, 1]
