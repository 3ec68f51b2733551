"""`/remix`: a picture becomes another one, whoever asks and however it was given."""

from __future__ import annotations

from typing import Any

import aiohttp
import discord
import pytest

from bot.domain.guild_settings import Audience, Place, Scope, Setting
from bot.domain.ids import JobId, UserId
from bot.domain.job import JobStatus
from bot.sandbox import Fault
from tests.acceptance.conftest import OpenStage
from tests.acceptance.remixes import BLUE, RED, flat, remix, remixed, source_of
from tests.acceptance.stage import SLOW, Stage, is_over, job_of, pictures_in, said
from tests.ports import free_port

IMG2IMG = "/api/v4/dreambooth/img2img"


def paths(stage: Stage) -> list[str]:
    return [request.path for request in stage.api.submits]


async def test_the_body_is_the_one_of_the_endpoints_page_to_the_letter(stage: Stage):
    job = await remixed(
        stage,
        flat((640, 512)),
        seed=7,
        lora_model="more_details,add_detail",
        lora_strength="0.5,1",
        vae="my-vae",
    )

    assert paths(stage) == [IMG2IMG]
    [body] = stage.bodies
    assert body.pop("init_image").startswith(f"{stage.api.root_url}/generations/")
    assert body == {
        "key": stage.api.settings.api_key or "any-key",
        "model_id": "midjourney",
        "prompt": "a lighthouse",
        "negative_prompt": "",
        "width": "640",
        "height": "512",
        "samples": "1",
        "num_inference_steps": "31",
        "safety_checker": "yes",
        "safety_checker_type": "sensitive_content_text",
        "enhance_prompt": "yes",
        "seed": 7,
        "guidance_scale": 7.5,
        "tomesd": "yes",
        "use_karras_sigmas": "yes",
        "algorithm_type": "none",
        "vae": "my-vae",
        "lora_strength": "0.5,1",
        "lora_model": "more_details,add_detail",
        "clip_skip": "2",
        "base64": "no",
        "scheduler": "UniPCMultistepScheduler",
        "webhook": None,
        "track_id": str(job.id),
        "temp": "yes",
        "strength": 0.7,
    }


async def test_the_result_is_mixed_of_the_picture_by_strength(stage: Stage):
    near, far = [
        await remixed(stage, flat(colour=RED), strength=strength, seed=7)
        for strength in (0.05, 1.0)
    ]
    [kept], [changed] = [await pictures_in(stage.message(job)) for job in (near, far)]

    def distance(pixel: Any) -> int:
        return sum(abs(a - b) for a, b in zip(pixel, RED, strict=True))

    assert distance(kept.convert("RGB").getpixel((256, 256))) < 50
    assert distance(changed.convert("RGB").getpixel((256, 256))) > distance(
        kept.convert("RGB").getpixel((256, 256))
    )


async def test_only_the_asker_sees_the_wait_and_everybody_the_acknowledgement(stage: Stage):
    asked = await remix(stage)
    job = await stage.end_of(asked)
    await stage.app.progress.round()

    first, *others = stage.messages()
    assert first.id == job.acknowledgement_id
    assert "✅ Done" in first.content
    assert [each.id for each in others] == [job.message_id]
    assert not first.flags.ephemeral
    text = stage.message(job).content
    assert "from a picture · strength 0.7" in text


async def test_a_queued_remix_survives_a_restart(open_with: OpenStage):
    stage = await open_with(SLOW, max_in_flight=1)
    stage.api.pause()
    first = job_of(await stage.imagine("first"))
    await stage.until_status(first, JobStatus.PROCESSING)
    queued = job_of(await remix(stage, flat(colour=BLUE), prompt="second"))

    await stage.restart()
    stage.api.resume()
    job = await stage.until(queued, is_over)

    assert job.status is JobStatus.DELIVERED
    assert [body["prompt"] for body in stage.bodies] == ["first", "second"]
    assert (await source_of(stage, job)).getpixel((0, 0)) == BLUE


