"""The list of everything the bot asked for."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from tests.discord_server.records import RequestRecord


@dataclass(slots=True)
class Entry:
    """A request while it runs and afterwards."""

    number: int
    method: str
    path: str
    route: str
    query: dict[str, str]
    started_at: float = field(default_factory=time.monotonic)
    body: Any = None
    file_sizes: tuple[int, ...] = ()
    status: int | None = None
    code: int | None = None
    fault: str | None = None
    received_at: float | None = None
    finished_at: float | None = None

    @property
    def is_or_was_held(self) -> bool:
        """Whether a delay has befallen it; one of its reply begins when it has been processed."""
        return self.fault == "delay" or (self.fault == "delay reply" and self.status is not None)

    def record(self) -> RequestRecord:
        """Describe it to a test."""
        return RequestRecord(
            number=self.number,
            method=self.method,
            path=self.path,
            route=self.route,
            query=self.query,
            body=self.body,
            file_sizes=self.file_sizes,
            status=self.status,
            code=self.code,
            fault=self.fault,
            started_at=self.started_at,
            received_at=self.received_at,
            finished_at=self.finished_at,
        )


class Recorder:
    """Every request in order of arrival."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._number = 0

    def begin(self, method: str, path: str, route: str, query: dict[str, str]) -> Entry:
        """Note the arrival of a request."""
        self._number += 1
        entry = Entry(self._number, method, path, route, query)
        self.entries.append(entry)
        return entry

    def clear(self) -> None:
        """Forget what was asked so far."""
        self.entries.clear()
