"""Rows about posts that fail or get lost, and about permissions; the rest is beside the test."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tests.discord_server import (
    BOT_PERMISSIONS,
    GUILD_ID,
    Fault,
    MessageRecord,
    Permission,
    answer_with,
    drop_connection,
    lose_reply,
    too_many_requests,
)
from tests.hostile.rows import End, Outcome, drawn, failed
from tests.hostile.scene import Scene
from tests.hostile.scripted_api import Answer

Act = Callable[[Scene], Awaitable[Outcome]]
ROWS: dict[str, tuple[Act, End]] = {}


def row(name: str, end: End | None = None) -> Callable[[Act], Act]:
    def enter(act: Act) -> Act:
        assert name not in ROWS
        ROWS[name] = (act, end or drawn())
        return act

    return enter


def without(*permissions: Permission) -> int:
    return BOT_PERMISSIONS & ~sum(permissions)


def is_acknowledgement(outcome: Outcome, message: MessageRecord) -> bool:
    return message.id == outcome.job.acknowledgement_id


# ---------------------------------------------------------------- posts that fail or get lost


@row("nothing wrong")
async def _(scene: Scene) -> Outcome:
    return await scene.end(await scene.ask())


def failing_posts(name: str, *faults: Fault, times: int = 1) -> None:
    @row(name)
    async def _(scene: Scene) -> Outcome:
        await scene.faulty("POST", scene.place.posts, *faults, times=times)
        outcome = await scene.end(await scene.ask())
        assert not is_acknowledgement(outcome, outcome.shown[0])
        return outcome


failing_posts("post: 429 with a wait", too_many_requests(0.4), times=2)
failing_posts(
    "post: 429 of the edge, at which discord.py gives up", too_many_requests(9, by_cloudflare=True)
)
failing_posts("post: 500", answer_with(500))
failing_posts("post: 503, which discord.py does not repeat", answer_with(503), times=3)
failing_posts("post: an HTML page with 520", answer_with(520, body="<html>"), times=2)
failing_posts("post: connection dropped before", drop_connection(), times=2)
failing_posts("post: reply lost", lose_reply())
failing_posts(
    "post: lost, then refused, then lost", drop_connection(), answer_with(503), lose_reply()
)


@row("post: reply lost, history out of order for a while")
async def _(scene: Scene) -> Outcome:
    await scene.faulty("POST", scene.place.posts, lose_reply())
    await scene.faulty("GET", scene.place.posts, answer_with(503), times=2)
    return await scene.end(await scene.ask())


@row("post: reply lost, history closed")
async def _(scene: Scene) -> Outcome:
    closed = without(Permission.READ_MESSAGE_HISTORY)
    await scene.discord.set_permissions(scene.place.channel_id, closed)
    await scene.faulty("POST", scene.place.posts, lose_reply())
    return await scene.end(await scene.ask())


@row("post: history closed")
async def _(scene: Scene) -> Outcome:
    closed = without(Permission.READ_MESSAGE_HISTORY)
    await scene.discord.set_permissions(scene.place.channel_id, closed)
    outcome = await scene.end(await scene.ask())
    assert is_acknowledgement(outcome, outcome.shown[0])
    return outcome


@row("post: refused as malformed")
async def _(scene: Scene) -> Outcome:
    await scene.faulty("POST", scene.place.posts, answer_with(400, 50035))
    outcome = await scene.end(await scene.ask())
    assert is_acknowledgement(outcome, outcome.shown[0])
    return outcome


# ---------------------------------------------------------------- permissions


def lacking(name: str, *permissions: Permission, words: str) -> None:
    @row(f"{name}: missing from the beginning", drawn(words))
    async def _(scene: Scene) -> Outcome:
        await scene.discord.set_permissions(scene.place.channel_id, without(*permissions))
        job = await scene.acknowledged()
        acknowledgement = await scene.discord.message(job.acknowledgement_id or 0)
        assert words in acknowledgement.content
        return await scene.end(job.id)

    @row(f"{name}: taken meanwhile", drawn(words))
    async def _(scene: Scene) -> Outcome:
        job = await scene.acknowledged()
        await scene.discord.set_permissions(scene.place.channel_id, without(*permissions))
        outcome = await scene.end(job.id)
        assert is_acknowledgement(outcome, outcome.shown[0])
        return outcome


lacking("Send Messages", Permission.SEND_MESSAGES, words="I need the permission Send Messages")
lacking("Attach Files", Permission.ATTACH_FILES, words="I need the permission Attach Files")
lacking("View Channel", Permission.VIEW_CHANNEL, words="I need the permission View Channel")
lacking(
    "two permissions",
    Permission.SEND_MESSAGES,
    Permission.ATTACH_FILES,
    words="Send Messages and Attach Files",
)


@row("Send Messages in Threads: missing", drawn("Send Messages in Threads"))
async def _(scene: Scene) -> Outcome:
    parent = await scene.discord.add_channel(
        GUILD_ID, "parent", permissions=without(Permission.SEND_MESSAGES_IN_THREADS)
    )
    await scene.elsewhere(GUILD_ID, kind=11, parent_id=parent)
    return await scene.end(await scene.ask())


@row("may not post, and no picture either", failed("tried twice and failed", submissions=2))
async def _(scene: Scene) -> Outcome:
    scene.answers(Answer({"status": "failed", "messege": "Failed, Try Again"}))
    lacks = without(Permission.SEND_MESSAGES)
    await scene.discord.set_permissions(scene.place.channel_id, lacks)
    return await scene.end(await scene.ask())


@row("permissions taken unannounced")
async def _(scene: Scene) -> Outcome:
    job = await scene.acknowledged()
    lacks = without(Permission.SEND_MESSAGES)
    await scene.discord.set_permissions(scene.place.channel_id, lacks, announce=False)
    outcome = await scene.end(job.id)
    assert is_acknowledgement(outcome, outcome.shown[0])
    return outcome
