"""Files of pictures: whole or absent, shared by equal bytes, none left behind."""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from pathlib import Path

import pytest

from bot.domain.ids import JobId
from bot.domain.ports import PictureData
from bot.errors import StorageError
from bot.storage.database import Database
from bot.storage.jobs import SqliteJobStore
from bot.storage.pictures import SqlitePictureStore
from tests.factories.jobs import accept
from tests.fakes.clock import FakeClock
from tests.patience import PATIENCE_SECONDS

FOX = PictureData(b"fox", "image/png", 1, 1)
FOX_SHA = hashlib.sha256(b"fox").hexdigest()
NEVER = {"older_than_ms": 0, "keep_total_bytes": 10**12}


@pytest.fixture
def images(tmp_path: Path) -> Path:
    return tmp_path / "images"


@pytest.fixture
async def pictures(
    database: Database, jobs: SqliteJobStore, images: Path, clock: FakeClock
) -> SqlitePictureStore:
    for number in (1, 2):
        await accept(jobs, number)
    return SqlitePictureStore(database, images, clock)


def files(images: Path) -> list[str]:
    return sorted(str(file.relative_to(images)) for file in images.rglob("*") if file.is_file())


@pytest.mark.parametrize(
    ("media_type", "extension"),
    [("image/png", ".png"), ("image/jpeg", ".jpg"), ("image/webp", ".webp"), ("image/x", ".bin")],
)
async def test_a_file_is_named_by_its_bytes_and_type(
    pictures: SqlitePictureStore, images: Path, media_type: str, extension: str
):
    await pictures.keep(JobId(1), 0, PictureData(b"fox", media_type, 1, 1))
    assert files(images) == [f"{FOX_SHA[:2]}/{FOX_SHA}{extension}"]
    assert await pictures.read(FOX_SHA) == b"fox"


async def test_equal_bytes_share_one_file(pictures: SqlitePictureStore, images: Path):
    await asyncio.gather(*(pictures.keep(JobId(n), p, FOX) for n in (1, 2) for p in range(4)))
    assert len(files(images)) == 1


async def test_a_spoilt_file_is_written_again(pictures: SqlitePictureStore, images: Path):
    await pictures.keep(JobId(1), 0, FOX)
    (images / files(images)[0]).write_bytes(b"")
    await pictures.keep(JobId(1), 0, FOX)
    assert await pictures.read(FOX_SHA) == b"fox"


async def test_a_file_that_vanished_is_said_to_be_gone(pictures: SqlitePictureStore, images: Path):
    await pictures.keep(JobId(1), 0, FOX)
    (images / files(images)[0]).unlink()
    with pytest.raises(StorageError, match="gone"):
        await pictures.read(FOX_SHA)


async def test_what_a_killed_process_left_is_swept(pictures: SqlitePictureStore, images: Path):
    await pictures.keep(JobId(1), 0, FOX)
    orphan = images / "ab" / f"ab{'0' * 62}.png"
    unfinished = images / "ab" / f"ab{'1' * 62}.png.1234.part"
    fresh = images / "ab" / f"ab{'2' * 62}.png.1234.part"
    orphan.parent.mkdir()
    for file in (orphan, unfinished, fresh):
        file.write_bytes(b"12345")
    yesterday = time.time() - 86_400
    os.utime(unfinished, (yesterday, yesterday))
    assert await pictures.sweep(**NEVER) == 5
    assert (orphan.exists(), unfinished.exists(), fresh.exists()) == (False, False, True)
    assert await pictures.read(FOX_SHA) == b"fox"


async def test_files_nobody_knows_stay(pictures: SqlitePictureStore, images: Path):
    images.mkdir()
    (images / "README").write_text("mine")
    await pictures.sweep(**NEVER)
    assert files(images) == ["README"]


async def test_a_sweep_before_the_first_picture_is_fine(pictures: SqlitePictureStore):
    assert await pictures.sweep(**NEVER) == 0


async def test_erasing_a_job_lets_its_file_go(
    pictures: SqlitePictureStore, database: Database, images: Path
):
    await pictures.keep(JobId(1), 0, FOX)
    await database.write(lambda tx: tx.execute("DELETE FROM jobs WHERE id = $1", 1))
    assert await pictures.of_job(JobId(1)) == []
    assert await pictures.sweep(**NEVER) == 3
    assert files(images) == []


async def test_a_file_removed_between_writing_it_and_its_row_is_written_again(
    pictures: SqlitePictureStore, database: Database, images: Path
):
    """The worst moment for a sweep: while the row waits for the transaction that sweeps."""

    def sweep_as_soon_as_it_is_there(_tx: object) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (found := list(images.rglob("*.png"))) and time.monotonic() < deadline:
            time.sleep(0.001)
        found[0].unlink()

    async with asyncio.TaskGroup() as group:
        group.create_task(database.write(sweep_as_soon_as_it_is_there))
        group.create_task(pictures.keep(JobId(1), 0, FOX))
    assert await pictures.read(FOX_SHA) == b"fox"


async def test_a_directory_that_cannot_be_written_is_said_in_words(
    pictures: SqlitePictureStore, images: Path
):
    images.write_text("a file in the way")
    with pytest.raises(StorageError, match="file"):
        await pictures.keep(JobId(1), 0, FOX)
    assert await pictures.of_job(JobId(1)) == []


async def test_a_file_finished_while_a_sweep_looks_at_it_does_not_end_the_sweep(
    pictures: SqlitePictureStore, images: Path
):
    unnamed = images / "ff" / f"{'f' * 64}.png"
    just_renamed = images / "ab" / f"ab{'1' * 62}.png.1234.part"
    for folder in (unnamed.parent, just_renamed.parent):
        folder.mkdir(parents=True)
    unnamed.write_bytes(b"nobody's")
    just_renamed.symlink_to(images / "nowhere")  # in the list of names, and not there any more

    assert await pictures.sweep(**NEVER) == len(b"nobody's")
