"""Every query that grows with the tables uses the index made for it."""

from __future__ import annotations

import pytest

from bot.storage import (
    accepting,
    drafts,
    grants,
    history,
    jobs,
    kept_files,
    ledger,
    personal_data,
    pictures,
    sources,
    stats,
)
from bot.storage.database import Database
from bot.storage.transaction import SqlValue, count_placeholders

ENDED_IN_SERVER = (
    "SEARCH jobs USING COVERING INDEX jobs_ended_in_guild (guild_id=? AND <expr>>? AND <expr><?)"
)

PLANS: list[tuple[str, str, list[str]]] = [
    ("unfinished", jobs.UNFINISHED, ["jobs_at_provider", "jobs_queued"]),
    ("untold", jobs.UNTOLD, ["jobs_untold"]),
    ("overdue", jobs.OVERDUE, ["COVERING INDEX jobs_queued"]),
    ("place", jobs.PLACE, ["SEARCH", "COVERING INDEX jobs_queued"]),
    ("head", jobs.HEAD, ["COVERING INDEX jobs_queued"]),
    ("all of a user", jobs.OF_USER, ["jobs_of_user"]),
    (
        "history",
        history.OLDER,
        ["SEARCH jobs USING INDEX jobs_of_user (user_id=? AND id>? AND id<?)"],
    ),
    ("newer history", history.NEWER, ["SEARCH jobs USING INDEX jobs_of_user"]),
    ("to be indexed", history.ANY_DUE, ["COVERING INDEX jobs_search_due"]),
    ("to be indexed of a user", history.DUE_OF_USER, ["SEARCH", "COVERING INDEX jobs_search_due"]),
    ("indexed", history.INDEX_SOME, ["COVERING INDEX jobs_search_due"]),
    ("indexed of a user", history.INDEX_OF_USER, ["SEARCH", "jobs_search_due"]),
    (
        "open of a user",
        personal_data.OPEN_JOBS,
        ["SEARCH jobs USING INTEGER PRIMARY KEY", "SEARCH jobs USING COVERING INDEX jobs_open_of"],
    ),
    (
        "search",
        history.OLDER_MATCHING,
        ["VIRTUAL TABLE INDEX", "SEARCH jobs USING INTEGER PRIMARY KEY"],
    ),
    ("newer search", history.NEWER_MATCHING, ["VIRTUAL TABLE INDEX", "SEARCH jobs USING INTEGER"]),
    ("deleted message", history.OF_MESSAGE, ["SEARCH", "jobs_by_message"]),
    ("marked message", history.MESSAGE_DELETED, ["SEARCH", "jobs_by_message"]),
    ("old filters", history.DROP_FILTERS, ["SEARCH", "history_filters_by_age"]),
    ("open jobs of user", jobs.OPEN_OF_USER, ["SEARCH", "INDEX jobs_open_of_user"]),
    ("old drafts", drafts.DROP_OLD, ["SEARCH", "drafts_by_age"]),
    ("unfinished of user", jobs.UNFINISHED_OF_USER, ["SEARCH", "COVERING INDEX jobs_open_of_user"]),
    (
        "standing",
        accepting.STANDING,
        [
            "SEARCH jobs USING INTEGER PRIMARY KEY",
            "SEARCH jobs USING COVERING INDEX jobs_open_of_user",
            "SEARCH ledger USING COVERING INDEX ledger_of_user",
            "SEARCH ledger USING COVERING INDEX ledger_of_guild",
        ],
    ),
    ("a member's images", ledger.MEMBER_SPENT, ["SEARCH", "COVERING INDEX ledger_of_user"]),
    ("a server's images", ledger.SERVER_SPENT, ["SEARCH", "COVERING INDEX ledger_of_guild"]),
    ("reservations", ledger.OF_MEMBER, ["SEARCH", "COVERING INDEX ledger_of_user"]),
    ("reservations here", ledger.OF_MEMBER_HERE, ["SEARCH", "COVERING INDEX ledger_of_user"]),
    ("reservations of a server", ledger.OF_SERVER, ["SEARCH", "COVERING INDEX ledger_of_guild"]),
    (
        "grants",
        ledger.GRANTS,
        [
            "SEARCH grants USING INDEX grants_of_user",
            "SEARCH used USING PRIMARY KEY",
            "SEARCH ledger USING INTEGER PRIMARY KEY",
        ],
    ),
    ("reset", grants.WAIVE, ["SEARCH ledger USING INDEX ledger_of_user"]),
    ("pictures of a job", pictures.OF_JOB, ["SEARCH", "PRIMARY KEY"]),
    ("types of a file", kept_files.TYPES_OF_FILE, ["SEARCH", "COVERING INDEX pictures_by_file"]),
    ("folder", kept_files.IN_FOLDER, ["SEARCH", "COVERING INDEX pictures_by_file"]),
    ("ends by day", stats.ENDS_BY_DAY, [ENDED_IN_SERVER]),
    ("ends by hour", stats.ENDS_BY_HOUR, [ENDED_IN_SERVER]),
    ("models", stats.MODELS, [ENDED_IN_SERVER, "SCAN by_day"]),
    ("members", stats.MEMBERS, [ENDED_IN_SERVER]),
    ("waits", stats.WAITS, [ENDED_IN_SERVER]),
    ("open in server", stats.OPEN, ["SEARCH", "COVERING INDEX jobs_open_in_guild"]),
    (
        "bytes in a folder",
        kept_files.BYTES_IN_FOLDER,
        ["SEARCH", "COVERING INDEX pictures_by_file"],
    ),
    ("old pictures", pictures.FORGET_OLD, ["SEARCH", "pictures_by_age"]),
    ("oldest pictures", pictures.OLDEST, ["SEARCH", "pictures_by_age"]),
    ("a file", pictures.FORGET_FILE, ["SEARCH", "pictures_by_file"]),
    (
        "old sources",
        pictures.FORGET_OLD_SOURCES,
        ["SEARCH", "sources_by_age", "jobs USING INTEGER"],
    ),
    ("a source's file", pictures.FORGET_SOURCE_FILE, ["SEARCH", "sources_by_file"]),
    ("sources of a job", sources.OF_JOB, ["SEARCH", "PRIMARY KEY"]),
    ("a source for another job", sources.HOLD, ["SEARCH", "sources_by_file"]),
]
SORTING_IS_FINE = {
    "a source for another job",
    "overdue",
    "unfinished",
    "ends by hour",
    "models",
    "members",
    "waits",
}


@pytest.mark.parametrize(("name", "sql", "expected"), PLANS, ids=[name for name, *_ in PLANS])
async def test_the_plan(database: Database, name: str, sql: str, expected: list[str]):
    args: list[SqlValue] = [1] * count_placeholders(sql)
    explain = f"EXPLAIN QUERY PLAN {sql}"
    rows = await database.between_writes(lambda tx: tx.fetch_all(explain, *args))
    plan = "\n".join(row["detail"] for row in rows)
    assert all(part in plan for part in expected), plan
    assert "SCAN jobs\n" not in f"{plan}\n"
    if name not in SORTING_IS_FINE:
        assert "TEMP B-TREE" not in plan, plan


async def test_models_are_sorted_when_their_days_are_summed_up(database: Database):
    args: list[SqlValue] = [1] * count_placeholders(stats.MODELS)
    rows = await database.fetch_all(f"EXPLAIN QUERY PLAN {stats.MODELS}", *args)
    plan = [row["detail"] for row in rows]
    assert not any("TEMP B-TREE" in step for step in plan[: plan.index("SCAN by_day")])
