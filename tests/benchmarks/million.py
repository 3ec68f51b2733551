"""A data directory with a million finished jobs of one month, made once for a run of benchmarks.

Servers and members are as unequal as they are: one server has a tenth of the jobs, one half, and a
thousand share the rest. One member asked for one picture in fifty, all over.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import shutil
import sqlite3
import tempfile
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.domain.clock import SystemClock
from bot.domain.ids import GuildId, UserId, first_id_at
from bot.domain.stats import DAY_MS
from bot.storage import search_terms
from bot.storage.database import Database
from bot.storage.migrate import known_migrations
from bot.storage.picture_files import file_name
from tests.factories.jobs import a_request

JOBS = 1_000_000
DAYS = 30
BUSY, HUGE = GuildId(1), GuildId(2)
"""Servers with a tenth and with half of the jobs."""

MEMBERS = 2_000
"""Of each server; a few ask for most."""

HEAVY = UserId(1_250_000_000_000_000_001)
"""A member with one row in fifty: twenty thousand of a million."""

_CHUNK = 20_000
_MODELS = 60
_MEDIA_TYPE = "image/png"
_ENDS = (
    *[("delivered", None)] * 90,
    *[("failed", "api_failed")] * 3,
    *[("failed", "pictures_lost")] * 2,
    *[("refused", "api_rejected")] * 2,
    *[("cancelled", "cancelled")] * 2,
    ("expired", "timed_out"),
)
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
        can_read_history, upload_limit_bytes, request, model_id, images, status, end_reason,
        fair_tag, created_at_ms, attempts, submitted_at_ms, provider_job_id, output, used,
        ready_at_ms, finished_at_ms, acknowledgement_id, message_id, told_at_ms
    )
    VALUES (?, ?, ?, 5, 6, ?, 1, 1, 10485760, ?, ?, ?, ?, ?, 0, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

_INSERT_LEDGER = """
    INSERT INTO ledger (
        job_id, user_id, guild_id, images, reserved_at_ms, settled_at_ms, refunded_at_ms
    )
    VALUES (?, ?, ?, ?, ?, ?, ?)
"""

_INSERT_PICTURE = "INSERT INTO pictures VALUES (?, 0, ?, ?, 512, 512, ?, 0, ?)"


@dataclass(frozen=True, slots=True)
class _Past:
    """One job as it went."""

    number: int
    id: int
    user_id: int
    guild_id: int
    model_id: str
    images: int
    status: str
    end_reason: str | None
    asked_at_ms: int
    ready_at_ms: int

    @property
    def is_delivered(self) -> bool:
        return self.status == "delivered"


async def million(jobs: int = JOBS) -> Path:
    """Return a data directory with so many jobs; made anew where this run has none yet."""
    day = SystemClock().now_ms() // DAY_MS
    version = known_migrations()[-1].version
    directory = Path(tempfile.gettempdir()) / f"imagine-bench-{jobs}-v{version}-{day}"
    if not (directory / "complete").exists():
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir()
        async with Database.open(directory / "imagine.db"):
            pass
        _fill(directory, jobs)
        (directory / "complete").touch()
    return directory


@contextlib.asynccontextmanager
async def copy_of_million() -> AsyncGenerator[Path]:
    """Return a copy of the data directory, to be changed, until the context ends."""
    source = await million()
    with tempfile.TemporaryDirectory(prefix="imagine-bench-") as directory:
        await asyncio.to_thread(shutil.copytree, source, directory, dirs_exist_ok=True)
        await asyncio.to_thread(os.sync)  # or writing the copy would be measured as well
        yield Path(directory)


def member_of(guild: GuildId, number: int) -> UserId:
    """Return the id of one of a server's members; the lower the number, the more they ask."""
    return UserId(10**17 + guild * 10_000 + number)


def rare_word(number: int) -> str:
    """Return one of some hundred thousand words, the lower numbers short and the others longer."""
    word = ""
    while number >= 0:
        number, syllable = divmod(number, len(_SYLLABLES))
        word += _SYLLABLES[syllable]
        number -= 1
    return word


