"""Whatever members, moderators and workers do, in whatever order: the ledger is right.

Played on a real file against a model in plain Python that keeps every reservation and counts anew
each time; the file is closed and opened again in between.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain.audit import Act, AuditEntry
from bot.domain.ids import GuildId, JobId, UserId
from bot.domain.job import CHARGED, TERMINAL, TRANSITIONS, JobStatus, NewJob
from bot.domain.quota import WINDOW_MS, Grant, QuotaLimits, ServerLimits
from bot.errors import QuotaExceeded
from bot.storage.database import Database
from bot.storage.grants import SqliteGrantStore
from bot.storage.jobs import SqliteJobStore
from tests.factories.jobs import a_request, an_origin, no_engine
from tests.fakes.clock import FakeClock

USERS = st.sampled_from([UserId(1), UserId(2)])
GUILDS = st.sampled_from([GuildId(10), GuildId(11)])
HOUR = 3_600_000

LIMITS = st.builds(
    QuotaLimits,
    st.sampled_from([9, 1000]),
    st.sampled_from([3, 1000]),
    st.builds(
        ServerLimits,
        daily_images=st.sampled_from([None, 0, 4, 9]),
        server_images=st.sampled_from([None, 12]),
        max_active=st.sampled_from([None, 2]),
        cooldown_seconds=st.sampled_from([None, 1800]),
    ),
)


@dataclass
class Entry:
    """What the model knows of a job."""

    user: UserId
    guild: GuildId
    cost: int
    reserved_at_ms: int
    drawn: dict[int, int]
    """Images by the grant that paid them."""
    status: JobStatus = JobStatus.QUEUED
    counts: bool = True
    waived: bool = False

    @property
    def is_open(self) -> bool:
        return self.status not in TERMINAL

    def move(self, target: JobStatus) -> None:
        sent = self.status is not JobStatus.QUEUED
        charged = target in CHARGED or (target is JobStatus.CANCELLED and sent)
        if target in TERMINAL and not charged:
            self.counts = False
        self.status = target


@dataclass
class Given:
    """A grant as it was given."""

    user: UserId
    guild: GuildId
    images: int
    expires_at_ms: int


@dataclass
class Model:
    """What should be true."""

    entries: dict[JobId, Entry] = field(default_factory=dict[JobId, Entry])
    grants: dict[int, Given] = field(default_factory=dict[int, Given])

    def live(self, now: int) -> list[Entry]:
        return [e for e in self.entries.values() if e.counts and e.reserved_at_ms > now - WINDOW_MS]

    def everywhere(self, user: UserId, now: int) -> int:
        return sum(e.cost for e in self.live(now) if e.user == user)

    def counted_here(self, user: UserId, guild: GuildId, now: int) -> list[Entry]:
        return [e for e in self.live(now) if (e.user, e.guild) == (user, guild) and not e.waived]

    def here(self, user: UserId, guild: GuildId, now: int) -> int:
        return sum(e.cost - sum(e.drawn.values()) for e in self.counted_here(user, guild, now))

    def server(self, guild: GuildId, now: int) -> int:
        return sum(e.cost for e in self.live(now) if e.guild == guild)

    def open(self, user: UserId, guild: GuildId | None = None) -> int:
        return sum(
            e.is_open and e.user == user and guild in {None, e.guild} for e in self.entries.values()
        )

    def left(self, number: int) -> int:
        used = sum(e.drawn.get(number, 0) for e in self.entries.values() if e.counts)
        return self.grants[number].images - used

    def usable(self, user: UserId, guild: GuildId, now: int) -> list[int]:
        """Return the numbers of grants that hold something, the first to expire first."""
        found = [
            number
            for number, g in self.grants.items()
            if (g.user, g.guild) == (user, guild) and g.expires_at_ms > now and self.left(number)
        ]
        return sorted(found, key=lambda number: (self.grants[number].expires_at_ms, number))

    def draw(self, user: UserId, guild: GuildId, images: int, now: int) -> dict[int, int]:
        drawn: dict[int, int] = {}
        for number in self.usable(user, guild, now):
            drawn[number] = min(images - sum(drawn.values()), self.left(number))
        return {number: taken for number, taken in drawn.items() if taken}

    def fits(self, new: NewJob, limits: QuotaLimits) -> bool:
        user, guild, now = new.origin.user_id, new.origin.guild_id, new.created_at_ms
        server = limits.server
        last = max((e.reserved_at_ms for e in self.counted_here(user, guild, now)), default=None)
        extra = sum(self.left(number) for number in self.usable(user, guild, now))
        return all(
            (
                self.everywhere(user, now) + new.cost <= limits.daily_images,
                self.open(user) < limits.max_active,
                server.max_active is None or self.open(user, guild) < server.max_active,
                server.server_images is None
                or self.server(guild, now) + new.cost <= server.server_images,
                server.daily_images is None
                or new.cost <= max(0, server.daily_images - self.here(user, guild, now)) + extra,
                server.cooldown_seconds is None
                or last is None
                or last + server.cooldown_seconds * 1000 <= now,
            )
        )


class Ledger(RuleBasedStateMachine):
    """Does the same to the store and to the model, and compares."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.directory = tempfile.TemporaryDirectory()
        self.clock = FakeClock()
        self.model = Model()
        self.numbers = 0

    def run(self, doing: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(doing)

    @initialize()
    def start(self) -> None:
        self.run(self._open())

    async def _open(self) -> None:
        self.stack = AsyncExitStack()
        path = Path(self.directory.name) / "imagine.db"
        self.database = await self.stack.enter_async_context(Database.open(path))
        self.jobs = SqliteJobStore(self.database, self.clock)
        self.grants = SqliteGrantStore(self.database)

    def teardown(self) -> None:
        self.run(self.stack.aclose())
        self.runner.close()
        self.directory.cleanup()

    def _number(self) -> int:
        self.numbers += 1
        return self.numbers

    @rule(
        user=USERS, guild=GUILDS, samples=st.integers(1, 4), extra=st.integers(0, 3), limits=LIMITS
    )
    def ask(
        self, user: UserId, guild: GuildId, samples: int, extra: int, limits: QuotaLimits
    ) -> None:
        new = NewJob(
            id=JobId(self._number()),
            origin=an_origin(user, guild_id=guild),
            request=a_request(samples=samples),
            surcharge=extra,
            created_at_ms=self.clock.now_ms(),
        )
        fits = self.model.fits(new, limits)
        over = 0
        if limits.server.daily_images is not None:
            used = self.model.here(user, guild, new.created_at_ms)
            over = max(0, new.cost - max(0, limits.server.daily_images - used))
        try:
            self.run(self.jobs.accept(new, limits, no_engine))
        except QuotaExceeded:
            assert not fits
        else:
            assert fits
            drawn = self.model.draw(user, guild, over, new.created_at_ms)
            self.model.entries[new.id] = Entry(user, guild, new.cost, new.created_at_ms, drawn)

    @precondition(lambda self: self.model.entries)
    @rule(which=st.integers(0), aims=st.lists(st.sampled_from(JobStatus), min_size=1, max_size=4))
    def move(self, which: int, aims: list[JobStatus]) -> None:
        """Ask for several moves at once; they happen in the order they were asked for."""
        job_id = sorted(self.model.entries)[which % len(self.model.entries)]
        entry = self.model.entries[job_id]

        async def at_once() -> list[Any]:
            return await asyncio.gather(*(self.jobs.advance(job_id, t) for t in aims))

        for target, moved in zip(aims, self.run(at_once()), strict=True):
            assert (moved is not None) == (target in TRANSITIONS[entry.status])
            if moved is not None:
                entry.move(target)

    @precondition(lambda self: any(e.is_open for e in self.model.entries.values()))
    @rule(which=st.integers(0), end=st.sampled_from(sorted(TERMINAL)))
    def finish(self, which: int, end: JobStatus) -> None:
        """Bring a job to an end by whatever way there is, so that refunds happen often."""
        still = sorted(j for j, e in self.model.entries.items() if e.is_open)
        number = still.index(still[which % len(still)])
        steps = [JobStatus.SUBMITTING, JobStatus.READY, end]
        self.move(sorted(self.model.entries).index(still[number]), steps)

    @rule(user=USERS, guild=GUILDS, images=st.integers(1, 6), hours=st.sampled_from([1, 24, 48]))
    def grant(self, user: UserId, guild: GuildId, images: int, hours: int) -> None:
        number, now = self._number(), self.clock.now_ms()
        given = Grant(number, images, now + hours * HOUR)
        entry = _entry(guild, user, Act.QUOTA_GRANTED, now)
        self.run(self.grants.grant(user, given, entry))
        self.model.grants[number] = Given(user, guild, images, given.expires_at_ms)

    @rule(user=USERS, guild=GUILDS)
    def reset(self, user: UserId, guild: GuildId) -> None:
        now = self.clock.now_ms()
        waived = self.run(self.grants.reset(user, _entry(guild, user, Act.QUOTA_RESET, now)))
        assert waived == self.model.here(user, guild, now)
        for entry in self.model.counted_here(user, guild, now):
            entry.waived = True

    @rule(minutes=st.sampled_from([1, 30, 60, 700, 1440]))
    def wait(self, minutes: int) -> None:
        self.clock.advance(minutes * 60)

    @rule()
    def restart(self) -> None:
        self.run(self.stack.aclose())
        self.run(self._open())

    @invariant()
    def usage_is_what_the_model_counts(self) -> None:
        now = self.clock.now_ms()
        for user in (UserId(1), UserId(2)):
            for guild in (GuildId(10), GuildId(11)):
                usage = self.run(self.jobs.quota_usage(user, now, guild))
                model = self.model
                assert usage.images == model.everywhere(user, now)
                assert usage.here.images == model.here(user, guild, now) >= 0
                assert usage.server.images == model.server(guild, now)
                assert usage.active_jobs == model.open(user)
                assert usage.active_here == model.open(user, guild)
                usable = model.usable(user, guild, now)
                assert [(g.id, g.left) for g in usage.grants] == [
                    (n, model.left(n)) for n in usable
                ]

    @invariant()
    def every_reservation_ends_once(self) -> None:
        rows = self.run(self.database.fetch_all("SELECT * FROM ledger"))
        assert {row["job_id"] for row in rows} == set(self.model.entries)
        for row in rows:
            entry = self.model.entries[JobId(row["job_id"])]
            assert (row["refunded_at_ms"] is not None) == (not entry.counts)
            assert (row["settled_at_ms"] is not None) == (entry.counts and not entry.is_open)
            assert row["granted"] == sum(entry.drawn.values()) <= row["images"] == entry.cost


def _entry(guild: GuildId, user: UserId, act: Act, now: int) -> AuditEntry:
    return AuditEntry(guild_id=guild, actor_id=UserId(9), act=act, at_ms=now, user_id=user)


TestLedger = Ledger.TestCase
TestLedger.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
