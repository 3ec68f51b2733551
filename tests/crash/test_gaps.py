"""Gaps that chance rarely hits twice in one job."""

from __future__ import annotations

from tests.crash.scene import CALLBACKS, HELD_SECONDS, POSTS, Scene, until
from tests.discord_server import (
    BOT_PERMISSIONS,
    CHANNEL_ID,
    Permission,
    delay_reply,
    drop_connection,
)


async def test_an_acknowledgement_nobody_heard_of_is_not_taken_for_the_result(scene: Scene):
    """Killed before the acknowledgement's id was stored; then a post is lost on its way."""
    await scene.discord.inject("POST", CALLBACKS, delay_reply(HELD_SECONDS))
    asked = await scene.discord.slash("imagine", {"prompt": "a fox"})
    await scene.discord.wait_for_delays()
    await scene.bot.kill()
    await scene.discord.inject("POST", POSTS, drop_connection())

    await scene.bot.start()
    await until(lambda: scene.status(asked.id) == "delivered")

    assert await scene.results(asked.id) == 1


async def test_where_the_past_cannot_be_read_discords_nonce_keeps_a_result_single(scene: Scene):
    """Killed with the acknowledgement unheard of, and again with the post unheard of."""
    await scene.discord.set_permissions(
        CHANNEL_ID, BOT_PERMISSIONS & ~Permission.READ_MESSAGE_HISTORY
    )
    await scene.discord.inject("POST", CALLBACKS, delay_reply(HELD_SECONDS))
    asked = await scene.discord.slash("imagine", {"prompt": "a fox"})
    await scene.discord.wait_for_delays()
    await scene.bot.kill()
    await scene.discord.inject("POST", POSTS, delay_reply(HELD_SECONDS))
    await scene.bot.start()
    await scene.discord.wait_for_delays(2)
    await scene.bot.kill()

    await scene.bot.start()
    await until(lambda: scene.status(asked.id) == "delivered")

    assert await scene.results(asked.id) == 1
