"""One member's command, held at the image API until the row has done its harm."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.ids import JobId
from bot.domain.job import Job
from tests.discord_server import DiscordServer, Fault
from tests.hostile.rows import Outcome, finish
from tests.hostile.scripted_api import Answer, Script, processing, success
from tests.hostile.stage import Place, Stage
from tests.patience import PATIENCE_SECONDS


@dataclass(slots=True)
class Scene:
    """What the functions of a row's table act in."""

    stage: Stage
    prompt: str
    place: Place
    token: str = ""
    _released: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def discord(self) -> DiscordServer:
        return self.stage.discord

    def answers(self, *submits: Answer) -> None:
        """Script what the image API says, once it is let."""
        script = Script(submits=submits or (success(),), before=self._released.wait)
        self.stage.scripted.scripts[self.prompt] = script

    def takes_its_time(self) -> None:
        """Let the image API take the job at once and draw it when it is let."""
        self.stage.scripted.scripts[self.prompt] = Script(
            submits=(processing(),), until=self._released
        )

    async def elsewhere(self, guild_id: int | None, **channel: Any) -> None:
        """Move the member to another server."""
        self.place = await self.stage.place(guild_id, **channel)

    async def faulty(self, method: str, path: str, *faults: Fault, times: int = 1) -> None:
        for fault in faults:
            await self.discord.inject(method, path, fault, times=times)

    async def ask(self, *, options: dict[str, Any] | None = None, **where: Any) -> JobId:
        """Ask, and wait for the answer, so that no fault meant for another one's meets it."""
        async with self.stage.asking:
            job_id = await self._ask(options or {}, where)
            await self.discord.wait_for_answer(job_id)
            return job_id

    async def ask_through(self, *faults: Fault, **where: Any) -> JobId:
        """Ask while the answer to the command meets these faults."""
        async with self.stage.asking:
            path = "/interactions/*/*/callback"
            before = len(await self.discord.requests("POST", path))
            await self.faulty("POST", path, *faults)
            job_id = await self._ask({}, where)
            await self.discord.wait_for_requests(
                before + len(faults), "POST", path, within=PATIENCE_SECONDS
            )
            return job_id

    async def _ask(self, options: dict[str, Any], where: dict[str, Any]) -> JobId:
        used = await self.discord.slash(
            "imagine",
            {"prompt": self.prompt, **options},
            where=replace(self.place.where, **where),
            wait_seconds=PATIENCE_SECONDS,
        )
        self.token = used.token
        return JobId(used.id)

    async def acknowledged(self, **where: Any) -> Job:
        """Ask, and wait until the acknowledgement stands and is known."""
        job_id = await self.ask(**where)
        return await self.stage.until(job_id, lambda job: job.acknowledgement_id is not None)

    def let_go(self) -> None:
        """Let the image API answer."""
        self._released.set()

    async def end(self, job_id: JobId) -> Outcome:
        self.let_go()
        return await finish(self.stage, self.place, job_id, self.prompt)
