"""What is kept about a member can be had whole, and erased without a trace but for what stays."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from bot.domain.audit import Act, AuditEntry
from bot.domain.guild_settings import Flagged, Setting
from bot.domain.ids import JobId, UserId
from bot.domain.job import Job, JobStatus
from bot.domain.personal import NOBODY, PICTURES, Erasure, presented
from bot.domain.ports import JobStore, PictureData, PictureStore
from bot.domain.quota import WINDOW_MS
from bot.storage import personal_data
from tests.contract.conftest import Stores
from tests.factories.jobs import ALICE, BOB, accept, bring_to
from tests.factories.rules import GUILD, a_setting
from tests.fakes.clock import NOON, FakeClock

DAY_AGO = NOON - WINDOW_MS
Rows = dict[str, list[dict[str, Any]]]


async def rows_of(stores: Stores, user_id: UserId) -> Rows:
    """Return what an export holds, by kind."""
    found: Rows = defaultdict(list)
    async for page in stores.personal.rows_of(user_id):
        found[page.name] += map(presented, page.rows)
    return found


async def a_delivered_job(stores: Stores, number: int, **changes: Any) -> Job:
    await accept(stores.jobs, number, **changes)
    await bring_to(stores.jobs, JobId(number), JobStatus.DELIVERED)
    await stores.pictures.keep(JobId(number), 0, a_picture(number))
    job = await stores.jobs.get(JobId(number))
    assert job is not None
    return job


def a_picture(number: int) -> PictureData:
    return PictureData(b"picture %d" % number, "image/png", 8, 8)


async def erase(stores: Stores, user_id: UserId = ALICE) -> Erasure:
    erasure = Erasure(user_id, stores.clock.now_ms())
    await stores.personal.ask(erasure)
    await stores.personal.erase(erasure)
    await stores.personal.fulfil(erasure)
    return erasure


def an_act(act: Act = Act.BLOCKED, actor_id: UserId = BOB, **changes: Any) -> AuditEntry:
    return AuditEntry(guild_id=GUILD, actor_id=actor_id, act=act, at_ms=NOON, **changes)


async def test_of_somebody_unknown_there_is_nothing(stores: Stores):
    await a_delivered_job(stores, 1)
    assert await rows_of(stores, BOB) == {}


async def test_an_export_holds_each_row_once_and_only_the_members_own(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(personal_data, "PAGE_ROWS", 2)
    for number in range(1, 12):
        await a_delivered_job(stores, number, user_id=ALICE if number % 2 else BOB)

    found = await rows_of(stores, ALICE)

    assert [row["id"] for row in found["jobs"]] == ["1", "3", "5", "7", "9", "11"]
    assert [row["job_id"] for row in found["ledger"]] == ["1", "3", "5", "7", "9", "11"]
    assert [row["job_id"] for row in found[PICTURES]] == ["1", "3", "5", "7", "9", "11"]


async def test_an_export_tells_what_was_asked_and_what_became_of_it(stores: Stores):
    job = await a_delivered_job(stores, 1, prompt="a ((fox)) \u202e", samples=2)

    (row,) = (await rows_of(stores, ALICE))["jobs"]

    assert row["request"] == job.request.model_dump(mode="json")
    assert (row["status"], row["created_at"]) == ("delivered", "2026-09-21T14:13:20.000+00:00")
    assert "interaction_token" not in row


async def test_an_export_holds_what_moderators_did_to_the_member_but_not_who(stores: Stores):
    await stores.audit.add(an_act(user_id=ALICE, reason="spam", details={"secret": 1}))
    await stores.audit.add(an_act(Act.UNBLOCKED, ALICE, user_id=BOB))

    found = await rows_of(stores, ALICE)

    (suffered,) = found["audit"]
    assert (suffered["act"], suffered["reason"]) == ("blocked", "spam")
    assert str(BOB) not in str(suffered)
    (done,) = found["audit-actor_id"]
    assert (done["act"], done["user_id"]) == ("unblocked", str(BOB))


async def test_an_export_holds_the_rules_a_moderator_set(stores: Stores):
    stored = a_setting(Setting.FLAGGED, Flagged.WITHHELD)
    await stores.guild_settings.put(stored, an_act(Act.SET))

    (row,) = (await rows_of(stores, stored.set_by))["guild_settings"]

    assert (row["setting"], row["value"]) == ("flagged", "withheld")


async def test_what_is_erased_is_gone_and_others_keep_theirs(stores: Stores):
    for number, user_id in enumerate((ALICE, BOB, ALICE), 1):
        await a_delivered_job(stores, number, user_id=user_id, created_at_ms=DAY_AGO)
    before = await rows_of(stores, BOB)

    await erase(stores)

    assert await rows_of(stores, ALICE) == {}
    assert await stores.jobs.get(JobId(1)) is None
    assert await rows_of(stores, BOB) == before
    assert list(await stores.personal.asked()) == []


async def test_the_last_day_stays_in_the_ledger_as_bare_numbers_for_that_long(stores: Stores):
    await a_delivered_job(stores, 1, created_at_ms=DAY_AGO)
    await a_delivered_job(stores, 2, created_at_ms=DAY_AGO + 1, samples=2)
    await a_delivered_job(stores, 3, created_at_ms=NOON, samples=3)

    await erase(stores)

    found = await rows_of(stores, ALICE)
    assert found.keys() == {"ledger"}
    assert sorted(row["images"] for row in found["ledger"]) == [2, 3]
    assert all(int(row["job_id"]) < 0 for row in found["ledger"])
    stores.clock.advance(1)
    await stores.personal.tidy()
    assert [row["images"] for row in (await rows_of(stores, ALICE))["ledger"]] == [3]
    stores.clock.advance(WINDOW_MS / 1000)
    await stores.personal.tidy()
    assert await rows_of(stores, ALICE) == {}


async def test_a_refund_is_no_longer_owed_after_an_erasure(stores: Stores):
    """Whatever else happens to the job's number, the day's bare sums do not change."""
    await accept(stores.jobs, 1)
    await stores.personal.disown(JobId(1))
    await erase(stores)

    await bring_to(stores.jobs, JobId(1), JobStatus.EXPIRED)

    (row,) = (await rows_of(stores, ALICE))["ledger"]
    assert row["settled_at"] is not None
    assert row["refunded_at"] is None


@pytest.mark.parametrize("status", [JobStatus.SUBMITTING, JobStatus.PROCESSING, JobStatus.READY])
async def test_a_job_the_api_has_becomes_nobodys_until_it_ends(
    stores: Stores, jobs: JobStore, pictures: PictureStore, status: JobStatus
):
    await accept(jobs, 1, prompt="a secret plan")
    await bring_to(jobs, JobId(1), status)
    await pictures.keep(JobId(1), 0, a_picture(1))
    erasure = Erasure(ALICE, NOON)
    assert list(await stores.personal.open_jobs(erasure)) == [1]

    await stores.personal.disown(JobId(1))

    job = await jobs.get(JobId(1))
    assert job is not None
    assert (job.status, job.origin.user_id, job.damaged) == (status, NOBODY, False)
    assert "secret" not in job.model_dump_json()
    assert list(await pictures.of_job(JobId(1))) == []
    assert list(await stores.personal.open_jobs(erasure)) == []
    assert await stores.personal.tidy() == 0
    await bring_to_end(jobs, status)
    assert await stores.personal.tidy() == 1
    assert await jobs.get(JobId(1)) is None


async def bring_to_end(jobs: JobStore, status: JobStatus) -> None:
    assert await jobs.advance(JobId(1), JobStatus.CANCELLED, sources=frozenset({status}))


async def test_a_finished_job_cannot_be_disowned(stores: Stores):
    job = await a_delivered_job(stores, 1)
    await stores.personal.disown(JobId(1))
    assert await stores.jobs.get(JobId(1)) == job


async def test_what_comes_after_the_wish_stays(stores: Stores, clock: FakeClock):
    erasure = Erasure(ALICE, NOON)
    await a_delivered_job(stores, 1, created_at_ms=NOON)
    await a_delivered_job(stores, 2, created_at_ms=NOON + 1)
    await accept(stores.jobs, 3, created_at_ms=NOON + 1)
    clock.advance(60)

    await stores.personal.ask(erasure)
    await stores.personal.erase(erasure)

    found = await rows_of(stores, ALICE)
    assert [row["id"] for row in found["jobs"]] == ["2", "3"]
    assert sorted(int(row["job_id"]) > 0 for row in found["ledger"]) == [False, True, True]
    assert list(await stores.personal.open_jobs(erasure)) == []


async def test_open_jobs_are_not_erased_but_named(stores: Stores):
    await accept(stores.jobs, 1)
    await accept(stores.jobs, 2, user_id=BOB)
    erasure = await erase(stores)
    assert list(await stores.personal.open_jobs(erasure)) == [1]
    assert await stores.jobs.get(JobId(1)) is not None


async def test_erasing_takes_as_many_rounds_as_it_needs(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(personal_data, "BATCH_ROWS", 2)
    for number in range(1, 8):
        await a_delivered_job(stores, number, created_at_ms=DAY_AGO + number % 2)
    erasure = Erasure(ALICE, NOON)
    assert await stores.personal.erase(erasure) == 14
    assert await stores.personal.erase(erasure) == 0
    assert (await rows_of(stores, ALICE)).keys() == {"ledger"}


async def test_moderators_records_stay_whole(stores: Stores):
    await stores.audit.add(an_act(user_id=ALICE, reason="spam"))
    await stores.audit.add(an_act(Act.SET, ALICE))
    stored = a_setting(Setting.FLAGGED, Flagged.WITHHELD)
    await stores.guild_settings.put(stored, an_act(Act.SET))
    entries = await stores.audit.page(GUILD)

    await erase(stores)
    await erase(stores, stored.set_by)

    assert await stores.audit.page(GUILD) == entries
    assert (await stores.guild_settings.load(GUILD)).at(Setting.FLAGGED) == stored


async def test_asking_again_counts_from_the_later_moment(stores: Stores):
    await stores.personal.ask(Erasure(ALICE, NOON))
    await stores.personal.ask(Erasure(ALICE, NOON + 5))
    assert list(await stores.personal.asked()) == [Erasure(ALICE, NOON + 5)]
    await stores.personal.fulfil(Erasure(ALICE, NOON))
    assert list(await stores.personal.asked()) == [Erasure(ALICE, NOON + 5)]
    await stores.personal.fulfil(Erasure(ALICE, NOON + 5))
    assert list(await stores.personal.asked()) == []


async def test_a_picture_that_another_job_also_made_stays_for_that(stores: Stores):
    for number, user_id in ((1, ALICE), (2, BOB)):
        await accept(stores.jobs, number, user_id=user_id)
        await bring_to(stores.jobs, JobId(number), JobStatus.DELIVERED)
        kept = await stores.pictures.keep(JobId(number), 0, a_picture(7))

    await erase(stores)
    await stores.pictures.remove_unnamed()

    assert await stores.pictures.read(kept.sha256) == b"picture 7"
    await erase(stores, BOB)
    assert await stores.pictures.remove_unnamed() == len(b"picture 7")


def test_each_kind_of_record_is_told_of_in_words(stores: Stores):
    for holding in stores.personal.holdings():
        assert all((holding.what, holding.kept, holding.seen_by, holding.erased))
