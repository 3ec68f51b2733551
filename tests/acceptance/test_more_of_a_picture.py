"""Vary, Upscale and Favourite; buttons that were used say so, to everybody and for ever."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord
import pytest

from bot.domain.guild_settings import Audience, Ceilings, Setting
from bot.domain.job import JobStatus
from bot.domain.request import MAX_SEED
from bot.domain.strictness import SafetyRule, Strictness
from bot.sandbox import Fault
from tests.acceptance.conftest import OpenStage
from tests.acceptance.history_page import Page
from tests.acceptance.stage import Stage, pictures_in, rows, said, used

ROWS = [
    ["Again", "Vary", "Edit", "Upscale 2×", "Upscale 3×"],
    ["Details", "Favourite", "Delete"],
]


def differing(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Return what another request said otherwise than the first."""
    own = {"track_id", "webhook"}
    return {key: value for key, value in second.items() if first[key] != value and key not in own}


async def test_the_buttons_stand_in_two_rows_and_no_longer_id_than_discord_takes(stage: Stage):
    message = stage.message(await stage.finished())

    assert [[each.label for each in row] for row in rows(message)] == ROWS
    ids = [each.custom_id or "" for row in rows(message) for each in row]
    assert len(set(ids)) == 8
    assert max(map(len, ids)) <= 100
    assert used(message) == set()


async def test_bad_news_has_the_buttons_that_still_make_sense(stage: Stage):
    stage.api.script("", Fault.VALIDATION)
    job = await stage.end_of(await stage.imagine())
    labels = [[each.label for each in row] for row in rows(stage.message(job))]
    assert labels == [["Again", "Edit", "Details", "Delete"]]


@pytest.mark.parametrize("who", ["member", "newcomer", "moderator"])
@pytest.mark.parametrize("restarts", [0, 1])
async def test_vary_starts_from_the_picture_itself_and_changes_it_a_little(
    stage: Stage, who: str, restarts: int
):
    job = await stage.finished("an owl", seed=7, size="640x512", steps=51, panorama="yes")
    [shown] = await stage.app.services.history.pictures(job)
    for _ in range(restarts):
        await stage.restart()
    pressed = await getattr(stage.world, who).click(stage.message(job), label="Vary")
    varied = await stage.end_of(pressed)

    [_, request] = stage.api.submits
    assert request.path == "/api/v4/dreambooth/img2img"
    body = request.body
    assert (body["strength"], body["prompt"], body["samples"]) == (0.3, "an owl", "1")
    assert (body["width"], body["height"]) == ("1024", "408")
    assert (body["num_inference_steps"], body["seed"] == 7) == ("50", False)
    assert "next seed" not in said(pressed).content
    assert stage.message(varied).content.startswith(getattr(stage.world, who).mention)
    assert (shown.picture.width, shown.picture.height) == (1280, 512)


async def test_vary_takes_a_picture_that_fits_as_it_is(stage: Stage):
    job = await stage.finished("an owl")
    [shown] = await stage.app.services.history.pictures(job)
    varied = await stage.end_of(await stage.member.click(stage.message(job), label="Vary"))
    assert varied.request.init_image == shown.picture.sha256


@pytest.mark.parametrize(("seed", "varied"), [(7, 8), (MAX_SEED, 0)])
async def test_vary_asks_for_the_next_seed_where_the_picture_is_gone_and_says_so(
    stage: Stage, seed: int, varied: int
):
    job = await stage.finished("an owl", seed=seed, size="wide", steps=41)
    await stage.app.stores.pictures.sweep(older_than_ms=2**60, keep_total_bytes=0)
    pressed = await stage.member.click(stage.message(job), label="Vary")
    assert "I cannot start from the picture itself any more" in said(pressed).content
    await stage.end_of(pressed)

    first, second = stage.bodies
    assert differing(first, second) == {"seed": varied}


@pytest.mark.parametrize("restarts", [0, 1])
async def test_of_several_pictures_one_is_varied(stage: Stage, restarts: int):
    job = await stage.finished("an owl", samples=3)
    shown = await stage.app.services.history.pictures(job)
    picking = said(await stage.member.click(stage.message(job), label="Vary"))
    assert picking.ephemeral
    options = picking.components[0]["components"][0]["options"]
    assert [each["label"] for each in options] == ["Picture 1", "Picture 2", "Picture 3"]
    for _ in range(restarts):
        await stage.restart()
    varied = await stage.end_of(await stage.member.select(picking, ["2"]))
    assert varied.request.init_image == shown[1].picture.sha256
    assert (stage.bodies[-1]["samples"], stage.bodies[-1]["strength"]) == ("1", 0.3)
    assert used(stage.message(job)) == {"Vary"}


