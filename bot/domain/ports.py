"""What the use cases need from the outside world, and what each adapter promises.

Nothing here knows SQLite, HTTP or Discord. A store's method is one transaction: it happened wholly
once the call returns, and not at all if it raises.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypedDict, Unpack

from bot.domain.catalogue import CatalogueEntry
from bot.domain.ids import (
    DIRECT_MESSAGES,
    ChannelId,
    GuildId,
    JobId,
    MessageId,
    ProviderJobId,
    UserId,
)
from bot.domain.job import Job, JobStatus, NewJob, Picture, Reuse
from bot.domain.outcome import EndReason, Reply, UsedSettings
from bot.domain.quota import QuotaLimits, QuotaUsage
from bot.domain.request import GenerationRequest
from bot.domain.standing import Standing
from bot.domain.start import StartLinks


@dataclass(frozen=True, slots=True)
class JobRef:
    """What an engine needs to know of a job."""

    id: JobId
    status: JobStatus
    fair_tag: int


class Transaction(Protocol):
    """A store's open transaction; only stores and engines that share their database look inside."""


class JobFacts(TypedDict, total=False):
    """What may be written beside a change of status."""

    attempts: int
    times_unreached: int
    times_lost: int
    submitted_at_ms: int | None
    provider_job_id: ProviderJobId | None
    due_at_ms: int | None
    output: tuple[str, ...]
    used: UsedSettings | None
    end_reason: EndReason
    end_detail: str | None
    cancel_requested_at_ms: int
    ready_at_ms: int
    finished_at_ms: int
    acknowledgement_id: MessageId
    post_started_at_ms: int | None
    message_id: MessageId
    message_channel_id: ChannelId | None
    told_at_ms: int
    pointed_out_at_ms: int


class JobStore(Protocol):
    """The jobs table: the queue, the record and the ledger that goes with it."""

    async def accept(
        self, job: NewJob, limits: QuotaLimits, enqueue: Callable[[Transaction, JobRef], None]
    ) -> Job:
        """Reserve the images, store the job as queued and enqueue it, all in one transaction.

        A job id that is already stored returns the stored job and changes nothing, so that an
        interaction delivered twice makes one job.

        Raises:
            QuotaExceeded: nothing was stored.
        """
        ...

    async def foresee(self, job: NewJob, limits: QuotaLimits) -> None:
        """Look at a job as `accept` would at this moment; nothing is stored or reserved.

        Raises:
            QuotaExceeded: it would not be accepted.
        """
        ...

    async def get(self, job_id: JobId) -> Job | None:
        """Return the job, if there is one."""
        ...

    async def advance(
        self,
        job_id: JobId,
        target: JobStatus,
        *,
        sources: frozenset[JobStatus] | None = None,
        **facts: Unpack[JobFacts],
    ) -> Job | None:
        """Move a job, if it still is where it may move from: the one door of every status.

        The ledger moves with it: delivered settles the reservation, a cancelled job that the API
        already had is charged too, every other end refunds. `sources` narrows the statuses that
        the transition table allows. Returns the job as it is now, or None when somebody else was
        first.
        """
        ...

    async def record(
        self,
        job_id: JobId,
        *,
        sources: frozenset[JobStatus] | None = None,
        **facts: Unpack[JobFacts],
    ) -> Job | None:
        """Write facts that change no status; None when the job is not in one of `sources`."""
        ...

    async def note_reuse(self, job_id: JobId, way: Reuse) -> Job | None:
        """Note that more was asked for from a job; None where there is none."""
        ...

    async def unfinished(self) -> Sequence[JobRef]:
        """Return jobs that are queued or at the provider: those there first, then by fair turn."""
        ...

    async def untold(self) -> Sequence[JobId]:
        """Return jobs whose end the member has not been shown, oldest first.

        That is: ready ones, and failed, refused or expired ones without `told_at_ms`. A member
        who cancelled knows.
        """
        ...

    async def unseen(self, user_id: UserId) -> Sequence[JobId]:
        """Return the member's results that could not be posted and were not pointed out yet."""
        ...

    async def overdue(self, created_before_ms: int) -> Sequence[JobId]:
        """Return jobs still queued that were accepted before that moment."""
        ...

    async def place_in_queue(self, job_id: JobId) -> int | None:
        """Return how many jobs are queued before this one; None when it is not queued."""
        ...

    async def queue_head(self, limit: int) -> Sequence[JobId]:
        """Return the queued jobs whose turn comes next, first first."""
        ...

    async def newest(self, limit: int) -> Sequence[Job]:
        """Return the jobs asked for last, newest first, whatever became of them."""
        ...

    async def last_drawn(self, limit: int) -> Sequence[Job]:
        """Return the last jobs of which pictures were drawn, newest first."""
        ...

    async def of_user(
        self, user_id: UserId, *, before: JobId | None = None, limit: int = 10
    ) -> Sequence[Job]:
        """Return a page of the member's jobs, newest first, older than `before`."""
        ...

    async def open_of(self, user_id: UserId) -> Sequence[Job]:
        """Return the member's jobs that have not ended, newest first."""
        ...

    async def quota_usage(
        self, user_id: UserId, now_ms: int, guild_id: GuildId = DIRECT_MESSAGES
    ) -> QuotaUsage:
        """Return what counts against a member in a server at that moment, grants included."""
        ...


