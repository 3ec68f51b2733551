"""A prompt in another language is translated by itself, unless somebody decided about that."""

from __future__ import annotations

from tests.acceptance.stage import Stage, said

GERMAN = "ein Leuchtturm im Sturm"
ENGLISH = "a lighthouse in the storm"
REMARK = "will be translated; to keep it: `multi_lingual: no`"


async def test_a_prompt_in_another_language_is_translated_and_the_answer_says_so(
    stage: Stage,
) -> None:
    asked = await stage.imagine(GERMAN)
    job = await stage.end_of(asked)

    assert f"Your prompt is in German, it seems, so it {REMARK}" in said(asked).content
    assert "multi_lingual yes" in said(asked).content
    assert stage.bodies[0]["multi_lingual"] == "yes"
    assert stage.bodies[0]["prompt"] == GERMAN
    details = await stage.member.click(stage.message(job), label="Details")
    assert "multi_lingual" in said(details).content


async def test_letters_that_no_english_is_written_in_are_enough(stage: Stage) -> None:
    asked = await stage.imagine("猫")
    await stage.end_of(asked)

    assert REMARK in said(asked).content
    assert stage.bodies[0]["multi_lingual"] == "yes"


async def test_an_english_prompt_is_left_alone(stage: Stage) -> None:
    asked = await stage.imagine(ENGLISH)
    await stage.end_of(asked)

    assert "translated" not in said(asked).content
    assert stage.bodies[0]["multi_lingual"] == "no"


async def test_whoever_says_no_by_option_is_not_translated(stage: Stage) -> None:
    asked = await stage.imagine(GERMAN, multi_lingual="no")
    await stage.end_of(asked)

    assert "translated" not in said(asked).content
    assert stage.bodies[0]["multi_lingual"] == "no"


async def test_whoever_says_no_by_flag_is_not_translated(stage: Stage) -> None:
    asked = await stage.imagine(f"{GERMAN} --translate no")
    await stage.end_of(asked)

    assert "translated" not in said(asked).content
    assert stage.bodies[0]["multi_lingual"] == "no"
    assert stage.bodies[0]["prompt"] == GERMAN


async def test_whoever_says_yes_needs_no_remark(stage: Stage) -> None:
    asked = await stage.imagine(GERMAN, multi_lingual="yes")
    await stage.end_of(asked)

    assert REMARK not in said(asked).content
    assert stage.bodies[0]["multi_lingual"] == "yes"


async def test_a_default_of_ones_own_decides_too(stage: Stage) -> None:
    await stage.member.slash(stage.studio, "defaults set", option="multi_lingual", value="no")

    await stage.end_of(await stage.imagine(GERMAN))

    assert stage.bodies[0]["multi_lingual"] == "no"


async def test_again_asks_for_the_same_as_before(stage: Stage) -> None:
    drawn = await stage.finished(GERMAN)
    kept = await stage.finished(GERMAN, multi_lingual="no")

    for job in (drawn, kept):
        again = await stage.member.click(stage.message(job), label="Again")
        await stage.end_of(again)

    assert [body["multi_lingual"] for body in stage.bodies] == ["yes", "no", "yes", "no"]
