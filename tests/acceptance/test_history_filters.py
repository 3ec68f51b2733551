"""The options of `/history` leave out what was not asked for, page after page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.acceptance.history_page import Page
from tests.acceptance.stage import Stage, said
from tests.acceptance.test_hostile_texts import HOSTILE


def prompts(page: Page) -> list[str]:
    return [text.split("\n")[0] for text in page.entries]


async def choices(stage: Stage, option: str, typed: str) -> list[dict[str, Any]]:
    offered = await stage.member.autocomplete(stage.studio, "history", option, typed)
    assert all(0 < len(c["name"]) <= 100 and 0 < len(c["value"]) <= 100 for c in offered)
    return list(offered)


async def test_words_are_searched_in_prompts(stage: Stage) -> None:
    for prompt in (
        "a red fox",
        "a lighthouse by the sea",
        "a fox at the lighthouse",
        "月光下的灯塔",
    ):
        await stage.finished(prompt)

    assert prompts(await Page.open(stage, search="fox")) == [
        "a fox at the lighthouse",
        "a red fox",
    ]
    assert prompts(await Page.open(stage, search="Light FOX")) == ["a fox at the lighthouse"]
    assert prompts(await Page.open(stage, search="灯塔")) == ["月光下的灯塔"]
    nothing = await Page.open(stage, search="wolf")
    assert "Nothing in your history fits: with “wolf”" in nothing.text


async def test_a_filter_survives_turning_pages_and_a_restart(stage: Stage) -> None:
    for n in range(6):
        await stage.finished(f"a fox, picture {n}")
        await stage.finished(f"an owl, picture {n}")
    page = await Page.open(stage, search="fox", server="this server", model="midjourney")

    assert "with “fox” · model midjourney · in this server" in page.text
    await stage.restart()
    await page.press("Older")
    assert prompts(page) == ["a fox, picture 1", "a fox, picture 0"]
    assert "with “fox”" in page.text
    await page.press("Favourite")
    assert prompts(page) == ["⭐ a fox, picture 1", "a fox, picture 0"]
    await page.press("Newer")
    assert prompts(page) == [f"a fox, picture {n}" for n in (5, 4, 3, 2)]


async def test_a_page_whose_filter_is_forgotten_says_what_to_do(stage: Stage) -> None:
    for n in range(5):
        await stage.finished(f"a fox, picture {n}")
    page = await Page.open(stage, search="fox")
    stores = stage.app.stores
    await stores.jobs._db.write(lambda tx: tx.execute("DELETE FROM history_filters"))

    answer = await page.press("Older")

    assert answer is not None
    assert answer.ephemeral
    assert "Use `/history` again" in answer.content


async def test_days_can_be_named_typed_or_chosen(stage: Stage) -> None:
    await stage.finished("an owl of today")
    today = datetime.now(UTC).date()
    tomorrow = today + timedelta(days=1)

    fitting: list[dict[str, Any]] = [
        {"since": str(today)},
        {"since": "today"},
        {"since": "a week ago", "until": str(today)},
        {"since": "Yesterday", "until": "TODAY"},
    ]
    for days in fitting:
        assert prompts(await Page.open(stage, **days)) == ["an owl of today"], days
    missing: list[dict[str, Any]] = [{"until": "yesterday"}, {"since": str(tomorrow)}]
    for days in missing:
        assert "Nothing in your history fits" in (await Page.open(stage, **days)).text, days

    offered = await choices(stage, "since", "week")
    week = today - timedelta(days=7)
    assert offered == [{"name": f"a week ago ({week})", "value": str(week)}]
    assert len(await choices(stage, "until", "")) == 5


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({"since": "sometime"}, "`since` must be a day such as 2026-11-01"),
        ({"until": "2026-13-01"}, "`until` must be a day such as 2026-11-01"),
        ({"since": "1; DROP TABLE jobs"}, "`since` must be a day such as"),
        ({"since": "0001-01-01"}, "`since` must be a day on which Discord could be used"),
        ({"until": "9999-12-31"}, "`until` must be a day on which Discord could be used"),
        (
            {"since": "2026-02-02", "until": "2026-02-01"},
            "`until` must not be before `since`, which is 2 Feb 2026",
        ),
    ],
)
async def test_days_that_make_no_sense_are_refused_in_words(
    stage: Stage, days: dict[str, str], words: str
) -> None:
    answer = said(await stage.member.slash(stage.studio, "history", **days))

    assert answer.ephemeral
    assert words in answer.content


async def test_models_offered_are_first_those_used_lately(stage: Stage) -> None:
    await stage.app.services.catalogue.refresh()
    await stage.finished(model="my-trained-model")
    await stage.finished(model="sdxl")

    offered = [choice["value"] for choice in await choices(stage, "model", "")]
    assert offered[:2] == ["sdxl", "my-trained-model"]
    assert len(offered) == len(set(offered)) == 25
    assert (await choices(stage, "model", "TRAINED-"))[0]["value"] == "my-trained-model"
    assert len((await Page.open(stage, model="my-trained-model")).entries) == 1
    assert len((await Page.open(stage, model="my-trained")).entries) == 0


async def test_everywhere_is_where_one_looks_if_nothing_is_said(stage: Stage) -> None:
    await stage.finished("an owl")
    elsewhere = stage.env.create_guild("Elsewhere")
    channel = elsewhere.create_text_channel("art")
    visitor = elsewhere.add_member(stage.member.user)
    await stage.env.settle()

    answers = [
        said(await visitor.slash(channel, "history", **options))
        for options in ({}, {"server": "everywhere"}, {"server": "this server"})
    ]

    assert [len(answer.attachments) for answer in answers] == [1, 1, 0]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
async def test_hostile_text_is_a_search_like_any_other(stage: Stage, text: str) -> None:
    await stage.finished(text)
    page = await Page.open(stage, search=text[:100], model=text[:100])

    assert page.pictures == []
    assert "Nothing in your history fits" in page.text
    assert len(page.text) <= 2000