@dataclass(frozen=True, slots=True)
class PictureData:
    """The bytes of a picture whose type and size were found by decoding it."""

    data: bytes
    media_type: str
    width: int
    height: int
    blank: bool = False
    """All one colour: what a safety checker leaves behind."""


class PictureStore(Protocol):
    """Our own copies of pictures, one file for equal bytes."""

    async def keep(self, job_id: JobId, position: int, picture: PictureData) -> Picture:
        """Store a picture durably and name it in the job's record; again is harmless."""
        ...

    async def of_job(self, job_id: JobId) -> Sequence[Picture]:
        """Return the job's pictures in order."""
        ...

    async def read(self, sha256: str) -> bytes:
        """Return a picture's bytes.

        Raises:
            StorageError: the file is gone.
        """
        ...

    async def forget(self, job_id: JobId) -> None:
        """Forget a job's pictures, and what it started from.

        A file goes when the last row that names it goes.
        """
        ...

    async def sweep(self, *, older_than_ms: int, keep_total_bytes: int) -> int:
        """Forget pictures past their age, then the oldest past the total; return bytes freed.

        What an unfinished job starts from stays. A file goes when the last row that names it goes.
        """
        ...

    async def remove_unnamed(self) -> int:
        """Remove the files that no job names any more; return bytes freed."""
        ...


class CatalogueStore(Protocol):
    """The last known model list."""

    async def replace(self, entries: Sequence[CatalogueEntry]) -> None:
        """Put a fresh list in the place of the old one."""
        ...

    async def load(self) -> Sequence[CatalogueEntry]:
        """Return the list, empty before the first refresh."""
        ...


class SecretsAndMarks(Protocol):
    """Small values the program itself must remember, by name."""

    async def get(self, name: str) -> str | None:
        """Return the value, if set."""
        ...

    async def put(self, name: str, value: str) -> None:
        """Set the value."""
        ...

    async def get_or_create(self, name: str, make: Callable[[], str]) -> str:
        """Return the value, storing `make()` first where there is none."""
        ...


class ImageApi(Protocol):
    """The vendor. Every call ends within its deadline and raises only ProviderError."""

    async def submit(
        self,
        request: GenerationRequest,
        *,
        track_id: str,
        webhook: str | None,
        links: StartLinks | None = None,
    ) -> Reply:
        """Ask for pictures; not repeatable without risk of paying twice.

        `links` lead to what the request starts from, where it starts from a picture.

        Raises:
            ProviderError: `maybe_taken` tells whether the job may exist all the same.
        """
        ...

    async def host(self, picture: bytes, media_type: str) -> str:
        """Hand over a picture; return where the API finds it, for a day."""
        ...

    async def fetch(self, provider_job_id: ProviderJobId) -> Reply:
        """Ask how a job stands; repeatable."""
        ...

    async def list_models(self) -> Sequence[CatalogueEntry]:
        """Return the public models; repeatable."""
        ...

    async def reload_model(self, model_id: str) -> None:
        """Ask for a model that was dropped for idling; takes about two minutes there."""
        ...

    async def download(self, url: str) -> PictureData:
        """Fetch one finished picture, guarded against whatever a link may point to.

        Raises:
            DownloadError: `retryable` tells whether the link may work later.
        """
        ...


class JobEngine(Protocol):
    """Runs jobs: promises only that `run(job_id)` is called again until it returns.

    It may be called twice at once; guarded transitions absorb that. `run` raises `RunLater` to
    hand its place back.
    """

    async def start(self, run: Callable[[JobId], Awaitable[None]]) -> None:
        """Begin, with what an earlier process left unfinished."""
        ...

    def enqueue(self, transaction: Transaction, job: JobRef) -> None:
        """Note the job inside the accept transaction; nothing where the jobs table is the queue."""
        ...

    def committed(self, job: JobRef) -> None:
        """Hear that the accept transaction has committed; returns at once."""
        ...

    async def stop(self, grace_seconds: float) -> None:
        """Start nothing more; let what is under way finish for so long, then cancel it."""
        ...


class RunLater(Exception):
    """Raised by `run` to give its place back and be called again after a delay."""

    def __init__(self, delay_seconds: float) -> None:
        super().__init__(delay_seconds)
        self.delay_seconds = delay_seconds


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture about to be posted."""

    picture: Picture
    data: bytes


@dataclass(frozen=True, slots=True)
class Posted:
    """The message that shows the end of a job, and its channel where that is not the origin's."""

    message_id: MessageId
    channel_id: ChannelId | None = None


class Courier(Protocol):
    """Posts to Discord. Raises DeliveryError, which says what can be tried next."""

    async def wait_until_ready(self) -> None:
        """Return once posting is possible."""
        ...

    async def post(self, job: Job, attachments: Sequence[Attachment]) -> Posted:
        """Post the end of a job as a new message with a nonce derived from the job."""
        ...

    async def find_post(self, job: Job) -> Posted | None:
        """Look for that message in the channel's history.

        Raises:
            DeliveryError: the history may not be read, or not now (`retryable`).
        """
        ...

    async def edit_into_result(self, job: Job, attachments: Sequence[Attachment]) -> Posted:
        """Turn the acknowledgement into the result; doing it twice shows it once."""
        ...

    async def send_privately(self, job: Job, attachments: Sequence[Attachment]) -> Posted:
        """Send the end of a job to its requester as a direct message, with the same nonce."""
        ...

    async def update_acknowledgement(self, job: Job, standing: Standing) -> None:
        """Show where the job stands now; of no consequence when it cannot."""
        ...
