"""A process whose files may not grow for a while: what is left afterwards, as JSON."""

from __future__ import annotations

import asyncio
import contextlib
import json
import resource
import sys
from collections.abc import Generator
from pathlib import Path

from bot.domain.ids import JobId
from bot.domain.ports import PictureData
from bot.errors import StorageError
from bot.storage.database import Database
from bot.storage.jobs import SqliteJobStore
from bot.storage.pictures import SqlitePictureStore
from tests.factories.jobs import ALICE, accept
from tests.fakes.clock import FakeClock


@contextlib.contextmanager
def no_file_larger_than(size: int) -> Generator[None]:
    """Python ignores the signal that comes with it, so writes fail as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def main(directory: Path) -> None:
    clock = FakeClock()
    path = directory / "imagine.db"
    errors: list[str] = []
    async with Database.open(path) as database:
        jobs = SqliteJobStore(database, clock)
        pictures = SqlitePictureStore(database, directory / "images", clock)
        await accept(jobs, 1)
        picture = PictureData(b"x" * 500_000, "image/png", 1, 1)
        with no_file_larger_than(path.with_name("imagine.db-wal").stat().st_size + 40_000):
            for start in range(100, 1000, 20):
                results = await asyncio.gather(
                    *(accept(jobs, number) for number in range(start, start + 20)),
                    return_exceptions=True,
                )
                errors += [str(r) for r in results if isinstance(r, StorageError)]
            try:
                await pictures.keep(JobId(1), 0, picture)
            except StorageError as error:
                errors.append(str(error))
        leftovers = [str(file) for file in (directory / "images").rglob("*") if file.is_file()]
        accepted = len(await jobs.unfinished())
        reserved = (await jobs.quota_usage(ALICE, 0)).images
        await accept(jobs, 2000)
        await pictures.keep(JobId(1), 0, picture)
        report = {
            "errors": errors,
            "accepted": accepted,
            "reserved": reserved,
            "resumed": len(await jobs.unfinished()) - accepted,
            "leftovers": leftovers,
        }
    sys.stdout.write(json.dumps(report))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
