"""Every table, and what is personal in it: the one place that says so.

The export, `/privacy erase`, the erasing of servers, `/privacy about` and `docs/privacy.md` all
follow from these declarations. A test compares them with the tables of the database, column by
column, so that whoever adds a table or a column has to say here what it holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.domain.personal import PICTURES as PICTURES_NAME
from bot.domain.personal import Fate, Holding

_WORDS = {Fate.DELETED: "deleted", Fate.REDUCED: "reduced", Fate.KEPT: "stays"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A column that holds a member's id, and what that member may take along or have erased."""

    column: str = "user_id"
    exported: str
    """The columns they are given, separated by spaces; the key is among them."""
    fate: Fate
    because: str = ""
    """Why something stays."""
    moment: str = ""
    """The column that tells rows from before a wish to be erased from later ones."""
    only: str = ""
    """A condition on the rows that may go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """What becomes of the rows with a server's `guild_id` once it has removed the bot for good."""

    fate: Fate = Fate.DELETED
    because: str = ""
    moment: str = ""
    only: str = ""
    sets: str = ""
    """How a row is reduced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalTable:
    """A table that names members."""

    name: str
    key: str = "id"
    """The primary key's columns, separated by commas."""
    what: str
    kept: str
    seen_by: str
    people: tuple[Person, ...]
    with_job: bool = False
    """Its rows belong to a job's member and go with the job, by a cascading `job_id`."""
    withheld: Mapping[str, str] = field(default_factory=dict[str, str])
    """Columns that no export holds, and why."""
    departure: Departure | None = None

    def holding(self) -> Holding:
        """Return the declaration in words."""
        return Holding(
            name=self.name,
            what=self.what,
            kept=self.kept,
            seen_by=self.seen_by,
            erased="; ".join(map(_fate, self.people)),
            departed=_fate(self.departure) if self.departure else "nothing of it is a server's",
            stays=any(person.fate is not Fate.DELETED for person in self.people),
        )


def _fate(told: Person | Departure) -> str:
    return _WORDS[told.fate] + (f": {told.because}" if told.because else "")


JOBS = PersonalTable(
    name="jobs",
    what="your jobs: prompt and options, place and time, and how each ended",
    kept="until you erase them",
    seen_by="you; others see what I posted in the channel",
    people=(
        Person(
            exported="id guild_id channel_id application_id can_post can_read_history "
            "upload_limit_bytes request images status fair_tag created_at_ms attempts "
            "submitted_at_ms provider_job_id due_at_ms output used end_reason end_detail "
            "cancel_requested_at_ms ready_at_ms finished_at_ms acknowledgement_id "
            "post_started_at_ms message_id told_at_ms pointed_out_at_ms private_progress flagged",
            fate=Fate.DELETED,
            moment="created_at_ms",
            only="finished_at_ms IS NOT NULL",
        ),
    ),
    withheld={"interaction_token": "a key to Discord that dies after 15 minutes"},
    departure=Departure(
        fate=Fate.REDUCED,
        because="the jobs stay yours, without the server, the channel and the messages",
        only="finished_at_ms IS NOT NULL",
        sets="guild_id = 0, channel_id = 0, acknowledgement_id = NULL, message_id = NULL, "
        "pointed_out_at_ms = coalesce(pointed_out_at_ms, finished_at_ms)",
    ),
)

PICTURES = PersonalTable(
    name=PICTURES_NAME,
    key="job_id, position",
    what="my copies of your pictures",
    kept="as long as the operator set, and as there is room",
    seen_by="you; others see what I posted in the channel",
    with_job=True,
    people=(
        Person(
            column="job_id",
            exported="job_id position sha256 media_type width height size_bytes blank kept_at_ms",
            fate=Fate.DELETED,
            because="the file stays if another member's job made exactly the same one",
        ),
    ),
)

LEDGER = PersonalTable(
    name="ledger",
    key="job_id",
    what="how many images you ordered, where and when: your quota",
    kept="until you erase it",
    seen_by="you; moderators see sums",
    people=(
        Person(
            exported="job_id guild_id images reserved_at_ms settled_at_ms refunded_at_ms",
            fate=Fate.REDUCED,
            because="the last 24 hours stay for that long, as bare numbers without the job they "
            "were for, since erasing is no way to get the quota back",
            moment="reserved_at_ms",
        ),
    ),
    departure=Departure(moment="reserved_at_ms", because="but for the last 24 hours"),
)