@pytest.mark.parametrize("who", ["member", "newcomer", "moderator"])
@pytest.mark.parametrize("restarts", [0, 1])
async def test_again_starts_from_the_same_picture_on_the_quota_of_whoever_presses(
    stage: Stage, who: str, restarts: int
):
    job = await remixed(stage, flat(colour=BLUE), strength=0.4)
    for _ in range(restarts):
        await stage.restart()
    somebody = getattr(stage.world, who)
    before = await stage.images_left(somebody)
    again = await stage.end_of(await somebody.click(stage.message(job), label="Again"))

    first, second = stage.bodies
    assert paths(stage) == [IMG2IMG, IMG2IMG]
    assert second["strength"] == 0.4
    assert first["seed"] != second["seed"]
    assert (await source_of(stage, again)).getpixel((0, 0)) == BLUE
    assert await stage.images_left(somebody) == before - 1


async def test_edit_offers_strength_in_place_of_guidance_and_keeps_what_does_not_do(stage: Stage):
    job = await remixed(stage, strength=0.4)
    form = await stage.member.click(stage.message(job), label="Edit")
    assert form.modal is not None
    fields = [each["component"] for each in form.modal["components"]]
    filled = {each["custom_id"]: each.get("value", "") for each in fields}
    assert filled == {
        "prompt": "a lighthouse",
        "negative_prompt": "",
        "size": "512x512",
        "steps": "31",
        "strength": "0.4",
    }

    refused = await stage.member.submit_modal(form, {**filled, "strength": "7"})
    assert "`strength` must be a number from 0.05" in said(refused).content
    await stage.restart()
    opened = await stage.member.click(said(refused), label="Go on editing")
    await stage.end_of(await stage.member.submit_modal(opened, {**filled, "strength": "0,9"}))
    assert [body["strength"] for body in stage.bodies] == [0.4, 0.9]


async def test_details_name_the_source_and_the_strength(stage: Stage):
    job = await remixed(stage, strength=0.4, seed=7)
    for somebody in (stage.member, stage.world.newcomer, stage.world.moderator):
        details = said(await somebody.click(stage.message(job), label="Details"))
        assert details.ephemeral
        sha = (job.request.init_image or "")[:12]
        assert f"**Starts from** a picture ({sha})" in details.content
        assert "strength `0.4`" in details.content
        assert "/remix prompt:a lighthouse size:512x512 seed:7 strength:0.4" in details.content
        assert "panorama" not in details.content


async def test_a_remix_is_in_the_history_and_goes_with_it(stage: Stage):
    job = await remixed(stage)
    history = stage.app.services.history
    user_id = UserId(stage.member.id)
    assert [each.id for each in (await history.page(user_id)).jobs] == [job.id]

    await history.delete(user_id, job.id)
    assert await stage.app.stores.sources.of_job(job.id) == []
    refused = said(await stage.member.click(stage.message(job), label="Again"))
    assert "no longer kept" in refused.content
    assert len(stage.bodies) == 1


async def test_a_remix_cannot_be_enlarged_since_its_endpoint_cannot(stage: Stage):
    message = stage.message(await remixed(stage))
    labels = [b.label for row in message.components for b in getattr(row, "children", ())]
    assert "Upscale 2×" not in labels
    assert labels[:3] == ["Again", "Vary", "Edit"]


async def test_an_option_of_imagine_alone_is_refused_as_a_flag_and_ignored_as_a_default(
    stage: Stage,
):
    refused = said(await remix(stage, prompt="a fox --panorama --upscale 2"))
    assert refused.ephemeral
    assert "`panorama` is nothing that `/remix` takes; leave it out" in refused.content
    assert "`upscale` is nothing" in refused.content

    await stage.decide(Setting.DEFAULTS, {"panorama": True, "num_inference_steps": 51})
    await remixed(stage)
    assert stage.bodies[-1]["num_inference_steps"] == "50"
    assert "panorama" not in stage.bodies[-1]


