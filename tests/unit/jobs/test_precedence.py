"""Who steps aside while members are answered."""

from __future__ import annotations

import asyncio

from bot.jobs.precedence import Precedence


async def test_nobody_steps_aside_for_nobody() -> None:
    waiting = Precedence().step_aside()
    async with asyncio.timeout(5):
        await waiting


async def test_all_go_on_when_the_last_answer_is_given() -> None:
    precedence = Precedence()
    with precedence.answering():
        with precedence.answering():
            aside = [asyncio.create_task(precedence.step_aside()) for _ in range(3)]
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not any(task.done() for task in aside)
    await asyncio.sleep(0)
    assert all(task.done() for task in aside)


async def test_nobody_steps_aside_for_ever() -> None:
    precedence = Precedence()
    async with asyncio.timeout(5):
        with precedence.answering():
            await asyncio.gather(*(precedence.step_aside() for _ in range(3)))
            await precedence.step_aside()


async def test_one_who_gives_up_holds_no_other_back() -> None:
    precedence = Precedence()
    with precedence.answering():
        first, second = (asyncio.create_task(precedence.step_aside()) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
    await asyncio.wait_for(second, 5)
    assert first.cancelled()
