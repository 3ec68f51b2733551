"""`/preset`: options and words under a name, a member's own and a server's."""

from __future__ import annotations

import re
from typing import Any

import pytest
import simcord
from simcord.results import InteractionResult, ResponseMessage

from bot.domain import preset as preset_module
from bot.domain.guild_settings import AllowList, Ceilings, Setting
from bot.domain.job import Job, JobStatus
from bot.domain.prompt_rules.rule import RuleKind
from tests.acceptance.settings_office import Office
from tests.acceptance.stage import Stage, said
from tests.acceptance.test_hostile_texts import HOSTILE
from tests.acceptance.test_privacy_about_and_export import export, files_of, records
from tests.acceptance.test_privacy_erase import erase

INK = "{prompt}, ink wash --ar 3:2 --steps 41"


async def save(
    stage: Stage,
    name: str = "ink",
    text: str | None = INK,
    by: simcord.MemberActor | None = None,
    **options: Any,
) -> str:
    if text is not None:
        options["text"] = text
    answer = said(
        await (by or stage.member).slash(stage.studio, "preset save", name=name, **options)
    )
    assert answer.ephemeral
    return answer.content


async def use(
    stage: Stage,
    name: str = "ink",
    prompt: str = "a fox",
    by: simcord.MemberActor | None = None,
) -> InteractionResult:
    return await (by or stage.member).slash(stage.studio, "preset use", name=name, prompt=prompt)


async def drawn(stage: Stage, *arguments: Any, **options: Any) -> Job:
    job = await stage.end_of(await use(stage, *arguments, **options))
    assert job.status is JobStatus.DELIVERED
    return job


async def listed(stage: Stage, by: simcord.MemberActor | None = None) -> ResponseMessage:
    answer = said(await (by or stage.member).slash(stage.studio, "preset list"))
    assert answer.ephemeral
    return answer


async def delete(stage: Stage, by: simcord.MemberActor | None = None, **options: Any) -> str:
    options = {"name": "ink", **options}
    return said(await (by or stage.member).slash(stage.studio, "preset delete", **options)).content


async def test_a_preset_puts_words_and_options_around_a_prompt(stage: Stage):
    told = await save(stage)
    assert "Saved for you as **ink**" in told
    assert "`{prompt}, ink wash --size 624x416 --steps 41`" in told

    asked = await use(stage)
    job = await stage.end_of(asked)

    assert stage.bodies[0]["prompt"] == "a fox, ink wash"
    assert (job.request.size, job.request.num_inference_steps) == ((624, 416), 41)
    assert not said(asked).ephemeral
    assert "a fox, ink wash" in said(asked).content
    assert len(stage.message(job).attachments) == 1
    assert await stage.images_left() == 99


async def test_presets_outlive_the_process(stage: Stage):
    await save(stage)
    await stage.restart()
    assert (await drawn(stage, "INK")).request.prompt == "a fox, ink wash"


async def test_what_is_typed_comes_first_then_the_preset_then_ones_own_defaults(stage: Stage):
    await save(stage, text="--steps 41 --samples 2 --clip_skip 3")
    for option, value in (("steps", "21"), ("samples", "4"), ("guidance_scale", "9")):
        await stage.member.slash(stage.studio, "defaults set", option=option, value=value)
    request = (await drawn(stage, prompt="a fox --samples 1")).request
    assert (request.prompt, request.samples, request.num_inference_steps) == ("a fox", 1, 41)
    assert (request.clip_skip, request.guidance_scale) == (3, 9)


async def test_a_preset_can_be_named_in_any_prompt(stage: Stage):
    await save(stage, "my ink")
    job = await stage.finished('a fox --preset "my ink" --steps 21', size="square")
    assert (job.request.prompt, job.request.num_inference_steps) == ("a fox, ink wash", 21)
    assert job.request.size == (512, 512)


async def test_without_a_text_the_newest_picture_is_taken_but_for_prompt_and_seed(stage: Stage):
    assert "have not asked for any picture yet" in await save(stage, text=None)
    await stage.finished("a lighthouse --ar 3:2", seed=7, steps=21, negative_prompt="text")
    await save(stage, "light", None)
    await save(stage, "more", "{prompt} at dusk --steps 51", picture="yes")

    request = (await drawn(stage, "light")).request
    assert (request.prompt, request.negative_prompt) == ("a fox", "text")
    assert (request.size, request.num_inference_steps) == ((624, 416), 21)
    assert request.seed != 7
    request = (await drawn(stage, "more")).request
    assert (request.prompt, request.num_inference_steps) == ("a fox at dusk", 51)
    assert request.negative_prompt == "text"


