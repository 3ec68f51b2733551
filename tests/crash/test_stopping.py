"""SIGTERM and Ctrl-C, sent to the real `python -m bot run`."""

from __future__ import annotations

import signal
import time

from tests.crash.books import error_events
from tests.crash.scene import HELD_SECONDS, POSTS, STUCK, Scene, until
from tests.discord_server import delay, delay_reply

STOP_SECONDS = 10.0
"""What is promised. Of it a stop waits some six for others, and the rest is room for its work."""


async def test_a_stop_finishes_posts_begins_nothing_and_leaves_the_rest_for_the_next_start(
    scene: Scene,
):
    await scene.discord.inject("POST", POSTS, delay(HELD_SECONDS))
    posting = await scene.ask("a fox")
    await scene.discord.wait_for_delays()
    scene.sandbox.pause()
    drawing, waiting = [await scene.ask(f"another fox, number {n}") for n in (1, 2)]
    await until(lambda: scene.status(drawing) == "processing")

    begun = time.monotonic()
    scene.bot.signal(signal.SIGTERM)
    await until(lambda: "stopping" in scene.bot.last_words())
    late = await scene.discord.slash("imagine", {"prompt": "a late fox"})
    await scene.discord.release_held()
    assert await scene.bot.ended() == 0
    assert time.monotonic() - begun < STOP_SECONDS

    assert scene.status(posting) == "delivered"
    assert await scene.results(posting) == 1
    assert scene.status(drawing) == "processing"
    assert scene.status(waiting) == "queued"
    assert len(scene.sandbox.jobs) == 2

    kept = [drawing, waiting]
    if (await scene.discord.interaction(late.id)).answered_at is not None:
        kept.append(late.id)
    scene.sandbox.resume()
    await scene.bot.start()
    await until(lambda: all(scene.status(job_id) == "delivered" for job_id in kept))
    assert [await scene.results(job_id) for job_id in (posting, *kept)] == [1] * (1 + len(kept))
    assert len(scene.sandbox.jobs) == 1 + len(kept)
    assert await scene.bot.stop() == 0


async def test_a_second_signal_ends_it_at_once_and_nothing_is_shown_twice(scene: Scene):
    """At once: an orderly stop would wait for the post, and end with 0."""
    await scene.discord.inject("POST", POSTS, delay_reply(HELD_SECONDS))
    job_id = await scene.ask("a fox")
    await scene.discord.wait_for_delays()

    scene.bot.signal(signal.SIGTERM)
    await until(lambda: "stopping" in scene.bot.last_words())
    scene.bot.signal(signal.SIGTERM)
    assert await scene.bot.ended() == 130
    assert scene.status(job_id) == "ready"

    await scene.bot.start()
    await until(lambda: scene.status(job_id) == "delivered")
    assert await scene.results(job_id) == 1


async def test_ctrl_c_ends_it_as_well_with_nothing_on_the_console_but_the_log(scene: Scene):
    scene.bot.signal(signal.SIGINT)

    assert await scene.bot.ended() == 0
    assert error_events(scene.bot.log) == {}


async def test_a_stop_keeps_its_time_although_neither_discord_nor_the_api_answers(scene: Scene):
    for method, path in (("POST", POSTS), ("PATCH", f"{POSTS}/*")):
        await scene.discord.inject(method, path, delay(HELD_SECONDS), times=100)
    posting, submitting = [await scene.ask(f"a fox {peril}") for peril in ("", STUCK)]
    await scene.discord.wait_for_delays()
    await until(lambda: scene.status(submitting) == "submitting")
    await scene.sandbox.wait_for(lambda: len(scene.sandbox.jobs) == 2)

    begun = time.monotonic()
    scene.bot.signal(signal.SIGTERM)
    assert await scene.bot.ended() == 0
    assert time.monotonic() - begun < STOP_SECONDS
    assert error_events(scene.bot.log) == {}
    assert scene.status(posting) == "ready"
    assert scene.status(submitting) == "submitting"


async def test_a_stop_is_heard_while_discord_lets_the_bot_wait_for_its_login(scene: Scene):
    assert await scene.bot.stop() == 0
    await scene.discord.inject("GET", "/users/@me", delay(HELD_SECONDS))
    await scene.bot.start()
    await scene.discord.wait_for_delays()

    begun = time.monotonic()
    scene.bot.signal(signal.SIGTERM)
    assert await scene.bot.ended() == 0
    assert time.monotonic() - begun < STOP_SECONDS
