"""A member who presses Enter fifty times at once gets what the limit allows, and not one more."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.domain.ids import GuildId, JobId, UserId
from bot.sandbox import SandboxServer, SandboxSettings
from tests.discord_server import GUILD_ID, Command, InteractionRecord, Where
from tests.hostile.stage import Stage, open_stage

COMMANDS = 50
ALLOWED = 3
EPHEMERAL = 64
MODERATOR = discord.Permissions(manage_guild=True, view_channel=True).value


@contextlib.asynccontextmanager
async def opened(tmp_path: Path, **changes: Any) -> AsyncGenerator[Stage]:
    async with (
        SandboxServer(SandboxSettings(cheap_pictures=True)) as api,
        open_stage(api, tmp_path, **changes) as stage,
    ):
        yield stage


async def burst(stage: Stage, where: Where) -> list[InteractionRecord]:
    commands = [
        Command(name="imagine", options={"prompt": f"fox {n}"}, where=where)
        for n in range(COMMANDS)
    ]
    ids = await stage.discord.burst(commands)
    return [await stage.discord.wait_for_answer(each) for each in ids]


def is_refusal(asked: InteractionRecord) -> bool:
    return bool((asked.answer or {}).get("flags", 0) & EPHEMERAL)


async def accepted(stage: Stage, where: Where) -> int:
    """Ask fifty times at once; return how many were accepted, which must be all that is made."""
    asked = await burst(stage, where)
    refused = [each for each in asked if is_refusal(each)]
    passed = [JobId(each.id) for each in asked if not is_refusal(each)]
    for job_id in passed:
        await stage.told(job_id)
    assert len(refused) + len(passed) == COMMANDS
    assert all("left" in (each.answer or {})["content"] for each in refused)
    books = Counter(stage.ledger(JobId(each.id)) for each in asked)
    assert books == {"settled": len(passed), "nothing": len(refused)}
    assert len(stage.sandbox.submits) == len(passed)
    usage = await stage.app.stores.jobs.quota_usage(
        UserId(where.user_id), stage.app.services.clock.now_ms(), GuildId(GUILD_ID)
    )
    assert (usage.here.images, usage.images) == (len(passed), len(passed))
    return len(passed)


async def test_under_the_operator_s_ceiling(tmp_path: Path):
    async with opened(tmp_path, user_daily_images=ALLOWED) as stage:
        assert await accepted(stage, (await stage.place()).where) == ALLOWED


@pytest.mark.parametrize(
    ("rule", "allowed"),
    [
        ({"daily_images": "3"}, ALLOWED),
        ({"server_images": "3"}, ALLOWED),
        ({"cooldown": "600"}, 1),
    ],
    ids=str,
)
async def test_under_a_server_s_rule(tmp_path: Path, rule: dict[str, str], allowed: int):
    async with opened(tmp_path) as stage:
        place = await stage.place()
        moderator = Where(
            user_id=await stage.discord.add_user("otto", guild_id=GUILD_ID),
            channel_id=place.channel_id,
            member_permissions=MODERATOR,
        )
        done = await stage.discord.slash("quota set", rule, where=moderator)
        await stage.discord.wait_for_answer(done.id)

        assert await accepted(stage, place.where) == allowed


async def test_two_members_at_once_share_a_server_s_total_to_the_image(tmp_path: Path):
    async with opened(tmp_path) as stage:
        first, second = await stage.place(), await stage.place()
        moderator = Where(
            user_id=first.user_id, channel_id=first.channel_id, member_permissions=MODERATOR
        )
        done = await stage.discord.slash("quota set", {"server_images": "7"}, where=moderator)
        await stage.discord.wait_for_answer(done.id)

        answers = await asyncio.gather(burst(stage, first.where), burst(stage, second.where))

        assert sum(not is_refusal(each) for asked in answers for each in asked) == 7