async def test_others_neither_see_nor_use_a_members_own(stage: Stage):
    await save(stage)
    newcomer = stage.world.newcomer
    assert "no presets yet" in (await listed(stage, newcomer)).content
    refused = said(await use(stage, by=newcomer))
    assert refused.ephemeral
    assert "`preset` is not known here" in refused.content
    assert "is not known here" in await delete(stage, newcomer)
    assert "ink" in (await listed(stage)).content


async def test_moderators_save_for_everybody_and_members_do_not(stage: Stage):
    assert "for people with Manage Server" in await save(stage, server="yes")
    assert "for everybody in this server" in await save(
        stage, by=stage.world.moderator, server="yes"
    )
    assert (await drawn(stage, by=stage.world.newcomer)).request.prompt == "a fox, ink wash"
    assert "(this server's)" in (await listed(stage)).content
    assert "for people with Manage Server" in await delete(stage, server="yes")
    assert "Deleted **ink**" in await delete(stage, stage.world.moderator, server="yes")
    assert "is not known here" in said(await use(stage)).content

    audit = said(await stage.world.moderator.slash(stage.studio, "audit")).content
    assert "saved a preset: `ink`" in audit
    assert "deleted a preset: `ink`" in audit


async def test_who_saves_a_name_again_hears_what_was_replaced(stage: Stage):
    assert "replaces" not in await save(stage)
    assert "It replaces `{prompt}, ink wash --size 624x416 --steps 41`" in await save(
        stage, "Ink", "{prompt}, oil"
    )


async def test_who_deletes_a_preset_on_the_wrong_shelf_hears_which_it_is_on(stage: Stage):
    moderator = stage.world.moderator
    await save(stage, "house", by=moderator, server="yes")
    assert "is this server's: delete it with `server: yes`" in await delete(
        stage, moderator, name="house"
    )
    await save(stage, by=moderator)
    assert "is your own: delete it without `server`" in await delete(stage, moderator, server="yes")


async def test_ones_own_comes_before_the_servers_of_the_same_name(stage: Stage):
    await save(stage, text="{prompt}, theirs", by=stage.world.moderator, server="yes")
    await save(stage, "Ink", "{prompt}, mine")
    assert (await drawn(stage)).request.prompt == "a fox, mine"
    assert "yours of that name comes first" in (await listed(stage)).content
    await delete(stage)
    assert (await drawn(stage)).request.prompt == "a fox, theirs"


async def test_a_servers_presets_are_not_another_servers(stage: Stage):
    office = Office(stage)
    await save(stage, by=stage.world.moderator, server="yes")
    answer = said(await office.outsider.slash(office.abroad, "preset list")).content
    assert "no presets yet" in answer
    refused = said(
        await office.outsider.slash(office.abroad, "preset use", name="ink", prompt="a fox")
    )
    assert "is not known here" in refused.content


async def test_a_servers_rules_hold_for_what_a_preset_asks_for(stage: Stage):
    await save(stage, text="{prompt} gore --samples 4")
    await save(stage, "mine", "--model juggernaut-xl")
    await stage.decide(Setting.MODELS, AllowList(blocked=("juggernaut-xl",)))
    await stage.decide(Setting.CEILINGS, Ceilings(samples=2))

    assert "`model` is not allowed" in said(await use(stage, "mine")).content
    asked = await use(stage)
    assert "limits: samples" in said(asked).content
    assert (await stage.end_of(asked)).request.samples == 2

    await stage.world.moderator.slash(
        stage.studio, "settings rule-add", kind=RuleKind.WORD.value, text="gore"
    )
    refused = said(await use(stage))
    assert refused.ephemeral
    assert "A rule of this server" in refused.content


async def test_a_quota_counts_what_a_preset_asks_for(stage: Stage):
    await save(stage, text="--samples 4")
    await drawn(stage)
    assert await stage.images_left() == 96


