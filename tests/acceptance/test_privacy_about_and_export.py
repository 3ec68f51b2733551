"""`/privacy about` and `/privacy export`: members are told what is kept, and get all of it."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import simcord
from simcord.results import InteractionResult, ResponseMessage

from bot.domain.audit import Act, AuditEntry
from bot.domain.guild_settings import Setting
from bot.domain.ids import GuildId, UserId
from bot.picture_metadata import inscribe
from bot.sandbox import Fault
from bot.storage.personal import JOBS, LEDGER, PERSONAL
from tests.acceptance.remixes import BLUE, flat, remixed
from tests.acceptance.stage import Stage, said
from tests.acceptance.test_hostile_texts import HOSTILE
from tests.factories.pictures import opened
from tests.traces import unpacked

TINY = 30_000
TEXT_IDS = {"provider_job_id", "model_id"}


def answers(asked: InteractionResult) -> list[ResponseMessage]:
    """Return the bot's answers, each once; a follow-up may fill in the first one."""
    found = {each.id: each for each in (asked.response, *asked.followups) if each is not None}
    return [found[key] for key in sorted(found)]


async def export(stage: Stage, by: simcord.MemberActor | None = None) -> InteractionResult:
    return await (by or stage.member).slash(stage.studio, "privacy export")


async def zips(messages: list[Any]) -> list[bytes]:
    return [await each.read() for message in messages for each in message.attachments]


async def files_of(asked: InteractionResult) -> dict[str, bytes]:
    return unpacked(await zips(answers(asked)))


def records(files: dict[str, bytes], name: str) -> list[dict[str, Any]]:
    """Return the records of one kind, from all its files."""
    numbered = sorted(each for each in files if each.startswith(f"{name}-0"))
    return [record for each in numbered for record in json.loads(files[each])]


def rows(stage: Stage, sql: str, *args: object) -> list[dict[str, Any]]:
    """Ask the database file itself."""
    path = stage.app.settings.database_path
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(sql, args)]


def as_stored(record: dict[str, Any], columns: list[str]) -> dict[str, Any]:
    """Turn a record of an export back into the row it was."""
    stored: dict[str, Any] = {}
    for column in columns:
        value = record[column.removesuffix("_ms")]
        if column.endswith("_ms") and value is not None:
            since = datetime.fromisoformat(value) - datetime(1970, 1, 1, tzinfo=UTC)
            value = since // timedelta(milliseconds=1)
        elif column == "id" or column.endswith(("_id", "_by")):
            value = value if value is None or column in TEXT_IDS else int(value)
        stored[column] = value
    return stored


