"""A courier that keeps what it posted, and fails as a test scripted it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.ids import ChannelId, JobId, MessageId
from bot.domain.job import Job
from bot.domain.ports import Attachment, Posted
from bot.domain.standing import Standing
from bot.errors import DeliveryError
from tests.fakes.changes import Changes

PRIVATE_CHANNEL = ChannelId(777)
"""Everybody's direct messages."""


@dataclass(frozen=True)
class Post:
    """One message a member can see. Its nonce is the job's id."""

    way: str
    job: Job
    attachments: tuple[Attachment, ...]
    message_id: MessageId

    @property
    def nonce(self) -> JobId:
        return self.job.id


@dataclass
class Trouble:
    """What goes wrong next on one way, in one channel or in all."""

    way: str
    error: DeliveryError
    channel_id: ChannelId | None
    times: int
    yet_shown: bool
    """The message stands in the channel although the call failed."""


def slow_down() -> DeliveryError:
    return DeliveryError("Discord asks us to slow down", retryable=True)


def broken_off() -> DeliveryError:
    return DeliveryError("no answer from Discord", retryable=True, fate_unknown=True)


def forbidden() -> DeliveryError:
    return DeliveryError("Discord answered 403", retryable=False)


class RecordingCourier:
    """A Courier."""

    def __init__(self) -> None:
        self.posts: list[Post] = []
        self.acknowledgements: list[tuple[Job, Standing]] = []
        self.tries: Counter[str] = Counter()
        self.posts_waiting = 0
        """How many posts came upon a held channel."""
        self.changes = Changes()
        self._troubles: list[Trouble] = []
        self._ids = iter(range(9000, 99_999))
        self._held: dict[ChannelId, asyncio.Event] = {}
        self._posts_held: dict[ChannelId, asyncio.Event] = {}
        self._ready = asyncio.Event()
        self._ready.set()

    def fail(
        self,
        way: str,
        error: DeliveryError,
        *,
        channel_id: ChannelId | None = None,
        times: int = 1,
        yet_shown: bool = False,
    ) -> None:
        """Script failures of one of the port's methods."""
        self._troubles.append(Trouble(way, error, channel_id, times, yet_shown))

    def recover(self) -> None:
        """Fail no more."""
        self._troubles.clear()

    def hold_edits(self, channel_id: ChannelId) -> asyncio.Event:
        """Let edits of acknowledgements in a channel hang until the event is set."""
        return self._held.setdefault(channel_id, asyncio.Event())

    def hold_posts(self, channel_id: ChannelId) -> asyncio.Event:
        """Let posts in a channel hang until the event is set."""
        return self._posts_held.setdefault(channel_id, asyncio.Event())

    def not_ready(self) -> None:
        self._ready.clear()

    def ready(self) -> None:
        self._ready.set()

    def shown(self, job_id: JobId) -> list[Post]:
        """Return the messages a member sees of a job; more than one is a double."""
        by_message = {post.message_id: post for post in self.posts if post.nonce == job_id}
        return list(by_message.values())

    @property
    def doubles(self) -> list[JobId]:
        return [job_id for job_id in {p.nonce for p in self.posts} if len(self.shown(job_id)) > 1]

    async def until_shown(self, *job_ids: JobId) -> None:
        await self.changes.until(lambda: all(self.shown(job_id) for job_id in job_ids))

    async def until_tried(self, way: str, times: int) -> None:
        await self.changes.until(lambda: self.tries[way] >= times)

    async def wait_until_ready(self) -> None:
        await self._ready.wait()

    async def post(self, job: Job, attachments: Sequence[Attachment]) -> Posted:
        if (hold := self._posts_held.get(job.origin.channel_id)) is not None:
            self.posts_waiting += 1
            self.changes.tell()
            await hold.wait()
        return self._show("post", job, attachments, MessageId(next(self._ids)))

    async def find_post(self, job: Job) -> Posted | None:
        self._stumble("find_post", job)
        found = [post.message_id for post in self.shown(job.id) if post.way == "post"]
        return Posted(found[0]) if found else None

    async def edit_into_result(self, job: Job, attachments: Sequence[Attachment]) -> Posted:
        message_id = job.acknowledgement_id or MessageId(int(job.id))
        return self._show("edit_into_result", job, attachments, message_id)

    async def send_privately(self, job: Job, attachments: Sequence[Attachment]) -> Posted:
        sent = self._show("send_privately", job, attachments, MessageId(next(self._ids)))
        return Posted(sent.message_id, PRIVATE_CHANNEL)

    async def update_acknowledgement(self, job: Job, standing: Standing) -> None:
        self.tries["update_acknowledgement"] += 1
        self.changes.tell()
        if (hold := self._held.get(job.origin.channel_id)) is not None:
            await hold.wait()
        self.acknowledgements.append((job, standing))
        self.changes.tell()

    def _show(
        self, way: str, job: Job, attachments: Sequence[Attachment], message_id: MessageId
    ) -> Posted:
        post = Post(way, job, tuple(attachments), message_id)
        self._stumble(way, job, post)
        self._keep(post)
        return Posted(message_id)

    def _stumble(self, way: str, job: Job, post: Post | None = None) -> None:
        self.tries[way] += 1
        self.changes.tell()
        for trouble in self._troubles:
            here = trouble.channel_id in {None, job.origin.channel_id}
            if trouble.way == way and trouble.times > 0 and here:
                trouble.times -= 1
                if trouble.yet_shown and post is not None:
                    self._keep(post)
                raise trouble.error

    def _keep(self, post: Post) -> None:
        self.posts.append(post)
        self.changes.tell()
