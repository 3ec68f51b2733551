"""`/privacy erase`: asks once, does it whatever happens, and leaves what the document says."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from typing import Any

import pytest
from simcord.results import InteractionResult, ResponseMessage

from bot.domain.guild_settings import Setting
from bot.domain.ids import UserId
from bot.domain.job import JobStatus
from bot.domain.personal import Erasure
from bot.storage.personal import SEARCH_INDEXES
from tests.acceptance.conftest import OpenStage
from tests.acceptance.stage import SLOW, Stage, is_over, job_of, said
from tests.acceptance.test_privacy_about_and_export import export, files_of, records, rows
from tests.traces import forms_of, traces

SECRET = "zanzibar"
"""A word that stands in the member's prompts and nowhere else."""


async def ask(stage: Stage) -> InteractionResult:
    return await stage.member.slash(stage.studio, "privacy erase")


async def erase(stage: Stage) -> ResponseMessage:
    """Ask for it, confirm, and return what the question has become."""
    question = said(await ask(stage))
    await stage.member.click(question, label="Erase everything")
    return said_again(stage, question)


def said_again(stage: Stage, message: ResponseMessage) -> ResponseMessage:
    return ResponseMessage(stage.env, stage.env.backend.get_message(message.channel_id, message.id))


def table_counts(stage: Stage, user_id: int) -> dict[str, int]:
    """Return where the database names a member, whatever the column."""
    found: dict[str, int] = {}
    with contextlib.closing(sqlite3.connect(stage.app.settings.database_path)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in tables.fetchall():
            if table in SEARCH_INDEXES:
                continue  # cannot be read through; what it holds is in tables of its own
            cursor = connection.execute(f"SELECT * FROM {table}")
            named = [row for row in cursor if any(str(user_id) in str(value) for value in row)]
            if named:
                found[table] = len(named)
    return found


def labels(message: ResponseMessage) -> list[str]:
    return [b["label"] for row in message.components for b in row["components"]]


async def test_it_asks_privately_and_says_what_stays(stage: Stage) -> None:
    question = said(await ask(stage))

    assert question.ephemeral
    assert labels(question) == ["Erase everything", "Cancel"]
    assert "cannot be undone" in question.content
    for stays in ("your quota", "moderators", "Delete", "copies"):
        assert stays in question.content


async def test_nothing_happens_before_the_answer_or_after_a_no(stage: Stage) -> None:
    await stage.finished()
    question = said(await ask(stage))
    before = rows(stage, "SELECT * FROM jobs")

    await stage.member.click(question, label="Cancel")

    answer = said_again(stage, question)
    assert (answer.content, labels(answer)) == ("Nothing was erased.", [])
    assert rows(stage, "SELECT * FROM jobs") == before


async def test_everything_goes_but_for_what_the_document_names(stage: Stage) -> None:
    for n in range(4):
        await stage.finished(f"{SECRET} number {n}", samples=2, negative_prompt=f"not {SECRET}")
    await stage.finished("mine to keep", by=stage.world.newcomer)
    member, newcomer = stage.member.id, stage.world.newcomer.id
    of_newcomer = table_counts(stage, newcomer)
    left_before = await stage.images_left()
    data_dir = stage.app.settings.data_dir

    answer = await erase(stage)

    assert answer.content.startswith("✅ Done.")
    assert labels(answer) == []
    assert table_counts(stage, member) == {"ledger": 4}
    assert table_counts(stage, newcomer) == of_newcomer
    assert data_dir.joinpath("imagine.db-wal").stat().st_size == 0
    assert len([f for f in (data_dir / "images").rglob("*") if f.is_file()]) == 1
    assert await stage.images_left() == left_before
    assert (
        "You have not asked for any picture yet"
        in said(await stage.member.slash(stage.studio, "history")).content
    )
    assert (await files_of(await export(stage))).keys() == {"README.txt", "ledger-001.json"}

    await stage.restart()

    assert traces(data_dir, SECRET.encode()) == {}
    assert traces(data_dir, *forms_of(member)).keys() == {"imagine.db"}
    assert table_counts(stage, member) == {"ledger": 4}


async def test_a_day_later_the_file_does_not_know_the_member_at_all(
    open_with: OpenStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = await open_with()
    for n in range(3):
        await stage.finished(f"{SECRET} {n}")
    await erase(stage)
    monkeypatch.setattr("bot.storage.personal_data.WINDOW_MS", -1)

    await stage.restart()
    await stage.until_erased()
    await stage.restart()

    assert table_counts(stage, stage.member.id) == {}
    assert traces(stage.app.settings.data_dir, *forms_of(stage.member.id)) == {}


async def test_the_question_outlives_a_restart(stage: Stage) -> None:
    await stage.finished(SECRET)
    question = said(await ask(stage))

    await stage.restart()
    await stage.member.click(question, label="Erase everything")

    assert said_again(stage, question).content.startswith("✅ Done.")
    assert rows(stage, "SELECT * FROM jobs") == []


async def test_nobody_else_can_answer(stage: Stage) -> None:
    await stage.finished()
    question = said(await ask(stage))
    stage.env.backend.get_message(question.channel_id, question.id).flags = 0

    answer = said(await stage.world.moderator.click(question, label="Erase everything"))

    assert answer.ephemeral
    assert "Only the person who asked" in answer.content
    assert len(rows(stage, "SELECT * FROM jobs")) == 1


async def test_a_wish_of_an_earlier_process_is_fulfilled_by_the_next(stage: Stage) -> None:
    await stage.finished(SECRET)
    now = stage.app.services.clock.now_ms()
    await stage.app.stores.personal.ask(Erasure(UserId(stage.member.id), now))

    await stage.restart()
    await stage.until_erased()

    assert rows(stage, "SELECT * FROM jobs") == []


async def test_a_job_that_waits_is_taken_back_and_not_counted(open_with: OpenStage) -> None:
    stage = await open_with(SLOW, max_in_flight=1)
    stage.api.pause()
    other = await stage.imagine("first", by=stage.world.newcomer)
    await stage.until_status(job_of(other), JobStatus.PROCESSING)
    waiting = await stage.imagine(SECRET)

    await erase(stage)

    assert "Cancelled (not counted)" in said_again(stage, said(waiting)).content
    assert labels(said_again(stage, said(waiting))) == []
    assert await stage.images_left() == 100
    assert len(rows(stage, "SELECT * FROM jobs")) == 1
    stage.api.resume()
    await stage.until(job_of(other), is_over)
    assert [body["prompt"] for body in stage.bodies] == ["first"]


async def test_a_job_the_service_has_keeps_its_slot_shows_nothing_and_then_goes(
    open_with: OpenStage,
) -> None:
    stage = await open_with(SLOW, max_in_flight=1)
    stage.api.pause()
    drawn = await stage.imagine(SECRET)
    await stage.until_status(job_of(drawn), JobStatus.PROCESSING)
    other = await stage.imagine("next", by=stage.world.newcomer)

    await erase(stage)

    assert "it counts; nothing will be shown" in said_again(stage, said(drawn)).content
    assert labels(said_again(stage, said(drawn))) == []
    assert table_counts(stage, stage.member.id) == {"ledger": 1}
    assert rows(stage, "SELECT id FROM jobs WHERE request LIKE ?", f"%{SECRET}%") == []
    assert [body["prompt"] for body in stage.bodies] == [SECRET]
    assert await stage.images_left() == 99

    stage.api.resume()
    await stage.until(job_of(other), is_over)
    await stage.until_erased()

    assert [row["id"] for row in rows(stage, "SELECT id FROM jobs")] == [job_of(other)]
    assert len(stage.shown_pictures()) == 1
    await stage.restart()
    assert traces(stage.app.settings.data_dir, SECRET.encode()) == {}
    assert await stage.images_left() == 99


async def test_after_a_restart_too_a_job_the_service_has_goes_when_it_ends(
    open_with: OpenStage,
) -> None:
    stage = await open_with(SLOW)
    stage.api.pause()
    drawn = await stage.imagine(SECRET)
    await stage.until_status(job_of(drawn), JobStatus.PROCESSING)
    await erase(stage)

    await stage.restart()
    stage.api.resume()
    await stage.until_gone(job_of(drawn))

    assert stage.shown_pictures() == []


async def test_no_acknowledgement_goes_on_saying_that_it_waits(stage: Stage) -> None:
    """Those of jobs that have just ended are not all edited yet when their member is erased."""
    asked = [await stage.imagine(f"{SECRET} {number}") for number in range(4)]
    for each in asked:
        await stage.end_of(each)
    await erase(stage)
    await stage.app.progress.round()

    shown = [message.content for message in stage.messages()]
    assert [text for text in shown if "Waiting" in text or "Drawing" in text] == []
    assert sum("Done" in text for text in shown) == len(asked)


async def test_what_is_asked_for_afterwards_is_new_and_stays(stage: Stage) -> None:
    await stage.finished(SECRET)
    await erase(stage)

    job = await stage.finished("a fresh start")

    assert [row["id"] for row in rows(stage, "SELECT id FROM jobs")] == [job.id]
    assert await stage.images_left() == 98
    (record,) = records(await files_of(await export(stage)), "jobs")
    assert record["id"] == str(job.id)


async def test_delete_still_works_for_the_one_whom_the_post_names(stage: Stage) -> None:
    job = await stage.finished(SECRET)
    post = stage.message(job)
    await erase(stage)

    refused = said(await stage.world.newcomer.click(post, label="Delete"))
    assert "I no longer know this job" in refused.content
    again = said(await stage.member.click(post, label="Again"))
    assert "I no longer know this job" in again.content

    await stage.member.click(post, label="Delete")

    assert stage.shown_pictures() == []


async def test_a_moderators_record_outlives_the_moderator_and_the_member(stage: Stage) -> None:
    await stage.decide(Setting.NAME_RULES, value=True)
    question = said(await stage.world.moderator.slash(stage.studio, "privacy erase"))

    await stage.world.moderator.click(question, label="Erase everything")

    assert table_counts(stage, stage.world.moderator.id) == {"audit": 1, "guild_settings": 1}


async def test_the_log_holds_the_fact_and_neither_prompt_nor_member(
    stage: Stage, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await stage.finished(f"{SECRET} at info")
    capfd.readouterr()

    await erase(stage)
    await stage.restart()

    logged = "".join(capfd.readouterr()) + caplog.text
    assert "a member was erased" in logged
    assert SECRET not in logged
    assert str(stage.member.id) not in logged


def test_traces_are_found_where_they_are(tmp_path: Any) -> None:
    """The search itself can find what it looks for, in each form SQLite gives it."""
    number = 1_300_000_000_000_000_007
    path = tmp_path / "x.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE a (id INTEGER PRIMARY KEY)")
        connection.execute("INSERT INTO a VALUES (?)", (number,))
        connection.execute("CREATE TABLE b (user_id INTEGER)")
        connection.execute("INSERT INTO b VALUES (?)", (number,))
        connection.execute("CREATE TABLE c (text TEXT)")
        connection.execute("INSERT INTO c VALUES (?)", (f"u{number}",))
        connection.commit()
    assert [traces(tmp_path, form) for form in forms_of(number)] == [{"x.db": 1}] * 3