@pytest.mark.parametrize("factor", [2, 3])
async def test_upscale_asks_for_the_same_picture_larger(stage: Stage, factor: int):
    job = await stage.finished("an owl", seed=7)
    pressed = await stage.member.click(stage.message(job), label=f"Upscale {factor}×")
    larger = await stage.end_of(pressed)

    first, second = stage.bodies
    assert differing(first, second) == {"upscale": str(factor)}
    assert larger.status is JobStatus.DELIVERED


async def test_upscaling_costs_what_the_operator_set(open_with: OpenStage):
    stage = await open_with(cost_upscale=2)
    job = await stage.finished(samples=2)
    picking = said(await stage.member.click(stage.message(job), label="Upscale 2×"))
    hints = [each["description"] for each in picking.components[0]["components"][0]["options"]]
    assert [hint.rpartition("counts as ")[2] for hint in hints] == [
        "3 images",
        "3 images",
        "6 images",
    ]

    await stage.end_of(await stage.member.select(picking, ["1"]))
    assert await stage.images_left() == 100 - 2 - 3


async def test_what_was_enlarged_is_enlarged_only_further(stage: Stage):
    twice = await stage.finished(upscale=2)
    thrice = await stage.finished(upscale=3)

    first_rows = [rows(stage.message(each))[0] for each in (twice, thrice)]
    assert [[each.label for each in row] for row in first_rows] == [
        ["Again", "Vary", "Edit", "Upscale 3×"],
        ["Again", "Vary", "Edit"],
    ]


@pytest.mark.parametrize(
    ("label", "number", "change"),
    [
        ("Upscale 2×", "3", {"samples": "1", "seed": 9, "upscale": "2"}),
        ("Upscale 2×", "0", {"upscale": "2"}),
    ],
)
@pytest.mark.parametrize("restarts", [0, 1])
async def test_of_several_pictures_one_is_picked_privately(
    stage: Stage, label: str, number: str, change: dict[str, Any], restarts: int
):
    job = await stage.finished("an owl", seed=7, samples=3)
    picking = said(await stage.member.click(stage.message(job), label=label))

    assert picking.ephemeral
    assert "does not promise" in picking.content
    options = picking.components[0]["components"][0]["options"]
    assert [each["label"] for each in options] == ["Picture 1", "Picture 2", "Picture 3", "All 3"]
    assert len(stage.bodies) == 1
    for _ in range(restarts):
        await stage.restart()
    asked = await stage.member.select(picking, [number])
    assert not said(asked).ephemeral
    await stage.end_of(asked)

    first, second = stage.bodies
    assert differing(first, second) == change
    assert used(stage.message(job)) == {label}


async def test_what_was_enlarged_is_larger(stage: Stage):
    job = await stage.finished("an owl", samples=3)
    picking = said(await stage.member.click(stage.message(job), label="Upscale 2×"))
    alone = await stage.end_of(await stage.member.select(picking, ["2"]))

    before, after = [(await pictures_in(stage.message(each))) for each in (job, alone)]
    assert [picture.size for picture in after] == [(before[1].width * 2, before[1].height * 2)]


@pytest.mark.parametrize("label", ["Again", "Vary", "Upscale 2×", "Upscale 3×"])
async def test_a_used_button_says_so_in_one_edit_and_after_a_restart(stage: Stage, label: str):
    job = await stage.finished()
    before = len(edits(stage, job.message_id))
    await stage.end_of(await stage.world.newcomer.click(stage.message(job), label=label))

    assert used(stage.message(job)) == {label}
    assert [[each.label for each in row] for row in rows(stage.message(job))] == ROWS
    await stage.restart()
    await stage.end_of(await stage.member.click(stage.message(job), label=label))
    assert used(stage.message(job)) == {label}
    assert len(edits(stage, job.message_id)) == before + 1
    assert len(stage.message(job).attachments) == 1


def edits(stage: Stage, message_id: int | None) -> list[str]:
    """Return the requests that changed a message."""
    return [
        entry.path
        for entry in stage.env.http_requests
        if entry.method == "PATCH" and entry.path.endswith(f"/messages/{message_id}")
    ]


async def test_the_answer_to_a_press_comes_before_the_mark_and_costs_one_request(stage: Stage):
    job = await stage.finished()
    before = len(stage.env.http_requests)
    await stage.end_of(await stage.member.click(stage.message(job), label="Again"))

    first, *others = stage.env.http_requests[before:]
    assert first.path.endswith("/callback")
    assert first.json is not None
    assert not any(entry.path.endswith("/callback") for entry in others)


async def test_several_used_buttons_all_say_so(stage: Stage):
    job = await stage.finished()
    stale = stage.message(job)
    for label in ("Again", "Vary", "Upscale 3×"):
        await stage.end_of(await stage.member.click(stale, label=label))

    assert used(stage.message(job)) == {"Again", "Vary", "Upscale 3×"}


async def test_a_press_that_was_refused_is_no_use(open_with: OpenStage):
    stage = await open_with(user_daily_images=1)
    job = await stage.finished()
    refused = await stage.member.click(stage.message(job), label="Vary")

    assert said(refused).ephemeral
    assert used(stage.message(job)) == set()


