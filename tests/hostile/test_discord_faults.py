"""One row for each way in which Discord does not do as asked: the end, the words, shown once."""

from __future__ import annotations

import functools
from collections.abc import AsyncGenerator, Awaitable, Callable

import pytest
import pytest_asyncio

from bot.domain.job import JobStatus
from tests.discord_server import (
    BOT_PERMISSIONS,
    GUILD_ID,
    MessageRecord,
    Permission,
    answer_with,
    delay_reply,
    drop_connection,
    lose_reply,
    too_many_requests,
)
from tests.discord_server.records import MIB
from tests.hostile.rows import SETTLED, End, Outcome, Table, drawn, failed, running
from tests.hostile.scene import Scene
from tests.hostile.scripted_api import Answer, scripted_api, success
from tests.hostile.stage import Stage, open_stage, short_pauses

pytestmark = pytest.mark.asyncio(loop_scope="module")

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


def failing_posts(name: str, *faults: object, times: int = 1) -> None:
    @row(name)
    async def _(scene: Scene) -> Outcome:
        await scene.faulty("POST", scene.place.posts, *faults, times=times)  # pyright: ignore[reportArgumentType]
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
        return await scene.end(job.id)


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


# ---------------------------------------------------------------- things that are gone


@row("channel deleted meanwhile: a direct message")
async def _(scene: Scene) -> Outcome:
    job = await scene.acknowledged()
    await scene.discord.delete_channel(scene.place.channel_id)
    outcome = await scene.end(job.id)
    assert outcome.shown[0].channel_id == await scene.discord.open_dm(scene.place.user_id)
    return outcome


@row("channel deleted, and no picture either", failed("does not have this model"))
async def _(scene: Scene) -> Outcome:
    scene.answers(Answer({"status": "error", "messege": "Model not found"}))
    job = await scene.acknowledged()
    await scene.discord.delete_channel(scene.place.channel_id)
    return await scene.end(job.id)


@row("acknowledgement deleted meanwhile")
async def _(scene: Scene) -> Outcome:
    job = await scene.acknowledged()
    await scene.discord.delete_message(job.acknowledgement_id or 0)
    return await scene.end(job.id)


@row("acknowledgement deleted and Send Messages taken: a direct message")
async def _(scene: Scene) -> Outcome:
    job = await scene.acknowledged()
    await scene.discord.delete_message(job.acknowledgement_id or 0)
    lacks = without(Permission.SEND_MESSAGES)
    await scene.discord.set_permissions(scene.place.channel_id, lacks)
    outcome = await scene.end(job.id)
    assert "Send Messages" in outcome.shown[0].content
    return outcome


@row("bot removed from the server meanwhile")
async def _(scene: Scene) -> Outcome:
    await scene.elsewhere(await scene.discord.add_guild("leaves us"))
    job = await scene.acknowledged()
    await scene.discord.remove_guild(job.origin.guild_id)
    return await scene.end(job.id)


# ---------------------------------------------------------------- large files


