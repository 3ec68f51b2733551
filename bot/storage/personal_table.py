"""What a table that names members declares of itself, and the statements that follow from that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.personal import Ending, Fate, Holding


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
    sets: str = ""
    """How a row is reduced to what is not this member's, where that needs no more than this."""


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
    goes_with: str = ""
    """The table whose rows own these; then the column of a person names such a row. They go with
    it: a job's by its own deletion, others' by a cascade."""
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
            erased=tuple(map(_ending, self.people)),
            departed=_ending(self.departure) if self.departure else None,
        )


def _ending(told: Person | Departure) -> Ending:
    return Ending(told.fate, told.because)


def first_page(table: PersonalTable, person: Person) -> str:
    """Return the query for a member's first rows: $1 is the member, $2 how many."""
    return (
        f"SELECT {_columns(person)} FROM {table.name} WHERE {_owner(table, person)} "
        f"ORDER BY {table.key} LIMIT $2"
    )


def next_page(table: PersonalTable, person: Person) -> str:
    """Return the query for the rows after a key, whose columns are the arguments from $3 on."""
    marks = ", ".join(f"${number}" for number, _ in enumerate(key_of(table), 3))
    return (
        f"SELECT {_columns(person)} FROM {table.name} WHERE {_owner(table, person)} "
        f"AND ({table.key}) > ({marks}) ORDER BY {table.key} LIMIT $2"
    )


def some_keys(table: PersonalTable, column: str, bounds: Person | Departure) -> str:
    """Return the query for the keys of up to $2 rows of whoever $1 is; $3 as in `delete_some`."""
    before = f" AND {bounds.moment} <= $3" if bounds.moment else ""
    only = f" AND {bounds.only}" if bounds.only else ""
    return f"SELECT {table.key} FROM {table.name} WHERE {column} = $1{before}{only} LIMIT $2"


def delete_some(table: PersonalTable, column: str, bounds: Person | Departure) -> str:
    """Return the statement that deletes up to $2 rows of whoever $1 is; $3 where there is a moment.

    A moment narrows it to rows from before that.
    """
    return f"DELETE FROM {table.name} WHERE ({table.key}) IN ({some_keys(table, column, bounds)})"


def reduce_some(table: PersonalTable, column: str, bounds: Person | Departure) -> str:
    """Return the statement that takes whoever $1 is out of up to $2 rows; $3 as in `delete_some`.

    It must make them rows that `column` does not name $1 in.
    """
    return (
        f"UPDATE {table.name} SET {bounds.sets} "
        f"WHERE ({table.key}) IN ({some_keys(table, column, bounds)})"
    )


def delete_of_job(table: PersonalTable) -> str:
    """Return the statement that deletes what belongs to the job $1."""
    return f"DELETE FROM {table.name} WHERE job_id = $1"


def key_of(table: PersonalTable) -> list[str]:
    """Return the columns of the primary key."""
    return table.key.split(", ")


def _columns(person: Person) -> str:
    return ", ".join(person.exported.split())


def _owner(table: PersonalTable, person: Person) -> str:
    if table.goes_with:
        return f"{person.column} IN (SELECT id FROM {table.goes_with} WHERE user_id = $1)"
    return f"{person.column} = $1"
