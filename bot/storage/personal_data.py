"""Exports and erases whatever is kept about a member, as `personal.py` declares it."""

from __future__ import annotations

import functools
import secrets
from collections.abc import AsyncGenerator, Callable, Sequence

from bot.domain.clock import Clock
from bot.domain.ids import JobId, UserId
from bot.domain.personal import NOBODY, Erasure, ExportedRows, Fate, Holding
from bot.domain.quota import WINDOW_MS
from bot.domain.request import build_request
from bot.storage.database import Database
from bot.storage.personal import ERASURES, JOBS, PERSONAL, SEARCH_INDEXES, SOURCES, exports
from bot.storage.personal_table import (
    Person,
    PersonalTable,
    delete_of_job,
    delete_some,
    first_page,
    key_of,
    next_page,
    reduce_some,
)
from bot.storage.scraps import merge_words, note_scraps
from bot.storage.transaction import Row, SqliteTransaction, SqlValue

PAGE_ROWS = 200

BATCH_ROWS = 20
"""Rows a transaction erases: whoever writes meanwhile waits for one or two such transactions."""

ASK = """
    INSERT INTO erasures (user_id, asked_at_ms) VALUES ($1, $2)
    ON CONFLICT (user_id) DO UPDATE SET asked_at_ms = excluded.asked_at_ms
"""

ASKED = "SELECT user_id, asked_at_ms FROM erasures ORDER BY asked_at_ms"

FULFIL = "DELETE FROM erasures WHERE user_id = $1 AND asked_at_ms <= $2"

MERGED_JOBS = 1_000
"""Of one member, whose words one step of a merge leaves out: it writes nothing meanwhile, and so
does not count them."""

SPARED_ONE_IN = 5

COUNT_JOBS = "SELECT count(*) AS jobs FROM jobs WHERE user_id = $1"

SOME_JOBS = """
    SELECT id FROM jobs
    WHERE user_id = $1 AND created_at_ms <= $3 AND finished_at_ms IS NOT NULL
        AND ($4 = 0 OR id % $4 > 0)
    LIMIT $2
"""

DELETE_JOB = "DELETE FROM jobs WHERE id = $1"

# The open ones first, by their own index: SQLite would look through all jobs of the member.
OPEN_JOBS = """
    SELECT id FROM jobs
    WHERE id IN (SELECT id FROM jobs WHERE user_id = $1 AND finished_at_ms IS NULL)
        AND created_at_ms <= $2
    ORDER BY id
"""

DISOWN = """
    UPDATE jobs SET
        user_id = $2, guild_id = 0, channel_id = 0, interaction_token = '', request = $3,
        model_id = NULL, output = '[]', used = NULL, end_detail = NULL, acknowledgement_id = NULL,
        message_id = NULL, message_channel_id = NULL
    WHERE id = $1 AND finished_at_ms IS NULL
"""

CHARGE = """
    UPDATE ledger SET settled_at_ms = $2
    WHERE job_id = $1 AND settled_at_ms IS NULL AND refunded_at_ms IS NULL
"""

SPENT_LONG_AGO = """
    DELETE FROM ledger WHERE job_id IN (
        SELECT job_id FROM ledger WHERE user_id = $1 AND reserved_at_ms <= $2 LIMIT $3
    )
"""

SPENT_OF_LATE = """
    SELECT job_id FROM ledger
    WHERE user_id = $1 AND job_id > 0 AND reserved_at_ms <= $2
    LIMIT $3
"""

RENUMBER = "UPDATE ledger SET job_id = $2 WHERE job_id = $1"

OUTDATED = """
    DELETE FROM ledger WHERE job_id IN (
        SELECT job_id FROM ledger WHERE job_id < 0 AND reserved_at_ms <= $1 LIMIT $2
    )
"""

_NOTHING_ASKED = build_request({"prompt": "(erased)", "model_id": "none", "seed": 0})

_OF_A_JOB = [
    delete_of_job(table)
    for table in PERSONAL
    if table.goes_with == JOBS.name or table is SOURCES  # another member's picture, perhaps
]

Step = Callable[[SqliteTransaction], int]