def _fill(directory: Path, jobs: int) -> None:
    chance = random.Random(1)
    now_ms = SystemClock().now_ms()
    with contextlib.closing(
        sqlite3.connect(directory / "imagine.db", isolation_level=None)
    ) as connection:
        search_terms.add_to(connection)
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -400000")
        for start in range(1, jobs + 1, _CHUNK):
            numbers = range(start, min(start + _CHUNK, jobs + 1))
            past = [_past(number, jobs, now_ms, chance) for number in numbers]
            connection.execute("BEGIN")
            connection.executemany(_INSERT_JOB, map(_job_row, past))
            connection.executemany(_INSERT_LEDGER, map(_ledger_row, past))
            connection.executemany(_INSERT_PICTURE, _picture_rows(past, directory, chance))
            connection.execute("COMMIT")
        connection.execute("ANALYZE")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _past(number: int, jobs: int, now_ms: int, chance: random.Random) -> _Past:
    asked_at_ms = now_ms - (jobs - number) * DAYS * DAY_MS // jobs
    guild, member = _guild(chance.random()), int(MEMBERS * chance.random() ** 3)
    status, reason = chance.choice(_ENDS)
    return _Past(
        number=number,
        id=first_id_at(asked_at_ms) + chance.getrandbits(22),
        user_id=HEAVY if number % 50 == 0 else member_of(guild, member),
        guild_id=guild,
        model_id=f"model-{_model_of(member, chance)}",
        images=1 + number % 4,
        status=status,
        end_reason=reason,
        asked_at_ms=asked_at_ms,
        ready_at_ms=asked_at_ms + int(2_000 + 20_000 * chance.random() ** 4),
    )


def _guild(luck: float) -> GuildId:
    if luck < 0.1:
        return BUSY
    return HUGE if luck < 0.6 else GuildId(3 + int(1000 * (luck - 0.6) / 0.4))


def _model_of(member: int, chance: random.Random) -> int:
    """Most members have a model they like and now and then try another."""
    return member % 7 if chance.random() < 0.8 else int(_MODELS * chance.random() ** 2)


def _prompt_of(number: int) -> str:
    """Return 17 words: five common ones, rarer ones the longer the list, and the number itself."""
    common = [_WORDS[(number * step) % len(_WORDS)] for step in (1, 3, 7, 11, 13)]
    tail = [rare_word(number * step % (97 << step)) for step in range(1, _TAIL)]
    return " ".join([*common, *tail, str(number)])


_TEMPLATE = json.loads(a_request().model_dump_json())


def _job_row(job: _Past) -> tuple[object, ...]:
    prompt = _prompt_of(job.number)
    asked = {**_TEMPLATE, "prompt": prompt, "seed": job.number, "model_id": job.model_id}
    told_at_ms = job.ready_at_ms + 500
    return (
        job.id,
        job.user_id,
        job.guild_id,
        "t" * 200,
        json.dumps(asked),
        job.model_id,
        job.images,
        job.status,
        job.end_reason,
        job.asked_at_ms,
        job.asked_at_ms + 300,
        str(job.number),
        json.dumps([f"https://images.example/{job.id}-0.png"]),
        json.dumps({"prompt": prompt}),
        job.ready_at_ms,
        told_at_ms,
        job.id + 1,
        job.id + 2 if job.is_delivered else None,
        told_at_ms,
    )


def _ledger_row(job: _Past) -> tuple[object, ...]:
    ended = job.ready_at_ms + 500
    return (
        job.id,
        job.user_id,
        job.guild_id,
        job.images,
        job.asked_at_ms,
        ended if job.is_delivered else None,
        None if job.is_delivered else ended,
    )


def _picture_rows(
    past: list[_Past], directory: Path, chance: random.Random
) -> Iterator[tuple[object, ...]]:
    """Yield the pictures that are still kept, one job's in ten, and write the heavy member's."""
    for job in past:
        if job.is_delivered and job.number % 10 == 0:  # the heavy member's are in there
            sha256 = f"{chance.getrandbits(256):064x}"
            if job.user_id == HEAVY:
                _write(directory / "images" / sha256[:2] / file_name(sha256, _MEDIA_TYPE))
            yield job.id, sha256, _MEDIA_TYPE, len(_PICTURE), job.asked_at_ms


_PICTURE = b"picture!"


def _write(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_PICTURE)
