"""Every query that grows with the tables uses the index made for it."""

from __future__ import annotations

import itertools

import pytest

from bot.storage import jobs, pictures, stats
from bot.storage.database import Database
from bot.storage.transaction import SqlValue, count_placeholders

PLANS: list[tuple[str, str, list[str]]] = [
    ("unfinished", jobs.UNFINISHED, ["jobs_at_provider", "jobs_queued"]),
    ("untold", jobs.UNTOLD, ["jobs_untold"]),
    ("overdue", jobs.OVERDUE, ["COVERING INDEX jobs_queued"]),
    ("place", jobs.PLACE, ["SEARCH", "COVERING INDEX jobs_queued"]),
    ("head", jobs.HEAD, ["COVERING INDEX jobs_queued"]),
    ("history", jobs.OF_USER, ["jobs_of_user"]),
    ("unfinished of user", jobs.UNFINISHED_OF_USER, ["SEARCH", "COVERING INDEX jobs_open_of_user"]),
    ("reservations", jobs.RESERVATIONS, ["SEARCH", "COVERING INDEX ledger_of_user"]),
    ("pictures of a job", pictures.OF_JOB, ["SEARCH", "PRIMARY KEY"]),
    ("types of a file", pictures.TYPES_OF_FILE, ["SEARCH", "COVERING INDEX pictures_by_file"]),
    ("folder", pictures.IN_FOLDER, ["SEARCH", "COVERING INDEX pictures_by_file"]),
    ("open in server", stats.OPEN, ["SEARCH", "COVERING INDEX jobs_open_in_guild"]),
    ("old pictures", pictures.FORGET_OLD, ["SEARCH", "pictures_by_age"]),
]
SORTING_IS_FINE = {"overdue", "unfinished"}


@pytest.mark.parametrize(("name", "sql", "expected"), PLANS, ids=[name for name, *_ in PLANS])
async def test_the_plan(database: Database, name: str, sql: str, expected: list[str]):
    args: list[SqlValue] = [1] * count_placeholders(sql)
    rows = await database.fetch_all(f"EXPLAIN QUERY PLAN {sql}", *args)
    plan = "\n".join(row["detail"] for row in rows)
    assert all(part in plan for part in expected), plan
    assert "SCAN jobs\n" not in f"{plan}\n"
    if name not in SORTING_IS_FINE:
        assert "TEMP B-TREE" not in plan, plan


SUMMED = {
    "ends by day": stats.ENDS_BY_DAY,
    "ends by hour": stats.ENDS_BY_HOUR,
    "models": stats.MODELS,
    "members": stats.MEMBERS,
    "waits": stats.WAITS,
}
ONE_SERVER_S_DAYS = "INDEX jobs_ended_in_guild (guild_id=? AND created_day>? AND created_day<?)"


@pytest.mark.parametrize("sql", SUMMED.values(), ids=SUMMED)
async def test_statistics_look_at_one_server_s_days_and_never_at_the_rows(
    database: Database, sql: str
):
    """Not every SQLite calls an index of computed columns covering: its program tells."""
    args: list[SqlValue] = [1] * count_placeholders(sql)
    plan = [row["detail"] for row in await database.fetch_all(f"EXPLAIN QUERY PLAN {sql}", *args)]
    assert sum(step.endswith(ONE_SERVER_S_DAYS) for step in plan) == 1, plan
    assert not any("SCAN jobs" in step for step in plan), plan

    table = await database.fetch_one("SELECT rootpage FROM sqlite_master WHERE name = 'jobs'")
    assert table is not None
    program = await database.fetch_all(f"EXPLAIN {sql}", *args)
    of_rows = {s["p1"] for s in program if (s["opcode"], s["p2"]) == ("OpenRead", table[0])}
    read_from = {step["p1"] for step in program if step["opcode"] == "Column"}
    assert read_from
    assert not of_rows & read_from


async def test_the_sums_of_a_month_sort_no_jobs_but_sums(database: Database):
    for sql in (stats.ENDS_BY_DAY, stats.MODELS):
        args: list[SqlValue] = [1] * count_placeholders(sql)
        rows = await database.fetch_all(f"EXPLAIN QUERY PLAN {sql}", *args)
        over_jobs = itertools.takewhile(
            lambda step: step != "SCAN by_day", (r["detail"] for r in rows)
        )
        assert not any("TEMP B-TREE" in step for step in over_jobs)