@row("file larger than the channel takes: re-encoded")
async def _(scene: Scene) -> Outcome:
    scene.answers(success("large.png"))
    outcome = await scene.end(await scene.ask(attachment_size_limit=MIB // 2))
    assert outcome.shown[0].files[0].filename.endswith(".jpg")
    assert outcome.shown[0].files[0].size <= MIB // 2
    return outcome


@row("file larger than Discord takes of us, though more was promised: re-encoded")
async def _(scene: Scene) -> Outcome:
    scene.answers(success("large.png"))
    await scene.elsewhere(await scene.discord.add_guild("small files", file_limit=MIB))
    outcome = await scene.end(await scene.ask(attachment_size_limit=50 * MIB))
    assert outcome.shown[0].files[0].filename.endswith(".jpg")
    assert not is_acknowledgement(outcome, outcome.shown[0])
    return outcome


# ---------------------------------------------------------------- the acknowledgement


def failing_acknowledgement(name: str, *faults: object) -> None:
    @row(f"acknowledgement: {name}")
    async def _(scene: Scene) -> Outcome:
        return await scene.end(await scene.ask_through(*faults))  # pyright: ignore[reportArgumentType]


failing_acknowledgement("unknown interaction", answer_with(404, 10062))
failing_acknowledgement("already answered", answer_with(400, 40060))
failing_acknowledgement("500", answer_with(500))
failing_acknowledgement("500, then unknown interaction", answer_with(500), answer_with(404, 10062))
failing_acknowledgement("429", too_many_requests(0.3))
failing_acknowledgement("429 of the edge", too_many_requests(9, by_cloudflare=True))
failing_acknowledgement("dropped before", drop_connection())
failing_acknowledgement("reply lost", lose_reply())


@row("acknowledgement: unknown interaction, and Send Messages missing: a direct message")
async def _(scene: Scene) -> Outcome:
    lacks = without(Permission.SEND_MESSAGES)
    await scene.discord.set_permissions(scene.place.channel_id, lacks)
    return await scene.end(await scene.ask_through(answer_with(404, 10062)))


@row("acknowledgement: cannot be edited")
async def _(scene: Scene) -> Outcome:
    await scene.faulty("PATCH", f"{scene.place.posts}/*", answer_with(503), times=50)
    return await scene.end(await scene.ask())


# ---------------------------------------------------------------- where the bot is no member


async def abroad(scene: Scene) -> None:
    await scene.elsewhere(await scene.discord.add_guild("abroad", bot_present=False))


@row("foreign server: the acknowledgement becomes the result")
async def _(scene: Scene) -> Outcome:
    await abroad(scene)
    return await scene.end(await scene.ask())


@row("foreign server: no picture", failed("does not have this model"))
async def _(scene: Scene) -> Outcome:
    scene.answers(Answer({"status": "error", "messege": "Model not found"}))
    await abroad(scene)
    return await scene.end(await scene.ask())


@row("foreign server: reply to the edit lost")
async def _(scene: Scene) -> Outcome:
    await abroad(scene)
    job = await scene.acknowledged()
    await scene.faulty("PATCH", f"/webhooks/*/{scene.token}/**", lose_reply())
    return await scene.end(job.id)


@row("foreign server: the edit is slow, and the progress is not shown over it")
async def _(scene: Scene) -> Outcome:
    await abroad(scene)
    job = await scene.acknowledged()
    await scene.faulty("PATCH", f"/webhooks/*/{scene.token}/**", delay_reply(0.7), times=3)
    return await scene.end(job.id)


TOKEN_GONE = answer_with(401, 50027, "Invalid Webhook Token")


async def token_expires(scene: Scene) -> None:
    await scene.faulty("PATCH", f"/webhooks/*/{scene.token}/**", TOKEN_GONE, times=50)


@row("foreign server: token expired: a direct message")
async def _(scene: Scene) -> Outcome:
    await abroad(scene)
    job = await scene.acknowledged()
    await token_expires(scene)
    return await scene.end(job.id)


@row("foreign server: token expired, reply to the direct message lost")
async def _(scene: Scene) -> Outcome:
    await abroad(scene)
    job = await scene.acknowledged()
    await token_expires(scene)
    direct = await scene.discord.open_dm(scene.place.user_id)
    await scene.faulty("POST", f"/channels/{direct}/messages", lose_reply())
    return await scene.end(job.id)


# ---------------------------------------------------------------- the rest


@row("direct messages with the bot")
async def _(scene: Scene) -> Outcome:
    outcome = await scene.end(await scene.ask(channel_id=None))
    assert outcome.shown[0].channel_id == await scene.discord.open_dm(scene.place.user_id)
    return outcome


@row("the gateway breaks off and is resumed")
async def _(scene: Scene) -> Outcome:
    scene.takes_its_time()
    job = await scene.acknowledged()
    async with scene.stage.asking:
        await scene.discord.disconnect()
        await scene.discord.wait_until_connected()
    return await scene.end(job.id)


@row("the gateway breaks off and events are missed")
async def _(scene: Scene) -> Outcome:
    scene.takes_its_time()
    job = await scene.acknowledged()
    async with scene.stage.asking:
        await scene.discord.disconnect(resumable=False)
        await scene.discord.wait_until_connected(within=15)
    return await scene.end(job.id)


async def run(stage: Stage, number: int, act: Act) -> Outcome:
    scene = Scene(stage, f"a bridge, number {number}.", await stage.place())
    scene.answers()
    return await act(scene)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Stage]:
    with short_pauses():
        async with (
            scripted_api() as api,
            open_stage(api, tmp_path_factory.mktemp("discord")) as opened,
        ):
            yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def table(stage: Stage) -> AsyncGenerator[Table]:
    rows = {
        name: functools.partial(run, stage, number, act)
        for number, (name, (act, _)) in enumerate(ROWS.items())
    }
    async with running(rows) as started:
        yield started


@pytest.mark.parametrize("name", ROWS)
async def test_fault(table: Table, name: str) -> None:
    (await table.outcome(name)).check(ROWS[name][1])


@pytest.mark.parametrize("taken", ["direct messages closed", "token expired as well"])
async def test_where_nothing_can_be_posted_the_result_waits_in_the_history(
    stage: Stage, taken: str
) -> None:
    scene = Scene(stage, f"a harbour, {taken}", await stage.place())
    scene.answers()
    if taken.startswith("token"):
        await abroad(scene)
    await scene.discord.set_accepts_dms(scene.place.user_id, accepts=False)
    job = await scene.acknowledged()
    await scene.discord.delete_message(job.acknowledgement_id or 0)
    if taken.startswith("token"):
        await token_expires(scene)
    else:
        lacks = without(Permission.SEND_MESSAGES)
        await scene.discord.set_permissions(scene.place.channel_id, lacks)
    outcome = await scene.end(job.id)
    assert outcome.job.status is JobStatus.DELIVERED
    assert (outcome.job.message_id, outcome.ledger, outcome.shown) == (None, SETTLED, [])
    used = await scene.discord.slash("history", where=scene.place.where)
    answer = await scene.discord.wait_for_answer(used.id)
    assert scene.prompt in str(answer.answer)