def parsed(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with its JSON read."""
    nested = {"request", "output", "used", "value", "details"} & row.keys()
    return {**row, **{name: json.loads(row[name]) if row[name] else None for name in nested}}


async def test_about_is_private_and_names_all_that_is_kept(stage: Stage) -> None:
    told = answers(await stage.member.slash(stage.studio, "privacy about"))

    assert all(message.ephemeral and len(message.content) <= 2000 for message in told)
    text = "\n".join(message.content for message in told)
    for table in PERSONAL:
        assert table.what in text
        assert table.kept in text
    assert "for 30 days at most" in text
    assert "goes after 30 days" in text
    assert "/privacy erase" in text


async def test_about_works_in_a_direct_message(stage: Stage) -> None:
    told = said(await stage.member.user.slash("privacy about"))
    assert "What I keep about you" in told.content


async def test_an_export_of_nothing_is_a_file_that_explains_itself(stage: Stage) -> None:
    asked = await export(stage)

    (answer,) = answers(asked)
    assert answer.ephemeral
    assert answer.content == "📦 Here is all I keep about you."
    files = await files_of(asked)
    assert files.keys() == {"README.txt"}
    assert all(table.what in files["README.txt"].decode() for table in PERSONAL)


async def test_an_export_is_the_database_row_by_row_and_every_picture(stage: Stage) -> None:
    member = stage.member.id
    for n in range(3):
        await stage.finished(f"picture number {n}", samples=n + 1, negative_prompt="fog")
    stage.api.script("broken", Fault.MODEL_NOT_FOUND)
    await stage.end_of(await stage.imagine("broken"))
    await stage.finished("somebody else's", by=stage.world.newcomer)

    files = await files_of(await export(stage))

    jobs = rows(stage, "SELECT * FROM jobs WHERE user_id = ? ORDER BY id", member)
    assert len(jobs) == 4
    columns = JOBS.people[0].exported.split()
    exported = [as_stored(record, columns) for record in records(files, "jobs")]
    assert exported == [{c: parsed(row)[c] for c in columns} for row in jobs]
    ledger = rows(stage, "SELECT * FROM ledger WHERE user_id = ? ORDER BY job_id", member)
    columns = LEDGER.people[0].exported.split()
    exported = [as_stored(record, columns) for record in records(files, "ledger")]
    assert exported == [{c: row[c] for c in columns} for row in ledger]
    pictures = rows(
        stage,
        "SELECT pictures.* FROM pictures JOIN jobs ON jobs.id = job_id WHERE user_id = ? "
        "ORDER BY job_id, position",
        member,
    )
    assert len(pictures) == 6
    for row, record in zip(pictures, records(files, "pictures"), strict=True):
        assert as_stored(record, list(row)) == row
        kept = await stage.app.stores.pictures.read(row["sha256"])
        assert inscribe(files[record["file"]], None) == inscribe(kept, None)
    assert "somebody else" not in str(files)
    assert "interaction_token" not in str(files)


async def test_an_export_holds_a_moderators_acts_and_what_was_done_to_a_member(
    stage: Stage,
) -> None:
    moderator = UserId(stage.world.moderator.id)
    await stage.decide(Setting.NAME_RULES, value=True)
    await stage.app.stores.audit.add(
        AuditEntry(
            guild_id=GuildId(stage.guild_id),
            actor_id=moderator,
            act=Act.BLOCKED,
            at_ms=stage.app.services.clock.now_ms(),
            user_id=UserId(stage.member.id),
            reason="spam",
        )
    )

    of_moderator = await files_of(await export(stage, stage.world.moderator))
    of_member = await files_of(await export(stage))

    assert [row["act"] for row in records(of_moderator, "audit-actor_id")] == ["set", "blocked"]
    assert [row["setting"] for row in records(of_moderator, "guild_settings")] == ["name_rules"]
    (suffered,) = records(of_member, "audit")
    assert suffered["reason"] == "spam"
    assert str(moderator) not in str(of_member)


@pytest.mark.parametrize("prompt", HOSTILE.values(), ids=HOSTILE.keys())
async def test_a_hostile_prompt_comes_back_as_it_was_stored(stage: Stage, prompt: str) -> None:
    job = await stage.finished(prompt)

    (record,) = records(await files_of(await export(stage)), "jobs")

    assert record["request"] == job.request.model_dump(mode="json")


async def test_what_a_member_gave_is_theirs_alone_whoever_drew_from_it(stage: Stage) -> None:
    job = await remixed(stage, flat(colour=BLUE), command="inpaint", area="left")
    pressed = await stage.world.newcomer.click(stage.message(job), label="Again")
    again = await stage.end_of(pressed)
    mine = await files_of(await export(stage))
    others = await files_of(await export(stage, stage.world.newcomer))

    given = sorted(name for name in mine if name.startswith("sources/"))
    assert given == [f"sources/{each.id}-{n}.png" for each in (job, again) for n in (1, 2)]
    assert len(records(mine, "sources")) == 4
    assert opened(mine[given[0]]).getpixel((0, 0)) == BLUE
    assert not [name for name in others if name.startswith("sources")]


async def test_a_picture_that_is_no_longer_kept_is_named_without_a_file(stage: Stage) -> None:
    job = await stage.finished()
    (picture,) = await stage.app.stores.pictures.of_job(job.id)
    (path,) = (stage.app.settings.data_dir / "images").rglob(f"{picture.sha256}*")
    path.unlink()

    (record,) = records(await files_of(await export(stage)), "pictures")

    assert record["file"] is None


async def test_what_is_over_the_limit_comes_in_parts_that_open_by_themselves(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(8):
        await stage.finished(f"picture number {n}", samples=4)
    whole = await files_of(await export(stage))
    monkeypatch.setattr("bot.ui.uploads.REQUEST_LIMIT_BYTES", TINY)

    asked = await export(stage)

    parts = answers(asked)
    assert len(parts) > 2
    assert all(part.ephemeral and len(part.attachments) == 1 for part in parts)
    assert all(part.attachments[0].size <= TINY for part in parts)
    assert [part.content.split(".")[0] for part in parts[:2]] == ["📦 Part 1", "📦 Part 2"]
    assert parts[-1].content == f"📦 Part {len(parts)}, the last."
    assert await files_of(asked) == whole


async def test_a_picture_over_the_limit_by_itself_comes_smaller_and_says_so(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = await stage.finished(size="1024x1024")
    (picture,) = await stage.app.stores.pictures.of_job(job.id)
    limit = picture.size_bytes
    monkeypatch.setattr("bot.ui.uploads.REQUEST_LIMIT_BYTES", limit)

    asked = await export(stage)

    assert all(part.attachments[0].size <= limit for part in answers(asked))
    files = await files_of(asked)
    (record,) = records(files, "pictures")
    assert record["file"] == f"pictures/{job.id}-1-smaller.jpg"
    assert files[record["file"]].startswith(b"\xff\xd8")


async def test_where_discord_takes_five_answers_the_rest_comes_as_direct_messages(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(10):
        await stage.finished(f"picture number {n}", samples=4)
    whole = await files_of(await export(stage))
    monkeypatch.setattr("bot.ui.uploads.REQUEST_LIMIT_BYTES", TINY)
    monkeypatch.setattr("bot.ui.privacy_export._is_guest", lambda _: True)

    asked = await export(stage)

    *here, last = answers(asked)
    assert len(here) == 4
    assert "The other parts come as direct messages" in last.content
    there = stage.member.user.dm_channel.history()
    assert there[-1].content.endswith("the last.")
    assert unpacked(await zips([*here, *there])) == whole


async def test_where_discord_takes_no_answer_any_more_the_rest_comes_as_direct_messages(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(4):
        await stage.finished(f"picture number {n}", samples=4)
    whole = await files_of(await export(stage))
    monkeypatch.setattr("bot.ui.uploads.REQUEST_LIMIT_BYTES", TINY)
    stage.env.inject_error("POST", "/webhooks/*", status=401, code=50027, times=None)

    await export(stage)

    assert unpacked(await zips(stage.member.user.dm_channel.history())) == whole


async def test_closed_direct_messages_are_said_in_words(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(10):
        await stage.finished(f"picture number {n}", samples=4)
    monkeypatch.setattr("bot.ui.uploads.REQUEST_LIMIT_BYTES", TINY)
    monkeypatch.setattr("bot.ui.privacy_export._is_guest", lambda _: True)
    stage.env.inject_error("POST", "/users/@me/channels", status=403, code=50007, times=None)

    asked = await export(stage)

    assert "your direct messages are closed to me" in answers(asked)[-1].content
    assert list(stage.app.settings.data_dir.glob("tmp*")) == []


async def test_parts_that_discord_finds_too_large_come_again_smaller(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(4):
        await stage.finished(f"picture number {n}", samples=4)
    monkeypatch.setattr("bot.ui.privacy_export.DIRECT_MESSAGE_BYTES", TINY)
    stage.env.inject_error("POST", "/webhooks/*", status=413, code=40005, times=1)

    asked = await export(stage)

    parts = answers(asked)
    assert len(parts) > 1
    assert all(part.attachments[0].size <= TINY for part in parts)
    assert len(records(await files_of(asked), "jobs")) == 4
