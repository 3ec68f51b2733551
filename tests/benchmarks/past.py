"""A database with the last month of many unequal servers, by inserting finished jobs directly."""

from __future__ import annotations

import contextlib
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from bot.domain.ids import GuildId
from bot.domain.stats import DAY_MS
from bot.storage import search_terms
from bot.storage.database import Database
from tests.factories.jobs import a_request

JOBS = 1_000_000
DAYS = 30
BUSY, HUGE = GuildId(1), GuildId(2)
"""Servers with a tenth and with half of the jobs; a thousand share the rest."""

MEMBERS = 2_000
"""Of each server; a few ask for most."""

_MODELS = 60
_ENDS = (
    *[("delivered", None)] * 90,
    *[("failed", "api_failed")] * 3,
    *[("failed", "pictures_lost")] * 2,
    *[("refused", "api_rejected")] * 2,
    *[("cancelled", "cancelled")] * 2,
    ("expired", "timed_out"),
)

_INSERT = """
    INSERT INTO jobs (
        id, user_id, guild_id, channel_id, application_id, interaction_token, can_post,
        can_read_history, upload_limit_bytes, request, model_id, images, status, end_reason,
        fair_tag, created_at_ms, submitted_at_ms, ready_at_ms, finished_at_ms, told_at_ms
    )
    VALUES (?, ?, ?, 2, 3, ?, 1, 1, 10485760, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


async def build(path: Path, now_ms: int) -> None:
    """Make a database of this program's version and fill it."""
    async with Database.open(path):
        pass
    with contextlib.closing(sqlite3.connect(path)) as connection:
        search_terms.add_to(connection)
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -400000")
        connection.executemany(_INSERT, _rows(now_ms))
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def member_of(guild: GuildId, number: int) -> int:
    """Return the id of one of a server's members; the lower the number, the more they ask."""
    return 10**17 + guild * 10_000 + number


def _rows(now_ms: int) -> Iterator[tuple[object, ...]]:
    rng = random.Random(1)
    requests = [
        a_request(prompt="a lighthouse at dusk, " * 6, model_id=f"model-{n}").model_dump_json()
        for n in range(_MODELS)
    ]
    token = "t" * 200
    step_ms = DAYS * DAY_MS / JOBS
    for number in range(JOBS):
        at_ms = now_ms - int((JOBS - number) * step_ms)
        guild, member = _guild(rng.random()), int(MEMBERS * rng.random() ** 3)
        model = _model_of(member, rng)
        status, reason = _ENDS[int(len(_ENDS) * rng.random())]
        ready_ms = at_ms + int(2_000 + 20_000 * rng.random() ** 4)
        yield (
            number + 1,
            member_of(guild, member),
            guild,
            token,
            requests[model],
            f"model-{model}",
            1 + number % 4,
            status,
            reason,
            number,
            at_ms,
            at_ms + 300,
            ready_ms,
            ready_ms + 500,
            ready_ms + 500,
        )


def _guild(luck: float) -> GuildId:
    if luck < 0.1:
        return BUSY
    return HUGE if luck < 0.6 else GuildId(3 + int(1000 * (luck - 0.6) / 0.4))


def _model_of(member: int, rng: random.Random) -> int:
    """Most members have a model they like and now and then try another."""
    return member % 7 if rng.random() < 0.8 else int(_MODELS * rng.random() ** 2)