async def test_again_in_the_history_marks_the_message_in_the_channel(stage: Stage):
    job = await stage.finished()
    page = await Page.open(stage)
    await page.press("Again")

    assert used(stage.message(job)) == {"Again"}
    assert "Your pictures" in page.text


async def test_a_press_twice_asks_twice(stage: Stage):
    job = await stage.finished(seed=7)
    message = stage.message(job)
    for _ in range(2):
        await stage.end_of(await stage.member.click(message, label="Again"))

    assert len({body["seed"] for body in stage.bodies}) == 3
    assert used(stage.message(job)) == {"Again"}


async def test_favourite_is_switched_in_the_message_itself_and_in_the_history(stage: Stage):
    job = await stage.finished("an owl")
    for switched_on in (True, False, True):
        await stage.member.click(stage.message(job), label="Favourite")
        assert used(stage.message(job)) == ({"Favourite"} if switched_on else set())
    await stage.restart()

    assert used(stage.message(job)) == {"Favourite"}
    assert "an owl" in (await Page.open(stage, favourites="yes")).text
    await stage.member.click(stage.message(job), label="Favourite")
    assert used(stage.message(job)) == set()


@pytest.mark.parametrize("who", ["newcomer", "moderator"])
async def test_a_favourite_is_for_whoever_asked_and_others_are_told_why(stage: Stage, who: str):
    job = await stage.finished()
    somebody = getattr(stage.world, who)
    refused = said(await somebody.click(stage.message(job), label="Favourite"))

    assert refused.ephemeral
    assert "holds your own pictures" in refused.content
    assert used(stage.message(job)) == set()


@pytest.mark.parametrize("label", ["Again", "Vary", "Upscale 2×"])
async def test_others_ask_for_more_on_their_own_quota_and_under_their_own_rules(
    stage: Stage, label: str
):
    await stage.let_members_loosen()
    job = await stage.finished(safety_checker="no")
    await stage.decide(Setting.SAFETY, SafetyRule.locked(Strictness.BLACK))
    newcomer = stage.world.newcomer
    more = await stage.end_of(await newcomer.click(stage.message(job), label=label))

    assert stage.message(more).content.startswith(newcomer.mention)
    assert await stage.images_left() == 99
    assert await stage.images_left(newcomer) == 99
    assert [body["safety_checker"] for body in stage.bodies] == ["no", "yes"]


@pytest.mark.parametrize("label", ["Again", "Vary", "Edit", "Upscale 2×", "Details"])
async def test_others_are_refused_where_the_server_says_so_and_the_owner_is_not(
    stage: Stage, label: str
):
    job = await stage.finished()
    await stage.decide(Setting.REUSE, Audience.REQUESTER)
    for somebody in (stage.world.newcomer, stage.world.moderator):
        refused = await somebody.click(stage.message(job), label=label)
        assert said(refused).ephemeral
        assert "only the person who asked" in said(refused).content
    assert len(stage.bodies) == 1
    own = await stage.member.click(stage.message(job), label=label)
    assert own.modal is not None or "only the person" not in said(own).content


async def test_a_select_that_was_opened_is_refused_once_the_server_says_so(stage: Stage):
    job = await stage.finished(samples=2)
    newcomer = stage.world.newcomer
    picking = said(await newcomer.click(stage.message(job), label="Vary"))
    await stage.decide(Setting.REUSE, Audience.REQUESTER)
    refused = said(await newcomer.select(picking, ["1"]))

    assert refused.ephemeral
    assert "only the person who asked" in refused.content
    assert len(stage.bodies) == 1


async def test_upscaling_is_refused_in_words_where_the_server_has_it_limited(stage: Stage):
    job = await stage.finished()
    await stage.decide(Setting.CEILINGS, Ceilings(upscale=2))
    refused = said(await stage.member.click(stage.message(job), label="Upscale 3×"))
    assert "`upscale` must be at most 2 in this server" in refused.content


async def test_messages_from_before_an_upgrade_work_and_get_the_new_buttons(stage: Stage):
    job = await stage.finished(seed=7)
    old = discord.ui.View()
    for action in ("again", "details", "delete"):
        custom_id = f"imagine:{action}:{job.id}"
        old.add_item(discord.ui.Button(label=action.title(), custom_id=custom_id))
    channel = stage.app.bot.get_partial_messageable(stage.studio.id)
    await channel.get_partial_message(job.message_id or 0).edit(view=old)
    await stage.restart()
    details = await stage.member.click(stage.message(job), label="Details")
    await stage.end_of(await stage.member.click(stage.message(job), label="Again"))

    assert "seed `7`" in said(details).content
    assert [[each.label for each in row] for row in rows(stage.message(job))] == ROWS
    assert used(stage.message(job)) == {"Again"}
    await stage.member.click(stage.message(job), label="Delete")
    assert len(stage.shown_pictures()) == 1
