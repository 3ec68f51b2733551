"""What a store of drafts promises."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.domain.draft import Draft
from bot.domain.ids import JobId
from tests.contract.conftest import OpenStores, Stores
from tests.factories.jobs import ALICE, BOB, a_request

TYPED = Draft(
    request=a_request(prompt="fox", lora_model=("a",), lora_strength=(0.5,)),
    job_id=JobId(5),
    typed={"prompt": "a \u202e'; DROP TABLE drafts; -- 🦊", "size": "huge"},
)


async def test_a_draft_is_kept_for_its_member_only(stores: Stores):
    await stores.drafts.keep(1, ALICE, TYPED)

    assert await stores.drafts.get(1, ALICE) == TYPED
    assert await stores.drafts.get(1, BOB) is None
    assert await stores.drafts.get(2, ALICE) is None


async def test_the_first_of_an_id_stays(stores: Stores):
    await stores.drafts.keep(1, ALICE, TYPED)
    await stores.drafts.keep(1, ALICE, Draft(request=a_request()))
    assert await stores.drafts.get(1, ALICE) == TYPED


async def test_a_draft_is_kept_for_some_days(stores: Stores):
    await stores.drafts.keep(1, ALICE, TYPED)
    stores.clock.advance(timedelta(days=6))
    await stores.drafts.keep(2, ALICE, TYPED)
    assert await stores.drafts.get(1, ALICE) == TYPED
    stores.clock.advance(timedelta(days=2))
    await stores.drafts.keep(3, ALICE, TYPED)

    assert await stores.drafts.get(1, ALICE) is None
    assert await stores.drafts.get(2, ALICE) == TYPED


async def test_a_draft_survives_a_restart(open_stores: OpenStores, tmp_path: Path):
    async with open_stores(tmp_path) as stores:
        await stores.drafts.keep(1, ALICE, TYPED)
    async with open_stores(tmp_path) as stores:
        assert await stores.drafts.get(1, ALICE) == TYPED