async def test_neither_and_both_ways_to_name_a_picture_are_refused(stage: Stage):
    nothing = said(await stage.member.slash(stage.studio, "remix", prompt="a fox"))
    link = "https://discord.com/channels/123456789012345678/123456789012345678/123456789012345678"
    both = said(await remix(stage, flat(), message=link))
    for refused in (nothing, both):
        assert refused.ephemeral
        assert "give a picture with `image`" in refused.content
    assert stage.bodies == []


async def test_a_link_to_a_result_starts_from_its_picture(stage: Stage):
    job = await stage.finished("an owl", samples=2)
    link = stage.message(job).jump_url
    other = await remixed(stage, message=link, picture=2, by=stage.world.newcomer)

    shown = await stage.app.services.history.pictures(job)
    assert (other.request.width, other.request.height) == (512, 512)
    kept = await source_of(stage, other)
    assert kept.size == (shown[1].picture.width, shown[1].picture.height)
    missing = said(await remix(stage, message=link, picture=3))
    assert "no longer kept" in missing.content


async def test_a_link_leads_nowhere_that_the_member_cannot_read(stage: Stage):
    job = await stage.finished("an owl")
    link = stage.message(job).jump_url
    elsewhere = link.replace(str(stage.guild_id), str(stage.guild_id + 1))
    unseen = discord.PermissionOverwrite(view_channel=False)
    closed = stage.member.guild.create_text_channel(
        "closed", overwrites={stage.world.newcomer: unseen}
    )
    hidden = await stage.world.moderator.send(closed, "look", attachments=[("a.png", flat())])
    answers = [
        said(await remix(stage, message=elsewhere)),
        said(await remix(stage, message=hidden.jump_url, by=stage.world.newcomer)),
        said(await remix(stage, message="https://example.com/picture.png")),
    ]
    assert all(each.ephemeral for each in answers)
    assert ["that you can read" in each.content for each in answers] == [True, True, False]
    assert "must be a link to a message" in answers[2].content
    assert len(stage.bodies) == 1


async def test_reuse_kept_to_the_requester_holds_for_links_and_the_menu(stage: Stage):
    job = await stage.finished()
    await stage.decide(Setting.REUSE, Audience.REQUESTER)
    message = stage.message(job)
    newcomer = stage.world.newcomer
    by_link = said(await remix(stage, message=message.jump_url, by=newcomer))
    by_menu = said(await newcomer.context_menu(stage.studio, "Remix this", message))
    for refused in (by_link, by_menu):
        assert refused.ephemeral
        assert "only the person who asked" in refused.content


async def test_the_rule_on_reuse_is_that_of_the_place_where_the_picture_is(stage: Stage):
    job = await stage.finished()
    link = stage.message(job).jump_url
    place = Place(Scope.CHANNEL, stage.studio.id)
    await stage.decide(Setting.REUSE, Audience.REQUESTER, place)
    lounge = stage.member.guild.create_text_channel("lounge")
    refused = said(
        await stage.world.newcomer.slash(lounge, "remix", prompt="a lighthouse", message=link)
    )
    assert refused.ephemeral
    assert "only the person who asked" in refused.content


async def test_prompt_rules_and_blocks_hold_for_remixes(stage: Stage):
    moderator = stage.world.moderator
    await moderator.slash(stage.studio, "block", member=stage.world.newcomer)
    blocked = said(await remix(stage, by=stage.world.newcomer))
    assert blocked.ephemeral
    assert "blocked you" in blocked.content
    assert stage.bodies == []


def files_of(stage: Stage) -> set[str]:
    """Return the names of the picture files that are kept."""
    folder = stage.app.settings.data_dir / "images"
    return {file.name for file in folder.rglob("*.*")}


