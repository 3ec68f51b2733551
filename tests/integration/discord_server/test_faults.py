"""Lost replies, errors, delays and rate limits, as discord.py lives through them."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import discord
import pytest

from tests.discord_server import (
    CHANNEL_ID,
    TOKEN,
    DiscordServer,
    Rules,
    answer_with,
    delay,
    delay_reply,
    drop_connection,
    lose_reply,
    too_many_requests,
)
from tests.integration.discord_server.conftest import Bot
from tests.patience import PATIENCE_SECONDS

POST = ("POST", "/channels/*/messages")


async def test_a_lost_reply_and_a_second_try_make_one_message(
    discord_server: DiscordServer, bot: Bot
) -> None:
    await discord_server.inject(*POST, lose_reply())
    with pytest.raises((aiohttp.ClientError, OSError)):
        await bot.channel.send("done", nonce="job-1")
    assert len(await discord_server.messages_with_nonce("job-1")) == 1
    sent = await bot.channel.send("done", nonce="job-1")
    [message] = await discord_server.messages_with_nonce("job-1")
    assert message.id == sent.id
    lost, kept = await discord_server.requests(*POST)
    assert (lost.status, lost.fault, kept.status) == (0, "lose reply", 200)


async def test_a_dropped_request_leaves_nothing(discord_server: DiscordServer, bot: Bot) -> None:
    await discord_server.inject(*POST, drop_connection(), skip=1)
    await bot.channel.send("first")
    with pytest.raises((aiohttp.ClientError, OSError)):
        await bot.channel.send("second")
    assert [m.content for m in await discord_server.messages()] == ["first"]


async def test_a_bot_that_dies_while_it_uploads_leaves_nothing(
    discord_server: DiscordServer,
) -> None:
    host, port = discord_server.address.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    head = f"POST /api/v10/channels/{CHANNEL_ID}/messages HTTP/1.1\r\nHost: x\r\n"
    head += f"Authorization: Bot {TOKEN}\r\nContent-Type: application/json\r\n"
    writer.write(f'{head}Content-Length: 1000\r\n\r\n{{"content"'.encode())
    await writer.drain()
    writer.transport.abort()
    [request] = await discord_server.wait_for_requests()
    assert (request.status, request.received_at) == (0, None)
    assert await discord_server.messages() == []


async def test_an_injected_refusal(discord_server: DiscordServer, bot: Bot) -> None:
    await discord_server.inject("*", "/channels/**", answer_with(403, 50013, "no"))
    with pytest.raises(discord.Forbidden) as refused:
        await bot.channel.send("x")
    assert refused.value.code == 50013
    await bot.channel.send("x")


@pytest.mark.usefixtures("bot")
async def test_a_delay_does_not_count_in_the_acknowledgement(discord_server: DiscordServer) -> None:
    await discord_server.inject("POST", "/interactions/**", delay(0.1))
    used = await discord_server.slash("imagine", {"prompt": "x"})
    answer = await discord_server.wait_for_answer(used.id)
    [callback] = await discord_server.requests("POST", "/interactions/**")
    assert (callback.received_at or 0) - callback.started_at >= 0.09
    assert answer.answered_at == callback.started_at, "the clock stops when the callback arrives"


async def test_a_429_is_waited_out(discord_server: DiscordServer, bot: Bot) -> None:
    await discord_server.inject(*POST, too_many_requests(0.05))
    await bot.channel.send("x")
    assert [r.status for r in await discord_server.requests(*POST)] == [429, 200]
    await discord_server.inject(*POST, too_many_requests(0.05, by_cloudflare=True))
    with pytest.raises(discord.HTTPException):
        await bot.channel.send("x")


async def test_rate_limit_headers_and_refusals(discord_server: DiscordServer) -> None:
    await discord_server.set_rules(Rules(rate_limits="enforced"))
    url = f"{discord_server.address}/api/v10/users/@me/channels"
    headers = {"Authorization": f"Bot {TOKEN}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        for remaining in range(9, -1, -1):
            async with session.post(url, json={"recipient_id": "700000000000000201"}) as response:
                assert response.status == 200
                assert response.headers["X-RateLimit-Remaining"] == str(remaining)
                assert response.headers["X-RateLimit-Limit"] == "10"
                assert 0 < float(response.headers["X-RateLimit-Reset-After"]) <= 10
        async with session.post(url, json={"recipient_id": "700000000000000201"}) as response:
            assert response.status == 429
            assert response.headers["Via"]
            assert response.headers["Content-Type"] == "application/json"
            assert 0 < (await response.json())["retry_after"] <= 10


async def test_discord_py_keeps_to_the_limits_and_sleeps_before_it_returns(
    discord_server: DiscordServer, bot: Bot
) -> None:
    sent = [await bot.channel.send(str(number)) for number in range(5)]
    await discord_server.set_rules(Rules(rate_limits="enforced"))
    for message in sent[:4]:
        await message.delete()
    await sent[4].delete()
    returned = time.monotonic()
    deletes = await discord_server.requests("DELETE")
    assert [request.status for request in deletes] == [204] * 5
    opened = deletes[0].started_at
    assert returned - opened >= 0.95, "the request that empties a bucket returns at its reset"


async def test_roomy_limits_let_posts_run_beside_each_other(
    discord_server: DiscordServer, bot: Bot
) -> None:
    await discord_server.set_rules(Rules(rate_limits="roomy"))
    await bot.channel.send("first, to learn the bucket")
    await discord_server.inject(*POST, delay_reply(10 * PATIENCE_SECONDS), times=5)
    posts = asyncio.gather(*(bot.channel.send(str(number)) for number in range(5)))
    await discord_server.wait_for_delays(5)
    posts.cancel()
    with pytest.raises(asyncio.CancelledError):
        await posts