class SqlitePersonalStore:
    """A PersonalStore."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def holdings(self) -> Sequence[Holding]:
        """Return what is kept about members at all."""
        return [table.holding() for table in PERSONAL]

    async def rows_of(self, user_id: UserId) -> AsyncGenerator[ExportedRows]:
        """Yield every row about a member, kind after kind, a page at a time."""
        for name, table, person in exports():
            sql, after = first_page(table, person), tuple[SqlValue, ...]()
            while rows := await self._page(sql, user_id, *after):
                yield ExportedRows(name, [dict(row) for row in rows])
                sql, after = next_page(table, person), tuple(rows[-1][c] for c in key_of(table))

    async def _page(self, sql: str, user_id: UserId, *after: SqlValue) -> list[Row]:
        return await self._db.read_at_length(
            lambda tx: tx.fetch_all(sql, user_id, PAGE_ROWS, *after)
        )

    async def ask(self, erasure: Erasure) -> None:
        """Write down a wish to be erased; what is asked again counts from the later moment."""
        await self._db.write(lambda tx: tx.execute(ASK, erasure.user_id, erasure.asked_at_ms))

    async def asked(self) -> Sequence[Erasure]:
        """Return the wishes not yet fulfilled."""
        rows = await self._db.fetch_all(ASKED)
        return [Erasure(UserId(row["user_id"]), row["asked_at_ms"]) for row in rows]

    async def open_jobs(self, erasure: Erasure) -> Sequence[JobId]:
        """Return the member's unfinished jobs from before the wish."""
        rows = await self._db.fetch_all(OPEN_JOBS, erasure.user_id, erasure.asked_at_ms)
        return [JobId(row["id"]) for row in rows]

    async def disown(self, job_id: JobId) -> None:
        """Take everything about its member out of an unfinished job, which becomes nobody's."""
        now = self._clock.now_ms()
        await self._db.write(functools.partial(_disown, job_id=job_id, now_ms=now))

    async def erase(self, erasure: Erasure) -> int:
        """Delete or reduce the rows from before the wish; return how many."""
        rows = await self._erase_jobs(erasure)
        return rows + sum([await self._db.write_all(step) for step in self._steps(erasure)])

    async def _erase_jobs(self, erasure: Erasure) -> int:
        """Delete jobs in rounds, the words of each before the next.

        Those of jobs that a round spares are written again when the index is merged, which divides
        the merge into steps.
        """
        [(jobs,)] = await self._db.fetch_all(COUNT_JOBS, erasure.user_id)
        rows, spared_one_in = 0, SPARED_ONE_IN
        while jobs > MERGED_JOBS:
            rows += await self._db.write_all(_deletion_of_jobs(erasure, spared_one_in))
            await merge_words(self._db, SEARCH_INDEXES)
            jobs, spared_one_in = jobs // SPARED_ONE_IN, spared_one_in * SPARED_ONE_IN
        rows += await self._db.write_all(_deletion_of_jobs(erasure))
        await merge_words(self._db, SEARCH_INDEXES)
        return rows

    async def fulfil(self, erasure: Erasure) -> None:
        """Forget the wish, unless it was asked again since."""
        await self._db.write(functools.partial(_fulfil, erasure=erasure))

    async def tidy(self) -> int:
        """Delete nobody's finished jobs, and what erasures left of a day that is over."""
        now = self._clock.now_ms()
        nobodys = _deletion_of_jobs(Erasure(NOBODY, now))
        outdated = functools.partial(_outdated, before_ms=now - WINDOW_MS)
        rows = await self._db.write_all(nobodys) + await self._db.write_all(outdated)
        if rows:
            await self._db.write(note_scraps)
        return rows

    async def wipe(self) -> bool:
        """Empty the log of changes, where deleted rows can still be read; False: not just now."""
        return await self._db.empty_log()

    def _steps(self, erasure: Erasure) -> list[Step]:
        """Return what erasing consists of; each step is repeated until nothing is left to do."""
        day_ago = self._clock.now_ms() - WINDOW_MS
        return [
            *(
                _removal(table, person, erasure)
                for table in PERSONAL
                for person in table.people
                if (person.fate is Fate.DELETED or person.sets) and not table.goes_with
                if table not in (JOBS, ERASURES)
            ),
            functools.partial(_spent_long_ago, erasure=erasure, before_ms=day_ago),
            functools.partial(_spent_of_late, erasure=erasure),
        ]


def _deletion_of_jobs(erasure: Erasure, spared_one_in: int = 0) -> Step:
    """Delete jobs with all that belongs to them, whether the database would do that or not.

    By their ids, one in so many is spared, or none.
    """

    def step(tx: SqliteTransaction) -> int:
        rows = tx.fetch_all(
            SOME_JOBS, erasure.user_id, BATCH_ROWS, erasure.asked_at_ms, spared_one_in
        )
        for row in rows:
            for delete in (*_OF_A_JOB, DELETE_JOB):
                tx.execute(delete, row["id"])
        return len(rows)

    return step


def _removal(table: PersonalTable, person: Person, erasure: Erasure) -> Step:
    """Delete a member's rows, or take the member out of them."""
    make = reduce_some if person.sets else delete_some
    sql = make(table, person.column, person)
    moment = (erasure.asked_at_ms,) if person.moment else ()
    return lambda tx: tx.execute(sql, erasure.user_id, BATCH_ROWS, *moment)


def _spent_long_ago(tx: SqliteTransaction, erasure: Erasure, before_ms: int) -> int:
    return tx.execute(SPENT_LONG_AGO, erasure.user_id, before_ms, BATCH_ROWS)


def _spent_of_late(tx: SqliteTransaction, erasure: Erasure) -> int:
    """Give what counts for some hours yet a number of no meaning in the place of the job's."""
    rows = tx.fetch_all(SPENT_OF_LATE, erasure.user_id, erasure.asked_at_ms, BATCH_ROWS)
    for row in rows:
        tx.execute(RENUMBER, row["job_id"], -1 - secrets.randbits(62))
    return len(rows)


def _outdated(tx: SqliteTransaction, before_ms: int) -> int:
    return tx.execute(OUTDATED, before_ms, BATCH_ROWS)


def _disown(tx: SqliteTransaction, job_id: JobId, now_ms: int) -> int:
    touched = tx.execute(DISOWN, job_id, NOBODY, _NOTHING_ASKED.model_dump_json())
    if touched:
        tx.execute(CHARGE, job_id, now_ms)
        for sql in _OF_A_JOB:
            tx.execute(sql, job_id)
    return touched


def _fulfil(tx: SqliteTransaction, erasure: Erasure) -> None:
    tx.execute(FULFIL, erasure.user_id, erasure.asked_at_ms)
    note_scraps(tx)
