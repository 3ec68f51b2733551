"""One row for each way in which Discord does not do as asked: the end, the words, shown once."""

from __future__ import annotations

import functools
from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from bot.domain.job import JobStatus
from bot.ui.wording import jump_link
from tests.discord_server import (
    Fault,
    Permission,
    answer_with,
    delay_reply,
    drop_connection,
    lose_reply,
    too_many_requests,
)
from tests.discord_server.records import MIB
from tests.hostile.discord_rows import ROWS, Act, is_acknowledgement, row, without
from tests.hostile.rows import SETTLED, End, Outcome, Table, drawn, failed, running
from tests.hostile.scene import Scene
from tests.hostile.scripted_api import Answer, scripted_api, success
from tests.hostile.stage import Stage, open_stage, short_pauses
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.asyncio(loop_scope="module")

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
    outcome = await scene.end(job.id)
    assert is_acknowledgement(outcome, outcome.shown[0])
    return outcome


# ---------------------------------------------------------------- large files


def shown_smaller(words: str = "Shown smaller", *, pictures: int = 1) -> End:
    return drawn(words, pictures=pictures)


@row("file larger than the channel takes: re-encoded and linked", shown_smaller())
async def _(scene: Scene) -> Outcome:
    scene.answers(success("large.png"))
    outcome = await scene.end(await scene.ask(attachment_size_limit=MIB // 2))
    [link] = outcome.job.output
    assert f"In full: [the picture](<{link}>) (this link works for a day)" in (
        outcome.shown[0].content
    )
    assert outcome.shown[0].files[0].filename.endswith(".jpg")
    assert outcome.shown[0].files[0].size <= MIB // 2
    return outcome


@row("file larger than Discord takes of us, though more was promised", shown_smaller())
async def _(scene: Scene) -> Outcome:
    scene.answers(success("large.png"))
    await scene.elsewhere(await scene.discord.add_guild("small files", file_limit=MIB))
    outcome = await scene.end(await scene.ask(attachment_size_limit=50 * MIB))
    assert outcome.shown[0].files[0].filename.endswith(".jpg")
    assert not is_acknowledgement(outcome, outcome.shown[0])
    tries = await scene.discord.requests("POST", scene.place.posts)
    assert [each.status for each in tries] == [413, 200], "the same files are not sent again"
    return outcome


@row("Discord takes no file at all: links", shown_smaller("takes no file of this", pictures=0))
async def _(scene: Scene) -> Outcome:
    scene.answers(success("large.png", "fine.png"))
    await scene.elsewhere(await scene.discord.add_guild("no files", file_limit=1))
    job_id = await scene.ask(options={"samples": 2}, attachment_size_limit=50 * MIB)
    outcome = await scene.end(job_id)
    first, second = outcome.job.output
    links = f"[picture 1](<{first}>) · [picture 2](<{second}>) (these links work for a day)"
    assert links in outcome.shown[0].content
    assert not is_acknowledgement(outcome, outcome.shown[0])
    return outcome


@row("four large files: together within one request, and in one message", shown_smaller(pictures=4))
async def _(scene: Scene) -> Outcome:
    scene.answers(success(*(f"huge-{n}.png" for n in range(4))))
    await scene.elsewhere(await scene.discord.add_guild("large files", file_limit=50 * MIB))
    outcome = await scene.end(await scene.ask(attachment_size_limit=50 * MIB))
    sizes = [file.size for file in outcome.shown[0].files]
    assert sum(sizes) <= 24 * MIB
    assert min(sizes) > MIB
    return outcome


@row("one of several files too large: the others stay whole", shown_smaller(pictures=3))
async def _(scene: Scene) -> Outcome:
    scene.answers(success("fine-0.png", "large.png", "fine-1.png"))
    job_id = await scene.ask(options={"samples": 3}, attachment_size_limit=MIB // 2)
    outcome = await scene.end(job_id)
    endings = [file.filename[-4:] for file in outcome.shown[0].files]
    assert endings == [".png", ".jpg", ".png"]
    assert f"In full: [picture 2](<{outcome.job.output[1]}>)" in outcome.shown[0].content
    return outcome


@row("foreign server, file too large: the acknowledgement says so", shown_smaller())
async def _(scene: Scene) -> Outcome:
    scene.answers(success("large.png"))
    await abroad(scene)
    return await scene.end(await scene.ask(attachment_size_limit=MIB // 2))


# ---------------------------------------------------------------- the acknowledgement


def failing_acknowledgement(name: str, *faults: Fault) -> None:
    @row(f"acknowledgement: {name}")
    async def _(scene: Scene) -> Outcome:
        return await scene.end(await scene.ask_through(*faults))


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
    outcome = await scene.end(job.id)
    direct = await scene.discord.open_dm(scene.place.user_id)
    assert jump_link(outcome.job).endswith(f"/@me/{direct}/{outcome.shown[0].id}")
    return outcome


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
        await scene.discord.wait_until_connected()
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
    async with stage.asking:
        await scene.discord.slash("history", where=scene.place.where, wait_seconds=PATIENCE_SECONDS)
        [page] = await scene.discord.wait_for_messages(1, scene.place.channel_id)
    assert scene.prompt in str(page.payload["components"])
