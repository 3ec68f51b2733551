"""What a check found: the line that `check` prints."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How it stands; only what keeps the bot from its work makes `check` fail."""

    OK = "ok"
    LOOK = "look"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, how it stands, and the words, with what to do."""

    what: str
    state: State
    words: str

    @property
    def is_failure(self) -> bool:
        """Tell whether the bot cannot do its work like this."""
        return self.state is State.FAIL

    def line(self) -> str:
        """Return the line as it is printed; names that others gave may hold anything."""
        words = " ".join(self.words.split())
        return f"{self.state:<4}  {self.what:<12} {words}"


def well(what: str, words: str) -> Finding:
    """Return that something is as it should be."""
    return Finding(what, State.OK, words)


def look(what: str, words: str) -> Finding:
    """Return that something works and still wants a look."""
    return Finding(what, State.LOOK, words)


def failure(what: str, words: str) -> Finding:
    """Return that something keeps the bot from its work."""
    return Finding(what, State.FAIL, words)
