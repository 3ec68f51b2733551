"""A process that erases a member and is killed just before a statement: `path words number`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from bot.domain.personal import Erasure
from bot.jobs.lifecycle import JobLifecycle
from bot.privacy.erasures import Erasures
from bot.storage import personal_data
from bot.storage.database import Database
from bot.storage.jobs import SqliteJobStore
from bot.storage.personal_data import SqlitePersonalStore
from bot.storage.pictures import SqlitePictureStore
from bot.storage.scraps import clear_scraps
from tests.factories.jobs import ALICE
from tests.fakes.clock import NOON, FakeClock


async def main(path: Path, words: str, number: int) -> None:
    seen = 0

    def kill_before(statement: str) -> None:
        nonlocal seen
        seen += words in statement
        if words and seen == number:
            os.kill(os.getpid(), signal.SIGKILL)

    personal_data.BATCH_ROWS = 2
    clock = FakeClock()
    async with Database.open(path) as database:
        await clear_scraps(database)
        store = SqlitePersonalStore(database, clock)
        erasures = Erasures(
            store=store,
            pictures=SqlitePictureStore(database, path.parent / "images", clock),
            lifecycle=JobLifecycle(SqliteJobStore(database, clock)),
            clock=clock,
        )
        await database._writer.set_trace_callback(kill_before)
        if words:
            await store.ask(Erasure(ALICE, NOON))
        await erasures.work_off()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
