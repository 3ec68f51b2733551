"""Whatever members type is shown harmlessly: it pings nobody, breaks nothing, fits."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pytest

from bot.sandbox import Fault
from tests.acceptance.pages import TEXT
from tests.acceptance.stage import Stage, said

HOSTILE = {
    "everyone": "@everyone @here free pictures",
    "mentions": "<@1234567890> <@!1234567890> <@&1234567890> <#1234567890>",
    "markdown": "# big\n> quote\n**bold** __under__ ||spoiler|| ~~gone~~ `code` ```block",
    "masked link": "[click me](https://evil.example) <https://evil.example>",
    "timestamp": "<t:0:R> </imagine:1> <:emoji:1>",
    "sql": "'; DROP TABLE jobs; -- \" OR 1=1",
    "fts": 'NEAR("a" "b", 5) AND * OR prompt:x ^ -y "unclosed',
    "control characters": "a\x00b\x1b[31mc\x07d\r\ne",
    "overrides": "abc\u202edef\u2066ghi\u2069",
    "weights": "((masterpiece)), [[blurry]], {{sharp:1.2}}",
    "emoji": "🎨" * 500,
    "joined emoji": "👩‍👩‍👧‍👦" * 250,
    "combining": "Z" + "\u0301" * 1500,
    "stars": "*" * 2000,
    "backslashes": "\\" * 2000,
    "spaces and letters": "a " * 1000,
    "format": "{0} %s ${IMAGINE_API_KEY} {job}",
}


def sent_messages(stage: Stage) -> list[dict[str, Any]]:
    """Return every message the bot sent or edited, as Discord was given it."""
    payloads = [entry.json for entry in stage.env.http_requests if isinstance(entry.json, dict)]
    bodies = [payload.get("data") or payload for payload in payloads]
    laid_out = [{**body, "content": words_of(body)} for body in bodies if words_of(body)]
    return [body for body in bodies if "content" in body] + laid_out


def words_of(part: dict[str, Any]) -> str:
    """Return the texts of a message that is laid out in components."""
    inner = [*(part.get("components") or []), *filter(None, [part.get("accessory")])]
    own = [part["content"]] if part.get("type") == TEXT else []
    return "\n".join(filter(None, [*own, *map(words_of, inner)]))


def assert_harmless(message: dict[str, Any], requester: int) -> None:
    allowed = message.get("allowed_mentions") or {}
    assert allowed.get("parse") == []
    assert set(allowed.get("users", [])) <= {requester}
    assert not allowed.get("roles")
    text = message["content"].replace(f"<@{requester}>", "")
    text = re.sub(r"\[(see it|show)\]\(https://discord\.com/channels/[\d/]+\)", "", text)
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)  # a block of code is shown as it is
    assert len(message["content"]) <= 2000
    for dangerous in ("@everyone", "@here", "<@", "<#", "<:", "</"):
        assert dangerous not in text
    assert not re.search(r"(?<!\\)\]\(", text), "a masked link"
    invisible = {unicodedata.category(c) for c in text.replace("\n", "")}
    assert "Cc" not in invisible
    assert not {"\u202e", "\u2066", "\u2069"} & set(text)


@pytest.mark.parametrize("prompt", HOSTILE.values(), ids=HOSTILE.keys())
async def test_a_hostile_prompt_is_drawn_and_shown_harmlessly(stage: Stage, prompt: str) -> None:
    job = await stage.finished(prompt, negative_prompt=prompt)
    await stage.app.progress.round()
    await stage.member.click(stage.message(job), label="Details")
    await stage.member.slash(stage.studio, "history")

    messages = sent_messages(stage)
    assert len(messages) >= 4
    for message in messages:
        assert_harmless(message, stage.member.id)
    (attached,) = stage.message(job).attachments
    assert len(attached.description or "") <= 1024


@pytest.mark.parametrize("prompt", HOSTILE.values(), ids=HOSTILE.keys())
async def test_a_hostile_prompt_is_harmless_in_bad_news(stage: Stage, prompt: str) -> None:
    stage.api.script("", Fault.MODEL_NOT_FOUND)

    await stage.end_of(await stage.imagine(prompt))

    for message in sent_messages(stage):
        assert_harmless(message, stage.member.id)


async def test_the_requester_alone_is_pinged_by_the_result(stage: Stage) -> None:
    job = await stage.finished(f"@everyone {stage.world.newcomer.mention}")

    posted = next(m for m in sent_messages(stage) if m.get("nonce") == str(job.id))
    assert posted["allowed_mentions"]["users"] == [stage.member.id]
    assert posted["allowed_mentions"]["parse"] == []
    assert not stage.message(job).mention_everyone


async def test_the_models_weights_survive_on_display(stage: Stage) -> None:
    job = await stage.finished("a ((red)) fox, (soft:1.3)")

    assert "a ((red)) fox, (soft:1.3)" in stage.message(job).content
    assert stage.bodies[0]["prompt"] == "a ((red)) fox, (soft:1.3)"


async def test_ids_full_of_markdown_and_as_long_as_can_be_are_harmless_and_fit(
    stage: Stage,
) -> None:
    longest = ",".join(f"{'_' * 97}{n}" for n in range(8))
    job = await stage.end_of(
        await stage.imagine(
            "*" * 2000,
            negative_prompt="*" * 2000,
            model="`@everyone`<@&1>" + "_" * 84,
            lora_model=longest,
            lora_strength="0.1234,0.1234,0.1234,0.1234,0.1234,0.1234,0.1234,0.1234",
            embeddings_model="`" * 100,
            vae="*" * 100,
        )
    )
    shown = stage.message(job)
    assert said(await stage.member.click(shown, label="Again")).content
    job = await stage.app.stores.jobs.get(job.id) or job

    for message in sent_messages(stage):
        assert_harmless(message, stage.member.id)


async def test_details_of_the_longest_request_fit_and_are_harmless(stage: Stage) -> None:
    job = await stage.finished(
        "`*_" * 666,
        negative_prompt="`*_" * 666,
        model="my-trained-model",
        lora_model=",".join(f"{'_' * 97}{n}" for n in range(8)),
        embeddings_model="`@everyone`",
        vae="`" * 100,
    )

    details = said(await stage.member.click(stage.message(job), label="Details"))

    assert details.ephemeral
    for message in sent_messages(stage):
        assert_harmless(message, stage.member.id)
