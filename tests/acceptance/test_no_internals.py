"""Whatever breaks, members read words: no exception, no type's name, no path, no key."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import discord
import pytest
from discord import app_commands
from simcord.components import walk_components
from simcord.results import InteractionResult
from structlog.testing import capture_logs

from bot import errors
from bot.domain.job import JobStatus
from bot.domain.outcome import EndReason
from bot.errors import (
    Blocked,
    ChangedMeanwhile,
    ImagineError,
    InvalidRequest,
    JobNotFound,
    NotAllowed,
    Problem,
    PromptRefused,
    QuotaExceeded,
    UserError,
)
from tests.acceptance.conftest import OpenStage
from tests.acceptance.stage import QUICK, SLOW, Stage, is_over, job_of, said
from tests.acceptance.test_hostile_texts import sent_messages

KEY = "planted-key-5f3a9c1e7b"
PLANTED = f"NoneType has no attribute 'x' (key={KEY}) in /srv/imagine/bot/app.py <class 'int'>"
INNER_LIFE = re.compile(
    r"Traceback|NoneType|<class|object at 0x|File \"|/srv/|/tmp/|\.py\b|planted"
    r"|\b[A-Za-z_]+(?:Error|Exception)\b|\bsqlite|\bpydantic|\bdiscord\.(?!com)|\berrno\b",
    re.IGNORECASE,
)


def subclasses(kind: type[BaseException]) -> Iterator[type[BaseException]]:
    for each in kind.__subclasses__():
        yield each
        yield from subclasses(each)


OURS = [
    each
    for each in dict.fromkeys(subclasses(ImagineError))
    if each.__module__ == errors.__name__ and not issubclass(each, UserError)
]
PARTICULARS: dict[str, dict[str, Any]] = {
    "DownloadError": {"retryable": False},
    "DeliveryError": {"retryable": False},
}
UNEXPECTED: list[BaseException] = [
    *(kind(PLANTED, **PARTICULARS.get(kind.__name__, {})) for kind in OURS),
    ImagineError(PLANTED),
    ValueError(PLANTED),
    KeyError(PLANTED),
    TypeError(PLANTED),
    AttributeError(PLANTED),
    AssertionError(PLANTED),
    RecursionError(PLANTED),
    TimeoutError(PLANTED),
    OSError(5, PLANTED, "/srv/imagine/data/imagine.db"),
    sqlite3.OperationalError(PLANTED),
    discord.ClientException(PLANTED),
    app_commands.AppCommandError(PLANTED),
    ExceptionGroup(PLANTED, [ValueError(PLANTED)]),
]


class Broken:
    """Services of which every one raises the same."""

    def __init__(self, error: BaseException) -> None:
        self.__dict__["error"] = error

    def __getattr__(self, name: str) -> Any:
        raise self.__dict__["error"]


def break_everything(stage: Stage, error: BaseException, patch: pytest.MonkeyPatch) -> None:
    """From now on whatever a command or a button asks for raises this."""
    patch.setattr(stage.app.bot, "services", Broken(error))
    for cog in stage.app.bot.cogs.values():
        for name, part in list(vars(cog).items()):
            if type(part).__module__.startswith("bot."):
                patch.setattr(cog, name, Broken(error))


def assert_nothing_shows(stage: Stage) -> None:
    for message in sent_messages(stage):
        assert not INNER_LIFE.search(message["content"] or ""), message["content"]


def answer_of(result: InteractionResult) -> str:
    answer = said(result)
    assert answer.ephemeral
    assert answer.content
    return answer.content


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[Any]]:
    """What is logged, unrendered: tracebacks with everything in them take long to draw."""
    with capture_logs() as entries:
        yield entries


@pytest.fixture
async def stage(open_with: OpenStage) -> Stage:
    return await open_with(replace(QUICK, api_key=KEY))


@pytest.mark.parametrize("error", UNEXPECTED, ids=lambda error: type(error).__name__)
async def test_an_unexpected_error_is_answered_privately_and_in_words(
    stage: Stage, error: BaseException, monkeypatch: pytest.MonkeyPatch, logged: list[Any]
) -> None:
    with monkeypatch.context() as patch:
        break_everything(stage, error, patch)
        text = answer_of(await stage.imagine())
    assert not INNER_LIFE.search(text), text
    number = re.search(r"went wrong on our side\. .*quote ([0-9a-f]{8})\.", text)
    assert number or text.startswith("I cannot save")
    assert not number or number[1] in [entry.get("reference") for entry in logged]


async def test_no_command_shows_what_broke(
    stage: Stage, published: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    moderator = stage.world.moderator
    names = list(moderator.available_commands(stage.studio))
    assert {"imagine", "history", "quota mine", "settings panel", "privacy erase"} <= set(names)
    with monkeypatch.context() as patch:
        break_everything(stage, RuntimeError(PLANTED), patch)
        for name in names:
            options = dict(required_options(stage, published, name))
            text = answer_of(await moderator.slash(stage.studio, name, **options))
            assert re.search("went wrong on our side", text), (name, text)
    assert_nothing_shows(stage)


def required_options(
    stage: Stage, published: list[dict[str, Any]], name: str
) -> Iterator[tuple[str, Any]]:
    """Fill in what a command must be given, or is nothing without."""
    path = name.split()
    level = next(each for each in published if each["name"] == path[0] and each.get("type", 1) == 1)
    for part in path[1:]:
        level = next(each for each in level["options"] if each["name"] == part)
    for option in level.get("options", ()):
        if option.get("required") or option["name"] in {"daily_images", "image"}:
            yield option["name"], filled_in(stage, option)


def filled_in(stage: Stage, option: dict[str, Any]) -> Any:
    if option.get("choices"):
        return option["choices"][0]["value"]
    kinds = discord.AppCommandOptionType
    return {
        kinds.string: "5",
        kinds.integer: option.get("min_value", 1),
        kinds.number: option.get("min_value", 1.0),
        kinds.boolean: True,
        kinds.user: stage.member,
        kinds.channel: stage.studio,
        kinds.role: stage.member.guild.create_role("Painters"),
        kinds.attachment: ("settings.json", b"{}"),
    }[kinds(option["type"])]


async def test_no_button_shows_what_broke(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    moderator = stage.world.moderator
    pages = ("history", "settings panel", "audit", "privacy about")
    shown: list[Any] = [
        stage.message(await stage.finished(by=moderator)),
        *[said(await moderator.slash(stage.studio, name)) for name in pages],
    ]
    pressed = 0
    with monkeypatch.context() as patch:
        break_everything(stage, RuntimeError(PLANTED), patch)
        for message in shown:
            for part in parts_of(message):
                if part.get("disabled"):
                    continue
                if part["type"] == 2 and "custom_id" in part:
                    answer_of(await moderator.click(message, custom_id=part["custom_id"]))
                    pressed += 1
                elif part["type"] == 3:
                    values = [part["options"][0]["value"]]
                    answer_of(await moderator.select(message, values, custom_id=part["custom_id"]))
                    pressed += 1
    assert pressed >= 12
    assert_nothing_shows(stage)


def parts_of(message: Any) -> list[dict[str, Any]]:
    components = message.components
    if isinstance(message, discord.Message):
        components = [each.to_dict() for each in components]
    return list(walk_components(components))


async def test_no_form_shows_what_broke(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    job = await stage.finished()
    report = await stage.world.newcomer.context_menu(
        stage.studio, "Report picture", stage.message(job)
    )
    removal = await stage.world.moderator.click(stage.message(job), label="Delete")
    with monkeypatch.context() as patch:
        break_everything(stage, RuntimeError(PLANTED), patch)
        for actor, form in ((stage.world.newcomer, report), (stage.world.moderator, removal)):
            result = await actor.submit_modal(form, {"reason": "because"})
            assert not INNER_LIFE.search(answer_of(result))
    assert_nothing_shows(stage)


async def test_what_is_offered_while_typing_is_nothing_when_it_breaks(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        break_everything(stage, RuntimeError(PLANTED), patch)
        for option in ("model", "lora_model", "size"):
            found = await stage.member.autocomplete(stage.studio, "imagine", option, "x")
            assert not INNER_LIFE.search(str(found))
    assert_nothing_shows(stage)


REFUSALS: list[UserError] = [
    InvalidRequest([Problem("steps", "must be a whole number from 1 to 51")]),
    QuotaExceeded(lambda: "Your limit is 3 images.", remaining=0, resets_at_ms=None),
    JobNotFound("This is not in your history any more."),
    NotAllowed("Only moderators may do this."),
    PromptRefused("A rule of this server does not allow that.", rule="`**x**`"),
    ChangedMeanwhile("Somebody else has changed it."),
    Blocked(until_ms=None, reason="spam"),
]


def test_no_kind_of_refusal_is_left_out() -> None:
    assert {type(each) for each in REFUSALS} == set(subclasses(UserError))


@pytest.mark.parametrize("error", REFUSALS, ids=lambda error: type(error).__name__)
async def test_a_refusal_is_private_and_in_words(
    stage: Stage, error: UserError, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        break_everything(stage, error, patch)
        text = answer_of(await stage.imagine())
    assert not INNER_LIFE.search(text), text
    assert type(error).__name__ not in text


@pytest.mark.parametrize("reason", EndReason)
async def test_no_end_of_a_job_shows_what_broke(open_with: OpenStage, reason: EndReason) -> None:
    stage = await open_with(replace(SLOW, api_key=KEY))
    stage.api.pause()
    asked = job_of(await stage.imagine())
    await stage.until_status(asked, JobStatus.PROCESSING)
    await stage.app.machine.lifecycle.advance(
        asked, JobStatus.FAILED, end_reason=reason, end_detail=PLANTED
    )
    job = await stage.until(asked, is_over)
    assert "no picture this time" in stage.message(job).content
    await stage.app.progress.round()
    await stage.member.slash(stage.studio, "history")
    assert_nothing_shows(stage)


async def test_a_picture_that_cannot_be_posted_shows_nothing_either(stage: Stage) -> None:
    stage.env.inject_error("POST", "/channels/*/messages", status=400, code=50035, times=1)
    job = await stage.end_of(await stage.imagine())
    assert job.status is JobStatus.DELIVERED
    assert_nothing_shows(stage)
