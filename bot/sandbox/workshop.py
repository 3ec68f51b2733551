"""Where jobs are drawn: each in its own task, the drawing itself in threads."""

from __future__ import annotations

import asyncio
import base64
import logging
import random
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from bot.sandbox.faults import Fault, Stage
from bot.sandbox.jobs import Job, JobBoard, JobState
from bot.sandbox.links import HostedFile, PictureHost
from bot.sandbox.painter import Finish, paint_pictures
from bot.sandbox.replies import Replies
from bot.sandbox.settings import SandboxSettings, Seconds
from bot.sandbox.sources import Sources
from bot.sandbox.webhooks import WebhookPoster

log = logging.getLogger(__name__)

_LATE_LINK_SECONDS = (5.0, 15.0)
"""How late the vendor's late links were (contract, section 6)."""


class Workshop:
    """Draws jobs, hosts their pictures and reports them."""

    def __init__(
        self,
        *,
        settings: SandboxSettings,
        board: JobBoard,
        host: PictureHost,
        poster: WebhookPoster,
    ) -> None:
        self._settings = settings
        self._board = board
        self._host = host
        self._poster = poster
        self._finish = Finish(settings.picture_scale, cheap=settings.cheap_pictures)
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="sandbox-painter")
        self._tasks: set[asyncio.Task[None]] = set()
        self.open = asyncio.Event()
        """While this is not set, jobs wait with their pictures drawn."""
        self.open.set()

    def start(self, job: Job, sources: Sources, replies: Replies) -> None:
        """Begin a job that is on the board; some never get anywhere."""
        if not job.plan.has(Fault.NEVER_READY):
            self._spawn(self._run(job, sources, replies))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Drop every job and report under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._threads.shutdown(wait=True, cancel_futures=True)

    async def idle(self) -> None:
        """Wait until no job is being drawn and no webhook is on its way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _run(self, job: Job, sources: Sources, replies: Replies) -> None:
        try:
            state = await self._make(job, sources)
        except Exception:
            log.exception("job %s could not be drawn", job.id)
            state = JobState.FAILED
        self._board.end(job, state)
        if job.queued or self._settings.webhook_on_sync_success:
            await self._poster.report(job, replies)
        else:
            job.reported.set()

    async def _make(self, job: Job, sources: Sources) -> JobState:
        pictures, _ = await asyncio.gather(
            self._paint(job, sources), asyncio.sleep(job.expected_seconds)
        )
        await self.open.wait()
        if job.plan.has(Fault.FETCH_FAILED):
            return JobState.FAILED
        for name, picture in zip(job.file_names, pictures, strict=True):
            self._publish(job, name, picture)
        return JobState.SUCCESS

    async def _paint(self, job: Job, sources: Sources) -> list[bytes]:
        loop = asyncio.get_running_loop()
        paint = partial(
            paint_pictures,
            job.parameters,
            sources,
            self._finish,
            blank=job.plan.has(Fault.CENSORED),
        )
        return await loop.run_in_executor(self._threads, paint)

    def _publish(self, job: Job, name: str, picture: bytes) -> None:
        ready_at = time.monotonic() + self._link_delay()
        lifetime = self._settings.link_lifetime_seconds
        as_text = job.parameters.base64
        self._host.put(
            name,
            HostedFile(
                data=base64.b64encode(picture) if as_text else picture,
                content_type="text/plain" if as_text else "image/png",
                ready_at=ready_at,
                expires_at=ready_at + lifetime if lifetime and job.parameters.temp else None,
                injection=job.plan.at(Stage.LINK),
            ),
        )

    def _link_delay(self) -> float:
        late = random.random() < self._settings.late_link_share
        return self._settings.link_delay_seconds + (pick(_LATE_LINK_SECONDS) if late else 0.0)


def pick(seconds: Seconds) -> float:
    """Return a fixed time, or one out of a range."""
    return random.uniform(*seconds) if isinstance(seconds, tuple) else seconds
