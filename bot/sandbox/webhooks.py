"""Telling the client that a job ended: unsigned JSON, best effort (contract, section 7)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import aiohttp

from bot.sandbox.answers import Json
from bot.sandbox.faults import Fault, Injection, Stage
from bot.sandbox.jobs import Job
from bot.sandbox.replies import Replies

log = logging.getLogger(__name__)


def _without_meta(body: Json) -> Json:
    return {name: value for name, value in body.items() if name != "meta"}


def _with_text_id(body: Json) -> Json:
    return {**body, "id": str(body["id"])}


def _without_output(body: Json) -> Json:
    return {**body, "output": []}


_ALTERED: dict[Fault, Callable[[Json], Json]] = {
    Fault.WEBHOOK_NO_META: _without_meta,
    Fault.WEBHOOK_TEXT_ID: _with_text_id,
    Fault.WEBHOOK_EMPTY_OUTPUT: _without_output,
}


def deliveries(body: Json, injection: Injection | None) -> list[Json]:
    """Return the bodies to post, in order, as a fault leaves them."""
    if injection is None:
        return [body]
    if injection.fault is Fault.WEBHOOK_MISSING:
        return []
    if injection.fault is Fault.WEBHOOK_DUPLICATE:
        return [body] * injection.count
    if injection.fault is Fault.WEBHOOK_PROCESSING_FIRST:
        return [{**body, "status": "processing", "output": []}, body]
    alter = _ALTERED.get(injection.fault)
    return [alter(body) if alter else body]


class WebhookPoster:
    """Posts the outcome of jobs."""

    def __init__(self, session: aiohttp.ClientSession, timeout_seconds: float) -> None:
        self._session = session
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds)

    async def report(self, job: Job, replies: Replies) -> None:
        """Post what there is to say about an ended job, if it gave an address."""
        try:
            if job.parameters.webhook:
                await self._deliver(job.parameters.webhook, job, replies)
        finally:
            job.reported.set()

    async def _deliver(self, address: str, job: Job, replies: Replies) -> None:
        injection = job.plan.at(Stage.WEBHOOK)
        if injection and injection.fault is Fault.WEBHOOK_LATE:
            await asyncio.sleep(injection.seconds)
        bodies = deliveries(replies.webhook(job), injection)
        if injection and injection.fault is Fault.WEBHOOK_DUPLICATE:
            await asyncio.gather(*(self._post(address, body) for body in bodies))
            return
        for body in bodies:
            await self._post(address, body)

    async def _post(self, address: str, body: Json) -> None:
        try:
            async with self._session.post(
                address, json=body, timeout=self._timeout, allow_redirects=False
            ) as response:
                log.debug("webhook of job %s answered with %s", body["id"], response.status)
        except (aiohttp.ClientError, TimeoutError) as error:
            log.info("webhook of job %s was lost: %s", body["id"], type(error).__name__)
