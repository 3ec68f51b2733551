"""`/quota` is for the person who asks."""

from __future__ import annotations

from tests.acceptance.stage import Stage, said


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
