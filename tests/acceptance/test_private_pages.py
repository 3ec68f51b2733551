"""`/quota` and `/history` are for the person who asks, and pages turn."""

from __future__ import annotations

import re

import pytest
from simcord.results import ResponseMessage

from bot.sandbox import Fault
from tests.acceptance.stage import Stage, said


def buttons(message: ResponseMessage) -> list[str]:
    return [b["label"] for row in message.components for b in row["components"]]


def numbers(page: ResponseMessage) -> list[str]:
    return re.findall(r"picture number (\d)", page.content)


async def test_quota_is_private_and_counts_images(stage: Stage) -> None:
    await stage.finished(samples=3)

    answer = said(await stage.member.slash(stage.studio, "quota mine"))

    assert answer.ephemeral
    assert "**97** of 100 images left" in answer.content
    assert "Unfinished jobs: 0 of 5 at once" in answer.content
    assert "come back <t:" in answer.content


async def test_an_unused_quota_is_whole(stage: Stage) -> None:
    answer = said(await stage.member.slash(stage.studio, "quota mine"))

    assert "**100** of 100 images left" in answer.content
    assert "come back" not in answer.content


async def test_an_empty_history_says_how_to_begin(stage: Stage) -> None:
    answer = said(await stage.member.slash(stage.studio, "history"))

    assert answer.ephemeral
    assert "Try `/imagine`" in answer.content


async def test_history_is_private_newest_first_with_pictures_and_pages(stage: Stage) -> None:
    for n in range(7):
        await stage.finished(f"picture number {n}")

    newest = said(await stage.member.slash(stage.studio, "history"))
    assert newest.ephemeral
    assert numbers(newest) == ["6", "5", "4", "3", "2"]
    assert len(newest.attachments) == 5
    assert buttons(newest) == ["Older"]

    older = said(await stage.member.click(newest, label="Older"))
    assert older.ephemeral
    assert numbers(older) == ["1", "0"]
    assert len(older.attachments) == 2
    assert buttons(older) == []


async def test_the_pictures_of_a_page_fit_one_request_together(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        await stage.finished(f"picture number {n}")
    monkeypatch.setattr("bot.ui.uploads.REQUEST_LIMIT_BYTES", 3000)

    page = said(await stage.member.slash(stage.studio, "history"))

    assert len(page.attachments) == 3
    assert sum(each.size for each in page.attachments) <= 3000


async def test_nobody_sees_another_member_s_history(stage: Stage) -> None:
    await stage.finished("a secret plan")

    answer = said(await stage.world.newcomer.slash(stage.studio, "history"))

    assert "secret" not in answer.content


async def test_history_tells_failures_and_open_jobs_apart(stage: Stage) -> None:
    stage.api.script("broken", Fault.MODEL_NOT_FOUND)
    await stage.end_of(await stage.imagine("broken"))
    await stage.finished("fine")

    lines = said(await stage.member.slash(stage.studio, "history")).content.splitlines()

    assert lines[0].startswith("🖼️")
    assert lines[1].startswith("⚠️")