async def test_a_presets_option_that_clashes_with_a_choice_gives_way_and_is_named(stage: Stage):
    await save(stage, text="--scheduler DPMSolverMultistep --algorithm dpmsolver+++")
    asked = await use(stage, prompt="a fox --sampler ddim")
    assert "rule it out: algorithm_type" in said(asked).content
    assert (await stage.end_of(asked)).request.scheduler == "DDIMScheduler"


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("ink", "ink wash", "`text` must say with {prompt} where the prompt goes"),
        ("ink", "{prompt} --sede 7", "did you mean --seed?"),
        ("ink", "{prompt} --samples 9", "`samples` must be a whole number from 1 to 4"),
        ("\u200b", INK, "`name` must have something to read in it"),
    ],
)
async def test_what_can_be_no_preset_is_refused(stage: Stage, name: str, text: str, words: str):
    assert words in await save(stage, name, text)
    assert "no presets yet" in (await listed(stage)).content


async def test_a_prompt_that_gets_too_long_is_refused_with_the_numbers(stage: Stage):
    await save(stage)
    refused = said(await use(stage, prompt="x" * 1995))
    assert refused.ephemeral
    assert "has 2,005 characters together with the preset's text, and may have 2,000" in (
        refused.content
    )


async def test_there_is_an_end_to_how_many(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(preset_module, "MAX_OWN", 1)
    await save(stage)
    assert "there can be 1" in await save(stage, "another")
    assert "Saved for you" in await save(stage, "INK", "--seed 7")


async def test_the_list_turns_pages_for_ever(stage: Stage):
    for n in range(17):
        await save(stage, f"own {n:02}", f"--seed {n}")
    first = await listed(stage)
    assert "**Presets** 1–8 of 17" in first.content
    await stage.restart()

    await stage.member.click(first, label="More")
    second = shown_now(stage, first)
    assert "9–16 of 17" in second.content
    assert "own 08" in second.content
    await stage.member.click(second, label="More")
    third = shown_now(stage, first)
    assert "17–17 of 17" in third.content
    await delete(stage, name="own 16")
    await stage.member.click(third, label="Back")
    assert "9–16 of 16" in shown_now(stage, first).content


def shown_now(stage: Stage, message: ResponseMessage) -> ResponseMessage:
    return ResponseMessage(stage.env, stage.env.backend.get_message(message.channel_id, message.id))


async def test_names_are_offered_while_one_is_typed(stage: Stage):
    async def offered(command: str, typed: str, **given: Any) -> list[dict[str, Any]]:
        return await stage.member.autocomplete(stage.studio, command, "name", typed, **given)

    moderator = stage.world.moderator
    await save(stage, "Ink")
    await save(stage, "ink", by=moderator, server="yes")
    await save(stage, "Linocut", by=moderator, server="yes")
    everything = [
        {"name": "Ink", "value": "Ink"},
        {"name": "Linocut · this server's", "value": "Linocut"},
    ]
    assert await offered("preset use", "") == everything
    assert await offered("preset use", "LINO") == everything[1:]
    assert await offered("preset delete", "") == everything[:1]
    names = [each["value"] for each in await offered("preset delete", "", server="yes")]
    assert names == ["ink", "Linocut"]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_hostile_names_and_texts_are_shown_harmlessly(stage: Stage, text: str):
    answers = [
        await save(stage, text[:50], "{prompt} " + text[:1980]),
        (await listed(stage)).content,
        await delete(stage, name=text[:50]),
    ]
    for answer in answers:
        assert len(answer) <= 2000
        assert "@everyone" not in answer
        assert not re.search(r"<[@#t:/]", answer)


async def test_direct_messages_have_ones_own_alone(stage: Stage):
    await save(stage)
    await save(stage, "theirs", by=stage.world.moderator, server="yes")
    user = stage.member.user
    answer = said(await user.slash("preset list")).content
    assert "**ink**" in answer
    assert "theirs" not in answer
    refused = said(await user.slash("preset save", name="x", text=INK, server="yes"))
    assert "for people with Manage Server" in refused.content


async def test_an_export_has_ones_own_and_erasing_leaves_the_servers(stage: Stage):
    moderator = stage.world.moderator
    await save(stage, "mine", by=moderator)
    await save(stage, "ours", by=moderator, server="yes")
    await save(stage, "other")

    files = await files_of(await export(stage, moderator))
    assert [each["name"] for each in records(files, "presets")] == ["mine"]
    assert [each["name"] for each in records(files, "presets-saved_by")] == ["ours"]

    question = said(await moderator.slash(stage.studio, "privacy erase"))
    await moderator.click(question, label="Erase everything")
    assert "mine" not in (await listed(stage, moderator)).content
    files = await files_of(await export(stage, moderator))
    assert not records(files, "presets-saved_by")
    assert (await drawn(stage, "ours")).request.prompt == "a fox, ink wash"
    await erase(stage)
    assert "other" not in (await listed(stage)).content
