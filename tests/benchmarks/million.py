"""A database of a million finished jobs with their ledger, made once for a run of benchmarks."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bot.domain.clock import SystemClock
from bot.domain.ids import first_id_at
from bot.storage import search_terms
from bot.storage.database import Database
from bot.storage.migrate import known_migrations
from tests.factories.jobs import a_request

ROWS = 1_000_000
USERS = 20_000
GUILDS = 500
HEAVY = 1
"""A member with one row in fifty: twenty thousand of a million."""

DAYS = 90
_CHUNK = 20_000
_WORDS = (
    *("fox", "lighthouse", "storm", "harbour", "castle", "dragon", "portrait", "forest", "neon"),
    *("city", "rain", "river", "mountain", "robot", "garden", "winter", "sunset", "ocean"),
    *("cathedral", "market", "violin", "desert", "bridge", "tiger", "astronaut"),
)
"""Each is in one prompt of five."""

_SYLLABLES = [first + second for first in "bdfgklmnprstvz" for second in "aeiou"]
_TAIL = 12
"""How many rarer words a prompt has besides."""

_INSERT_JOB = """
    INSERT INTO jobs (
        id, user_id, guild_id, channel_id, application_id, interaction_token, can_post,
        can_read_history, upload_limit_bytes, request, images, status, fair_tag, created_at_ms,
        attempts, submitted_at_ms, ready_at_ms, finished_at_ms, message_id, told_at_ms, end_reason
    )
    VALUES (?, ?, ?, 5, 6, '', 1, 1, 10485760, ?, ?, ?, 0, ?, 1, ?, ?, ?, ?, ?, ?)
"""

_INSERT_LEDGER = """
    INSERT INTO ledger (
        job_id, user_id, guild_id, images, reserved_at_ms, settled_at_ms, refunded_at_ms
    )
    VALUES (?, ?, ?, ?, ?, ?, ?)
"""


async def million(rows: int = ROWS) -> Path:
    """Return a data directory with so many jobs; made anew where this run has none yet."""
    day = SystemClock().now_ms() // 86_400_000
    version = known_migrations()[-1].version
    directory = Path(tempfile.gettempdir()) / f"imagine-bench-{rows}-v{version}-{day}"
    path = directory / "imagine.db"
    if not (directory / "complete").exists():
        directory.mkdir(exist_ok=True)
        path.unlink(missing_ok=True)
        async with Database.open(path):
            pass
        _fill(path, rows)
        (directory / "complete").touch()
    return directory


def user_of(number: int) -> int:
    """Return the member of a job: one in fifty is the heavy one's."""
    return HEAVY if number % 50 == 0 else 2 + number % USERS


def rare_word(number: int) -> str:
    """Return one of some hundred thousand words, the lower numbers short and the others longer."""
    word = ""
    while number >= 0:
        number, syllable = divmod(number, len(_SYLLABLES))
        word += _SYLLABLES[syllable]
        number -= 1
    return word


def _fill(path: Path, rows: int) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    search_terms.add_to(connection)
    connection.execute("PRAGMA synchronous = OFF")
    now = SystemClock().now_ms()
    for start in range(1, rows + 1, _CHUNK):
        numbers = range(start, min(start + _CHUNK, rows + 1))
        connection.execute("BEGIN")
        connection.executemany(_INSERT_JOB, _jobs(numbers, rows, now))
        connection.executemany(_INSERT_LEDGER, _ledger(numbers, rows, now))
        connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.close()


def _created(number: int, rows: int, now: int) -> int:
    return now - (rows - number) * DAYS * 86_400_000 // rows


def id_of(number: int, created_at_ms: int) -> int:
    """Return a snowflake, as Discord gives them."""
    return first_id_at(created_at_ms) + number % (1 << 22)


def prompt_of(number: int) -> str:
    """Return 17 words: five common ones, rarer ones the longer the list, and the number itself."""
    common = [_WORDS[(number * step) % len(_WORDS)] for step in (1, 3, 7, 11, 13)]
    tail = [rare_word(number * step % (97 << step)) for step in range(1, _TAIL)]
    return " ".join([*common, *tail, str(number)])


def _jobs(numbers: range, rows: int, now: int) -> Iterator[tuple[object, ...]]:
    template = json.loads(a_request().model_dump_json())
    for number in numbers:
        prompt = prompt_of(number)
        request = json.dumps({**template, "prompt": prompt, "seed": number})
        created, failed = _created(number, rows, now), number % 20 == 0
        took = 5_000 + number % 60_000
        yield (
            id_of(number, created),
            user_of(number),
            1 + number % GUILDS,
            request,
            1 + number % 4,
            "failed" if failed else "delivered",
            created,
            created + 500,
            created + took,
            created + took + 300,
            None if failed else 10**18 + number,
            created + took + 300,
            "api_failed" if failed else None,
        )


def _ledger(numbers: range, rows: int, now: int) -> Iterator[tuple[object, ...]]:
    for number in numbers:
        created, failed = _created(number, rows, now), number % 20 == 0
        ended = created + 70_000
        yield (
            id_of(number, created),
            user_of(number),
            1 + number % GUILDS,
            1 + number % 4,
            created,
            None if failed else ended,
            ended if failed else None,
        )
