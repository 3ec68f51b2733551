"""What the history store promises: a member's own jobs, newest first, found by what they hold."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.history import EVERYTHING, HistoryFilter, HistoryStore, Spot
from bot.domain.ids import DIRECT_MESSAGES, GuildId, JobId, MessageId, UserId, first_id_at
from bot.domain.job import JobStatus
from bot.domain.ports import JobStore
from tests.contract.conftest import OpenStores
from tests.factories.jobs import ALICE, BOB, GENEROUS, a_new_job, accept, bring_to, no_engine
from tests.fakes.clock import NOON, FakeClock

DAY_MS = 86_400_000


async def asked(
    jobs: JobStore, job_id: int, prompt: str = "a fox", *, guild: int = 10, **changes: Any
) -> None:
    new = a_new_job(job_id, prompt=prompt, **changes)
    origin = new.origin.model_copy(update={"guild_id": GuildId(guild)})
    await jobs.accept(new.model_copy(update={"origin": origin}), GENEROUS, no_engine)


async def found(
    history: HistoryStore,
    search: str = "",
    *,
    user_id: UserId = ALICE,
    spot: Spot | None = None,
    limit: int = 10,
    **wanted: Any,
) -> list[int]:
    page = await history.page(
        user_id, HistoryFilter(search=search, **wanted), spot or Spot(), limit=limit
    )
    return [job.id for job in page]


async def test_pages_are_newest_first_and_only_the_members_own(
    jobs: JobStore, history: HistoryStore
):
    for number in range(1, 8):
        await accept(jobs, number, user_id=ALICE if number % 2 else BOB)

    assert await found(history, limit=3) == [7, 5, 3]
    assert await found(history, spot=Spot(start=JobId(2)), limit=3) == [1]
    assert await found(history, spot=Spot(start=JobId(3)), limit=1) == [3]
    assert await found(history, spot=Spot(start=JobId(0))) == []


async def test_newer_pages_are_the_ones_next_to_where_one_is(jobs: JobStore, history: HistoryStore):
    for number in range(1, 8):
        await accept(jobs, number)

    assert await found(history, spot=Spot(after=JobId(2)), limit=3) == [5, 4, 3]
    assert await found(history, spot=Spot(after=JobId(5)), limit=3) == [7, 6]
    assert await found(history, spot=Spot(after=JobId(7)), limit=3) == []


async def test_found_jobs_are_paged_alike(jobs: JobStore, history: HistoryStore):
    for number in range(1, 8):
        await asked(jobs, number, "a fox" if number % 2 else "an owl")

    assert await found(history, "fox", limit=2) == [7, 5]
    assert await found(history, "fox", spot=Spot(start=JobId(4)), limit=2) == [3, 1]
    assert await found(history, "fox", spot=Spot(after=JobId(1)), limit=2) == [5, 3]


FOX = "A Red Fox, leaping over the snow-covered LIGHTHOUSE; ((détail)) 4k №5"


@pytest.mark.parametrize(
    "search",
    [
        "fox",
        "FOX",
        "red fox",
        "fox red",
        "  fox,  red!  ",
        "light",
        "lighthouse",
        "snow covered",
        "covered-snow",
        "detail",
        "Détail",
        "de\u0301tail",
        "4k",
        '"fox"',
        "fox*",
        "🦊 fox",
    ],
)
async def test_words_are_found_whole_or_begun_in_any_order(
    jobs: JobStore, history: HistoryStore, search: str
):
    await asked(jobs, 1, FOX)
    await asked(jobs, 2, "an owl")
    assert await found(history, search) == [1]


@pytest.mark.parametrize(
    "search",
    ["wolf", "fox wolf", "ox", "house", "re", "g", "🦊", "***", '"', "foxes", "fox OR owl"],
)
async def test_what_is_not_in_the_prompt_is_not_found(
    jobs: JobStore, history: HistoryStore, search: str
):
    await asked(jobs, 1, FOX)
    await asked(jobs, 2, "an owl")
    assert await found(history, search) == []


@pytest.mark.parametrize(
    ("prompt", "searches", "others"),
    [
        ("月光下的灯塔和海", ["灯塔", "灯", "月光下", "海", "的灯塔和"], ["塔灯", "下月", "山"]),
        ("夜の灯台とガラスの海", ["灯台", "ガラス", "海"], ["カラス", "台灯"]),
        ("눈 속의 여우가 뛴다", ["여우", "눈", "여우가"], ["우여", "곰"]),
        ("แมวดำบนหลังคา", ["แมว", "ดำ", "หลังคา"], ["หมา"]),
        ("Лисица в снегу", ["лис", "СНЕГУ", "сне"], ["негу", "волк"]),
        ("बर्फ में लोमड़ी", ["लोमड़ी", "बर्फ"], ["भालू"]),
        ("ثعلب في الثلج", ["ثعلب"], ["دب"]),
        ("3d猫 render", ["猫", "3d", "ren"], ["犬"]),
    ],
)
async def test_scripts_without_spaces_are_found_by_any_part(
    jobs: JobStore, history: HistoryStore, prompt: str, searches: list[str], others: list[str]
):
    await asked(jobs, 1, prompt)
    assert [search for search in searches if await found(history, search) != [1]] == []
    assert [search for search in others if await found(history, search) == [1]] == []


async def test_a_search_never_shows_anybody_elses_job(jobs: JobStore, history: HistoryStore):
    await asked(jobs, 1, "my secret fox", user_id=ALICE)
    await asked(jobs, 2, f"{ALICE}wfox {ALICE} u{ALICE}", user_id=BOB)
    await asked(jobs, 3, "fox", user_id=UserId(int(f"{ALICE}1")))

    assert await found(history, "fox", user_id=ALICE) == [1]
    assert await found(history, "fox", user_id=BOB) == []
    assert await found(history, "secret", user_id=BOB) == []
    assert await found(history, f"{ALICE}wsecret", user_id=BOB) == []
    assert await found(history, f"1w{ALICE}", user_id=UserId(11)) == []


async def test_server_model_and_favourites_can_be_asked_for_together(
    jobs: JobStore, history: HistoryStore
):
    await asked(jobs, 1, "a fox", guild=10, model_id="midjourney")
    await asked(jobs, 2, "a fox", guild=20, model_id="midjourney-v4")
    await asked(jobs, 3, "a fox", guild=0, model_id="Sdxl/Ärger*")
    await asked(jobs, 4, "an owl", guild=10, model_id="midjourney-v4")
    for number in (1, 4):
        await history.favour(ALICE, JobId(number), favourite=True)

    assert await found(history, guild_id=GuildId(10)) == [4, 1]
    assert await found(history, guild_id=DIRECT_MESSAGES) == [3]
    assert await found(history, model_id="midjourney") == [1]
    assert await found(history, model_id="midjourney-v4") == [4, 2]
    assert await found(history, model_id="Sdxl/Ärger*") == [3]
    assert await found(history, model_id="sdxl") == []
    assert await found(history, favourites=True) == [4, 1]
    assert await found(history, "fox", favourites=True, guild_id=GuildId(10)) == [1]
    assert await found(history, "owl", model_id="midjourney") == []


async def test_days_are_those_of_utc_and_both_included(jobs: JobStore, history: HistoryStore):
    midnight = NOON - NOON % DAY_MS
    moments = [midnight - 1, midnight, midnight + DAY_MS - 1, midnight + DAY_MS]
    ids = [first_id_at(moment) + 7 for moment in moments]
    for job_id, moment in zip(ids, moments, strict=True):
        await asked(jobs, job_id, created_at_ms=moment)
    day = date(1970, 1, 1) + timedelta(days=midnight // DAY_MS)

    assert await found(history, since=day, until=day) == ids[2:0:-1]
    assert await found(history, since=day) == ids[:0:-1]
    assert await found(history, until=day) == ids[2::-1]
    assert await found(history, "fox", until=day - timedelta(days=1)) == [ids[0]]
    assert await found(history, since=day, spot=Spot(after=JobId(ids[0])), limit=1) == [ids[1]]


async def test_a_favourite_is_one_until_it_is_none(
    jobs: JobStore, history: HistoryStore, clock: FakeClock
):
    await accept(jobs, 1)

    favourite = await history.favour(ALICE, JobId(1), favourite=True)
    assert favourite is not None
    assert favourite.favourited_at_ms == clock.now_ms()
    plain = await history.favour(ALICE, JobId(1), favourite=False)
    assert plain is not None
    assert plain.favourited_at_ms is None
    assert await found(history, favourites=True) == []
    assert await found(history, "fox") == [1]


async def test_a_hidden_job_is_in_no_answer_and_stays_in_the_record(
    jobs: JobStore, history: HistoryStore
):
    for number in (1, 2):
        await accept(jobs, number)
        await bring_to(jobs, JobId(number), JobStatus.DELIVERED)

    assert await history.hide(ALICE, JobId(2)) is not None

    assert await found(history) == [1]
    assert await found(history, "fox") == [1]
    assert await history.get(ALICE, JobId(2)) is None
    assert await history.favour(ALICE, JobId(2), favourite=True) is None
    assert await found(history, favourites=True) == []
    assert await history.hide(ALICE, JobId(2)) is None
    assert await jobs.get(JobId(2)) is not None
    assert (await jobs.quota_usage(ALICE, 0)).images == 2


@pytest.mark.parametrize("status", ["queued", "submitting", "processing", "ready"])
async def test_what_has_not_ended_cannot_be_hidden(
    jobs: JobStore, history: HistoryStore, status: str
):
    await accept(jobs)
    await bring_to(jobs, JobId(1), JobStatus(status))
    assert await history.hide(ALICE, JobId(1)) is None
    assert await found(history, "fox") == [1]


async def test_nobody_reaches_anybody_elses_job(jobs: JobStore, history: HistoryStore):
    await accept(jobs, user_id=ALICE)
    await bring_to(jobs, JobId(1), JobStatus.DELIVERED)

    assert await history.get(BOB, JobId(1)) is None
    assert await history.favour(BOB, JobId(1), favourite=True) is None
    assert await history.hide(BOB, JobId(1)) is None
    assert await found(history) == [1]
    assert await found(history, favourites=True) == []


async def test_deleted_messages_mark_their_jobs_once(
    jobs: JobStore, history: HistoryStore, clock: FakeClock
):
    for number in (1, 2):
        await accept(jobs, number)
        await bring_to(jobs, JobId(number), JobStatus.READY)
        await jobs.advance(JobId(number), JobStatus.DELIVERED, message_id=MessageId(90 + number))

    assert await history.messages_deleted([MessageId(n) for n in (5, 91, 92, 93)]) == 2
    first = await jobs.get(JobId(1))
    clock.advance(60)
    assert await history.messages_deleted([MessageId(91)]) == 0

    assert first is not None
    assert first.message_deleted_at_ms == NOON
    assert await jobs.get(JobId(1)) == first
    assert await history.messages_deleted([]) == 0


async def test_a_filter_is_remembered_for_its_member_and_for_some_days(
    history: HistoryStore, clock: FakeClock
):
    wanted = HistoryFilter(
        search='NEAR("a" *) 月', model_id="m", guild_id=DIRECT_MESSAGES, since=date(2026, 1, 2)
    )
    await history.keep_filter(1, ALICE, wanted)
    await history.keep_filter(1, ALICE, EVERYTHING)

    assert await history.filter(1, ALICE) == wanted
    assert await history.filter(1, BOB) is None
    assert await history.filter(2, ALICE) is None

    clock.advance(timedelta(days=6))
    await history.keep_filter(2, ALICE, EVERYTHING)
    assert await history.filter(1, ALICE) == wanted
    clock.advance(timedelta(days=2))
    await history.keep_filter(3, ALICE, EVERYTHING)
    assert await history.filter(1, ALICE) is None
    assert await history.filter(2, ALICE) == EVERYTHING


async def test_all_of_it_survives_a_restart(open_stores: OpenStores, tmp_path: Any):
    async with open_stores(tmp_path) as stores:
        await asked(stores.jobs, 1, "a fox at night")
        await stores.history.favour(ALICE, JobId(1), favourite=True)
        await stores.history.keep_filter(5, ALICE, HistoryFilter(search="night"))
    async with open_stores(tmp_path) as stores:
        wanted = await stores.history.filter(5, ALICE)
        assert wanted is not None
        page = await stores.history.page(ALICE, wanted, limit=5)
        assert [job.id for job in page] == [1]
        assert page[0].favourited_at_ms is not None
