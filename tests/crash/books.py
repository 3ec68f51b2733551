"""What became of every job, in the words of all who know: Discord, the database, the image API."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.sandbox.jobs import Job as Submission
from bot.sandbox.jobs import JobState
from tests.discord_server import BOT_ID, InteractionRecord, MessageRecord, RemoteDiscord

EPHEMERAL = 64
OPEN = frozenset({"queued", "submitting", "processing", "ready"})
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One job: what was asked and told in Discord, stored by the bot, and sent to the API."""

    id: int
    asked: InteractionRecord | None
    row: Row | None
    ledger: Row | None
    shown: Sequence[MessageRecord]
    """Messages of the bot with the job's id on a button, the acknowledgement excepted."""
    acknowledgement: MessageRecord | None
    submissions: Sequence[Submission]

    @property
    def was_told_queued(self) -> bool:
        """Whether Discord recorded the acknowledgement; refusals are ephemeral."""
        answer = self.asked.answer if self.asked and self.asked.answer_type == 4 else None
        return answer is not None and not answer.get("flags", 0) & EPHEMERAL

    @property
    def status(self) -> str:
        """Where the row stands."""
        return self.row["status"] if self.row else "lost"

    @property
    def taken_back(self) -> bool:
        """Whether the member pressed Cancel in time: then nothing is to be shown."""
        row = self.row
        return row is not None and (
            row["status"] == "cancelled" or row["cancel_requested_at_ms"] is not None
        )

    @property
    def cost(self) -> int:
        """What it takes of the quota."""
        return self.row["images"] + self.row["surcharge"] if self.row else 0

    @property
    def is_charged(self) -> bool:
        """Whether the pictures were delivered, or taken back when the API had the job.

        One whose submission was lost is put back and free again, unless a late webhook brings it.
        """
        row = self.row
        if row is None:
            return False
        had_it = row["submitted_at_ms"] is not None or row["ready_at_ms"] is not None
        return row["status"] == "delivered" or (row["status"] == "cancelled" and had_it)


def rows_of(database: Path, table: str) -> list[Row]:
    """Read a table of a bot that runs or does not."""
    with contextlib.closing(sqlite3.connect(database, timeout=10)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]


async def entries(
    discord: RemoteDiscord, database: Path, submissions: Sequence[Submission]
) -> list[Entry]:
    """Bring together what is known of every job."""
    rows = {row["id"]: row for row in rows_of(database, "jobs")}
    ledger = {row["job_id"]: row for row in rows_of(database, "ledger")}
    asked = {each.id: each for each in await discord.interactions("imagine")}
    by_track: dict[int, list[Submission]] = defaultdict(list)
    for submission in submissions:
        by_track[int(submission.parameters.track_id)].append(submission)
    messages = await discord.messages_with_custom_id("imagine:")
    shown = _by_job(messages, asked)
    acknowledgements = {i.message_id: i.id for i in asked.values() if i.message_id}
    told = {acknowledgements[m.id]: m for m in messages if m.id in acknowledgements}
    return [
        Entry(
            id=job_id,
            asked=asked.get(job_id),
            row=rows.get(job_id),
            ledger=ledger.get(job_id),
            shown=shown[job_id],
            acknowledgement=told.get(job_id),
            submissions=by_track[job_id],
        )
        for job_id in sorted(rows.keys() | asked.keys())
    ]


def _by_job(
    messages: Sequence[MessageRecord], asked: dict[int, InteractionRecord]
) -> dict[int, list[MessageRecord]]:
    found: dict[int, list[MessageRecord]] = defaultdict(list)
    for message in messages:
        job_id = int(message.custom_ids[0].rpartition(":")[2])
        told = asked[job_id].message_id if job_id in asked else None
        is_open_acknowledgement = message.id == told and not message.files
        if message.author_id == BOT_ID and not is_open_acknowledgement:
            found[job_id].append(message)
    return found


def peak(submissions: Sequence[Submission]) -> int:
    """Return the most submissions that were at the API together."""
    moves = [(s.taken_at, 1) for s in submissions]
    moves += [(end_of(s), -1) for s in submissions]
    level = highest = 0
    for _, change in sorted(moves):
        level += change
        highest = max(highest, level)
    return highest


def end_of(submission: Submission) -> float:
    """Return when the API was done with it; never, for one under way."""
    if submission.state is JobState.PROCESSING:
        return float("inf")
    return submission.taken_at + submission.generation_seconds


def transcript(entry: Entry, log: Path, requests: Sequence[str]) -> str:
    """Tell everything about one job: what Discord, database, API and log know."""
    lines = [f"--- job {entry.id}", f"row: {_short(entry.row)}", f"ledger: {entry.ledger}"]
    lines += [f"asked: {entry.asked}"]
    lines += [f"shown: {m.id} {m.content!r} {m.custom_ids}" for m in entry.shown]
    lines += [
        f"API: id {s.id}, {s.state}, at {s.taken_at:.3f} for {s.generation_seconds:.3f} s"
        for s in entry.submissions
    ]
    lines += requests
    with log.open(errors="replace") as text:
        lines += [f"log: {line.strip()[:600]}" for line in text if str(entry.id) in line]
    return "\n".join(lines)


def _short(row: Row | None) -> str:
    return json.dumps({k: v for k, v in (row or {}).items() if k != "interaction_token"})


def error_events(log: Path) -> dict[str, int]:
    """Count what the bot logged as errors, by event."""
    counts: dict[str, int] = defaultdict(int)
    with log.open(errors="replace") as text:
        for line in text:
            with contextlib.suppress(ValueError):
                event = json.loads(line)
                if event.get("level") in {"error", "critical"}:
                    last = str(event.get("exception", "")).strip().rpartition("\n")[2]
                    counts[f"{event.get('event')}: {last[:120]}"] += 1
            if line.startswith("Traceback"):
                counts["traceback outside the log"] += 1
    return dict(counts)