async def test_the_quota_holds_and_what_fails_is_given_back(open_with: OpenStage):
    stage = await open_with(user_daily_images=1)
    stage.api.script("fails", Fault.VALIDATION)
    failed = await stage.end_of(await remix(stage, prompt="fails"))
    assert failed.status in {JobStatus.FAILED, JobStatus.REFUSED}
    await remixed(stage)
    kept = files_of(stage)
    refused = said(await remix(stage, flat(colour=BLUE)))
    assert refused.ephemeral
    assert "None is left." in refused.content
    assert files_of(stage) == kept


async def test_a_bot_with_a_public_address_serves_the_picture_until_the_job_is_over(
    open_with: OpenStage,
):
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    stage = await open_with(SLOW, http_port=port, webhook_base_url=base)
    stage.api.pause()
    asked = job_of(await remix(stage, flat(colour=BLUE)))
    await stage.until_status(asked, JobStatus.PROCESSING)
    link = stage.bodies[0]["init_image"]
    assert link.startswith(f"{base}/files/")

    async def status() -> int:
        async with aiohttp.ClientSession() as http, http.get(link) as response:
            return response.status

    assert await status() == 200
    stage.api.resume()
    await stage.until(asked, is_over)
    assert await status() == 404


async def test_sweeping_spares_what_an_open_job_starts_from(open_with: OpenStage):
    stage = await open_with(SLOW, max_in_flight=1)
    stage.api.pause()
    first = job_of(await stage.imagine("first"))
    await stage.until_status(first, JobStatus.PROCESSING)
    queued = job_of(await remix(stage))
    pictures = stage.app.stores.pictures
    await pictures.sweep(older_than_ms=2**60, keep_total_bytes=0)
    stage.api.resume()
    job = await stage.until(queued, is_over)
    assert job.status is JobStatus.DELIVERED

    await pictures.sweep(older_than_ms=2**60, keep_total_bytes=0)
    assert await stage.app.stores.sources.of_job(job.id) == []


async def test_erasing_takes_the_uploads_along_even_from_other_members_jobs(stage: Stage):
    job = await remixed(stage)
    pressed = await stage.world.newcomer.click(stage.message(job), label="Again")
    again = await stage.end_of(pressed)
    assert len(await stage.app.stores.sources.of_job(again.id)) == 1

    asked = await stage.member.slash(stage.studio, "privacy erase")
    await stage.member.click(said(asked), label="Erase everything")
    await stage.until_erased()
    assert await stage.app.stores.sources.of_job(JobId(job.id)) == []
    assert await stage.app.stores.sources.of_job(again.id) == []
    refused = said(await stage.world.newcomer.click(stage.message(again), label="Again"))
    assert "no longer kept" in refused.content


async def test_where_progress_is_private_it_stays_so_and_is_kept_true(stage: Stage):
    await stage.decide(Setting.PROGRESS, Audience.REQUESTER)
    asked = await remix(stage)
    job = await stage.end_of(asked)
    await stage.app.progress.round()

    assert [each.id for each in stage.messages()] == [job.message_id]
    [acknowledged] = [each for each in asked.followups if each.id == job.acknowledgement_id]
    assert acknowledged.ephemeral
    assert acknowledged.content.startswith("-# ✅ Done")


@pytest.mark.parametrize("command", ["remix", "inpaint"])
async def test_a_remix_is_cancelled_like_any_other(open_with: OpenStage, command: str):
    stage = await open_with(SLOW, max_in_flight=1)
    stage.api.pause()
    await stage.until_status(job_of(await stage.imagine()), JobStatus.PROCESSING)
    part: dict[str, Any] = {"area": "left"} if command == "inpaint" else {}
    asked = await remix(stage, command=command, **part)
    queued = job_of(asked)
    acknowledged = next(m for m in stage.messages() if f":{queued}" in str(m.components))
    await stage.member.click(acknowledged, label="Cancel")
    await stage.until_status(queued, JobStatus.CANCELLED)
    assert await stage.images_left() == 99
    stage.api.resume()


async def test_loras_are_offered_while_they_are_typed(stage: Stage):
    offered = await stage.member.autocomplete(stage.studio, "remix", "lora_model", "more")
    assert "more_details" in [each["value"] for each in offered]
