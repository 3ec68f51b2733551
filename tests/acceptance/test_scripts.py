"""Prompts in any script go the whole way as they were typed, on every command."""

from __future__ import annotations

from typing import Any

import pytest
from simcord.results import InteractionResult

from tests.acceptance.history_page import Page
from tests.acceptance.remixes import half_white, remix
from tests.acceptance.stage import Stage, said

WRITTEN = {
    "arabic": "منارة عند الغروب، لوحة زيتية (وردي:1.2)",
    "hebrew and latin": "מגדלור בשקיעה, oil painting 35mm",
    "persian with a joiner": "می‌خواهم یک فانوس دریایی",
    "japanese": "夕暮れの灯台、((赤い))空、油絵",
    "korean": "해질녘의 등대, 유화",
    "chinese": "黄昏的灯塔，油画",
    "thai": "ประภาคารยามพลบค่ำ",
    "hindi": "सूर्यास्त के समय एक प्रकाशस्तंभ",
    "russian": "маяк на закате, масло",
}
PROMPTS = {**WRITTEN, "emoji of a family": "👩‍👩‍👧‍👦 at the beach"}


@pytest.mark.parametrize("command", ["imagine", "remix", "inpaint"])
@pytest.mark.parametrize("prompt", PROMPTS.values(), ids=PROMPTS.keys())
async def test_a_prompt_arrives_and_is_shown_as_it_was_typed(
    stage: Stage, prompt: str, command: str
) -> None:
    asked = await _ask(stage, command, prompt)
    job = await stage.end_of(asked)

    assert job.request.prompt == prompt
    assert [body["prompt"] for body in stage.bodies] == [prompt]
    shown = stage.message(job)
    assert _as_read(prompt) in _as_read(said(asked).content)
    assert _as_read(prompt) in _as_read(shown.content)
    assert prompt in (shown.attachments[0].description or "")
    details = said(await stage.member.click(shown, label="Details"))
    assert _as_read(prompt) in _as_read(details.content)
    again = await stage.member.click(shown, label="Again")
    assert (await stage.end_of(again)).request.prompt == prompt


@pytest.mark.parametrize("prompt", WRITTEN.values(), ids=WRITTEN.keys())
async def test_a_word_of_a_prompt_finds_it_in_the_history(stage: Stage, prompt: str) -> None:
    await stage.finished("something else entirely")
    await stage.finished(prompt)

    page = await Page.open(stage, search=prompt.split(maxsplit=1)[0].strip("、，,"))

    assert [_as_read(prompt) in _as_read(entry) for entry in page.entries] == [True]


async def _ask(stage: Stage, command: str, prompt: str) -> InteractionResult:
    if command == "imagine":
        return await stage.imagine(prompt)
    options: dict[str, Any] = {"prompt": prompt}
    if command == "inpaint":
        options["mask"] = ("mask.png", half_white())
    return await remix(stage, command=command, **options)


def _as_read(text: str) -> str:
    """Return text without the backslashes that keep it from being markup."""
    return text.replace("\\", "")
