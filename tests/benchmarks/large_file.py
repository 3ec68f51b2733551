"""A database of a million rows, made quickly: jobs, their ledger, and pictures for half of them."""

from __future__ import annotations

import contextlib
import json
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from bot.domain.ids import UserId
from bot.storage.database import Database
from bot.storage.picture_files import file_name
from tests.factories.jobs import a_request
from tests.fakes.clock import NOON

JOBS = 400_000
MEMBERS = 2_000
ONE = UserId(1_250_000_000_000_000_001)
"""The member whose jobs lie scattered among all others'."""

JOBS_OF_ONE = 20_000
DAYS = 90
_DAY_MS = 24 * 60 * 60 * 1000
_WORDS = ("fox", "lake", "tower", "dusk", "neon", "oil", "castle", "river", "storm", "moss", "fog")

INSERT_JOB = """
    INSERT INTO jobs (
        id, user_id, guild_id, channel_id, application_id, interaction_token, can_post,
        can_read_history, upload_limit_bytes, request, images, status, fair_tag, created_at_ms,
        attempts, submitted_at_ms, provider_job_id, output, used, ready_at_ms, finished_at_ms,
        acknowledgement_id, message_id, told_at_ms
    )
    VALUES (?1, ?2, ?3, ?4, 7, ?5, 1, 1, 10485760, ?6, 1, 'delivered', ?7, ?8, 1, ?8, ?9, ?10,
        ?11, ?8, ?8, ?1 + 1, ?1 + 2, ?8)
"""

INSERT_LEDGER = """
    INSERT INTO ledger (job_id, user_id, guild_id, images, reserved_at_ms, settled_at_ms)
    VALUES (?1, ?2, ?3, 1, ?4, ?4)
"""

INSERT_PICTURE = """
    INSERT INTO pictures VALUES (?1, 0, ?2, 'image/png', 512, 512, ?3, 0, ?4)
"""


async def make_large_file(path: Path) -> None:
    """Fill a new database, and write a small file for each of the member's pictures."""
    async with Database.open(path):
        pass
    chance = random.Random(5)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        for number, user_id in enumerate(_owners(chance), 1):
            _insert(connection, chance, number, user_id, path.parent / "images")
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _owners(chance: random.Random) -> Iterator[UserId]:
    owners = [ONE] * JOBS_OF_ONE
    owners += [UserId(ONE + 1 + n % MEMBERS) for n in range(JOBS - JOBS_OF_ONE)]
    chance.shuffle(owners)
    yield from owners


def _insert(
    connection: sqlite3.Connection,
    chance: random.Random,
    number: int,
    user_id: UserId,
    directory: Path,
) -> None:
    job_id, guild_id = 1_300_000_000_000_000_000 + (number << 22), 10 + number % 50
    moment = NOON - DAYS * _DAY_MS + number * (DAYS * _DAY_MS // JOBS)
    prompt = " ".join(chance.choices(_WORDS, k=25))
    asked = (job_id, user_id, guild_id, guild_id + 1000, "t" * 200, _request(prompt, number))
    done = (
        f"{number}",
        f'["https://images.example/{job_id}-0.png"]',
        json.dumps({"prompt": prompt}),
    )
    connection.execute(INSERT_JOB, (*asked, number, moment, *done))
    connection.execute(INSERT_LEDGER, (job_id, user_id, guild_id, moment))
    if number % 2 == 0:
        sha256 = f"{chance.getrandbits(256):064x}"
        connection.execute(INSERT_PICTURE, (job_id, sha256, 8, moment))
        if user_id == ONE:
            _write(directory / sha256[:2] / file_name(sha256, "image/png"))


_TEMPLATE = a_request(prompt="PROMPT").model_dump_json()


def _request(prompt: str, seed: int) -> str:
    return _TEMPLATE.replace("PROMPT", prompt).replace('"seed":7', f'"seed":{seed}')


def _write(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"picture!")
