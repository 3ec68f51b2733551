"""Backups that come by themselves, and what a restore keeps."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bot.domain.ids import JobId
from bot.errors import StartupError, StorageError
from bot.storage.backup import backup
from bot.storage.database import Database
from bot.storage.jobs import SqliteJobStore
from bot.storage.lock import data_dir_lock
from bot.storage.restore import restore
from bot.storage.rotation import DailyBackup, backups_in
from tests.factories.jobs import accept
from tests.fakes.clock import FakeClock

DAY_MS = 86_400_000


async def jobs_in(path: Path) -> list[JobId]:
    async with Database.open(path) as database:
        return [job.id for job in await SqliteJobStore(database, FakeClock()).unfinished()]


async def make_database(path: Path, *jobs: int) -> None:
    async with Database.open(path) as database:
        for job in jobs:
            await accept(SqliteJobStore(database, FakeClock()), job)


async def test_what_was_there_is_kept_with_all_that_was_committed_to_it(tmp_path: Path) -> None:
    live, copy = tmp_path / "data" / "imagine.db", tmp_path / "copy.db"
    live.parent.mkdir()
    await make_database(live, 1)
    await backup(live, copy)
    await make_database(live, 2)
    left_by_a_kill = sqlite3.connect(live)  # keeps the write-ahead log from being brought in
    left_by_a_kill.execute("PRAGMA wal_autocheckpoint = 0")
    left_by_a_kill.execute("INSERT INTO marks VALUES ('late', 'committed')")
    left_by_a_kill.commit()

    done = await restore(copy, live)
    left_by_a_kill.close()

    assert done.open_jobs == 1
    assert done.set_aside is not None
    assert await jobs_in(live) == [1]
    assert set(await jobs_in(done.set_aside)) == {1, 2}
    with sqlite3.connect(done.set_aside) as kept:
        assert kept.execute("SELECT value FROM marks WHERE name = 'late'").fetchone()
    kept.close()


async def test_a_new_machine_has_nothing_to_keep(tmp_path: Path) -> None:
    await make_database(tmp_path / "old.db", 1)
    live = tmp_path / "data" / "imagine.db"
    done = await restore(tmp_path / "old.db", live)
    assert done.set_aside is None
    assert await jobs_in(live) == [1]
    assert live.stat().st_mode & 0o077 == 0  # it holds what members wrote


async def test_told_is_how_many_jobs_go_on_whatever_was_begun_of_them(tmp_path: Path) -> None:
    old, live = tmp_path / "old.db", tmp_path / "data" / "imagine.db"
    await make_database(old, 1, 2, 3, 4)
    with sqlite3.connect(old) as connection:
        connection.execute("UPDATE jobs SET post_started_at_ms = 5 WHERE id IN (1, 3)")
        connection.execute(
            "UPDATE jobs SET status = 'failed', end_reason = 'api_error', finished_at_ms = 6 "
            "WHERE id = 2"
        )
    connection.close()
    assert (await restore(old, live)).open_jobs == 3


async def test_nothing_is_restored_under_a_bot_that_runs(tmp_path: Path) -> None:
    await make_database(tmp_path / "old.db", 1)
    live = tmp_path / "data" / "imagine.db"
    with data_dir_lock(live.parent), pytest.raises(StartupError, match="already uses"):
        await restore(tmp_path / "old.db", live)
    assert not live.exists()


@pytest.mark.parametrize(("content", "words"), [(None, "no file"), (b"x" * 5000, "not a database")])
async def test_a_file_that_is_no_backup_changes_nothing(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    live, copy = tmp_path / "data" / "imagine.db", tmp_path / "copy.db"
    live.parent.mkdir()
    await make_database(live, 1)
    if content is not None:
        copy.write_bytes(content)
    with pytest.raises(StorageError, match=words):
        await restore(copy, live)
    assert await jobs_in(live) == [1]


async def test_a_backup_a_day_is_made_and_the_newest_are_kept(tmp_path: Path) -> None:
    live, folder, clock = tmp_path / "imagine.db", tmp_path / "kept", FakeClock()
    await make_database(live, 1)
    daily = DailyBackup(database=live, folder=folder, keep=3, clock=clock)
    (tmp_path / "kept").mkdir()
    (folder / "imagine-before-the-move.db").write_text("the operator's own")

    for _ in range(5):
        await daily.make()
        await daily.make()
        clock.advance(DAY_MS / 1000)

    assert len(backups_in(folder)) == 3
    assert (folder / "imagine-before-the-move.db").exists()
    assert await jobs_in(backups_in(folder)[-1]) == [1]


async def test_a_day_on_which_it_fails_forgets_no_earlier_one(tmp_path: Path) -> None:
    live, folder, clock = tmp_path / "imagine.db", tmp_path / "kept", FakeClock()
    await make_database(live, 1)
    await DailyBackup(database=live, folder=folder, keep=1, clock=clock).make()
    [kept] = backups_in(folder)
    clock.advance(DAY_MS / 1000)
    with pytest.raises(StorageError):
        await DailyBackup(database=tmp_path / "gone.db", folder=folder, keep=1, clock=clock).make()
    assert backups_in(folder) == [kept]


async def test_what_a_killed_process_left_of_a_daily_backup_goes_with_the_next(
    tmp_path: Path,
) -> None:
    live, folder, clock = tmp_path / "imagine.db", tmp_path / "kept", FakeClock()
    await make_database(live, 1)
    folder.mkdir()
    for name in ("imagine-2026-09-20.db.4711.part", "imagine-2026-09-20.db.4711.part-journal"):
        (folder / name).write_text("half a copy")
    (folder / "holiday.part").write_text("the operator's own")

    await DailyBackup(database=live, folder=folder, keep=3, clock=clock).make()

    [kept] = backups_in(folder)
    assert set(folder.iterdir()) == {kept, folder / "holiday.part"}
