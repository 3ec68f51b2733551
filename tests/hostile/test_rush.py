"""Many commands in one moment, through real discord.py: limits hold to the image."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.domain.asker import Asker
from bot.domain.guild_settings import Setting
from bot.domain.ids import GuildId, UserId
from bot.domain.quota_rule import QuotaRule
from tests.discord_server import GUILD_ID
from tests.hostile.scripted_api import scripted_api
from tests.hostile.stage import open_stage, short_pauses

MODERATOR = Asker(user_id=UserId(1), guild_id=GuildId(GUILD_ID), manages_server=True)


async def test_fifty_commands_at_once_of_a_newcomer_with_a_limit_of_three_accept_three(
    tmp_path: Path,
):
    with short_pauses():
        async with scripted_api() as api, open_stage(api, tmp_path) as stage:
            rule = QuotaRule(daily_images=3)
            await stage.app.services.guild_settings.put(MODERATOR, Setting.QUOTA, rule)
            newcomer = await stage.place()
            asked = await asyncio.gather(
                *(stage.ask(newcomer.where, f"fox {number}") for number in range(50))
            )
            answers = [await stage.discord.wait_for_answer(job_id) for job_id in asked]
            accepted = [job_id for job_id in asked if await stage.app.stores.jobs.get(job_id)]

            assert len(accepted) == 3
            assert all(answer.answered_at is not None for answer in answers)
            for job_id in accepted:
                await stage.told(job_id)
            assert [stage.ledger(job_id) for job_id in asked].count("settled") == 3
            assert [stage.ledger(job_id) for job_id in asked].count("nothing") == 47