GUILD_SETTINGS = PersonalTable(
    name="guild_settings",
    key="guild_id, scope, place_id, setting",
    what="which moderator set which rule of a server, and when",
    kept="until the rule is changed or the server removes the bot",
    seen_by="the server's moderators",
    people=(
        Person(
            column="set_by",
            exported="guild_id scope place_id setting value set_at_ms",
            fate=Fate.KEPT,
            because="a server must know who answers for its rules",
        ),
    ),
    departure=Departure(),
)

AUDIT = PersonalTable(
    name="audit",
    what="what moderators did in a server, and to whom",
    kept="until the server removes the bot",
    seen_by="the server's moderators",
    people=(
        Person(
            column="actor_id",
            exported="id guild_id act at_ms user_id job_id reason details",
            fate=Fate.KEPT,
            because="moderators answer for what they did",
        ),
        Person(
            exported="id guild_id act at_ms job_id reason",
            fate=Fate.KEPT,
            because="what a moderator did to you stays on the moderators' record",
        ),
    ),
    departure=Departure(),
)

ERASURES = PersonalTable(
    name="erasures",
    key="user_id",
    what="your wish to be erased",
    kept="until it is fulfilled, seconds later",
    seen_by="nobody",
    people=(Person(exported="user_id asked_at_ms", fate=Fate.DELETED, moment="asked_at_ms"),),
)

PERSONAL = (JOBS, PICTURES, LEDGER, GUILD_SETTINGS, AUDIT, ERASURES)
"""In the order in which they are exported and erased."""

IMPERSONAL: Mapping[str, str] = {
    "fair_clock": "one number: how far the queue has come",
    "marks": "small values of the program itself",
    "models": "the image service's public list of models",
    "servers": "which servers the bot is in, and when one removed it",
}
"""Tables that name no member, and what they hold instead."""


def first_page(table: PersonalTable, person: Person) -> str:
    """Return the query for a member's first rows: $1 is the member, $2 how many."""
    return (
        f"SELECT {_columns(person)} FROM {table.name} WHERE {_owner(table, person)} "  # noqa: S608 - names of ours
        f"ORDER BY {table.key} LIMIT $2"
    )


def next_page(table: PersonalTable, person: Person) -> str:
    """Return the query for the rows after a key, whose columns are the arguments from $3 on."""
    marks = ", ".join(f"${number}" for number, _ in enumerate(key_of(table), 3))
    return (
        f"SELECT {_columns(person)} FROM {table.name} WHERE {_owner(table, person)} "  # noqa: S608 - names of ours
        f"AND ({table.key}) > ({marks}) ORDER BY {table.key} LIMIT $2"
    )


def delete_some(table: PersonalTable, column: str, bounds: Person | Departure) -> str:
    """Return the statement that deletes up to $2 rows of whoever $1 is; $3 where there is a moment.

    A moment narrows it to rows from before that.
    """
    return f"DELETE FROM {table.name} WHERE ({table.key}) IN ({_some(table, column, bounds)})"  # noqa: S608 - names of ours


def reduce_some(table: PersonalTable, departure: Departure) -> str:
    """Return the statement that takes a server out of up to $2 rows."""
    return (
        f"UPDATE {table.name} SET {departure.sets} "  # noqa: S608 - names of ours
        f"WHERE ({table.key}) IN ({_some(table, 'guild_id', departure)})"
    )


def delete_with_job(table: PersonalTable) -> str:
    """Return the statement that deletes what belongs to the job $1."""
    return f"DELETE FROM {table.name} WHERE job_id = $1"  # noqa: S608 - names of ours


def key_of(table: PersonalTable) -> list[str]:
    """Return the columns of the primary key."""
    return table.key.split(", ")


def exports() -> Iterator[tuple[str, PersonalTable, Person]]:
    """Yield what an export consists of, each part with a name of its own."""
    for table in PERSONAL:
        for person in table.people:
            is_only = len(table.people) == 1
            yield table.name if is_only else f"{table.name}-{person.column}", table, person


def _columns(person: Person) -> str:
    return ", ".join(person.exported.split())


def _owner(table: PersonalTable, person: Person) -> str:
    if table.with_job:
        return "job_id IN (SELECT id FROM jobs WHERE user_id = $1)"
    return f"{person.column} = $1"


def _some(table: PersonalTable, column: str, bounds: Person | Departure) -> str:
    before = f" AND {bounds.moment} <= $3" if bounds.moment else ""
    only = f" AND {bounds.only}" if bounds.only else ""
    return f"SELECT {table.key} FROM {table.name} WHERE {column} = $1{before}{only} LIMIT $2"  # noqa: S608 - names of ours
