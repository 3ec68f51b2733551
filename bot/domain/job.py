"""A job: the durable record of carrying out one generation request, and how it may move.

::

    queued ─→ submitting ─→ processing ─→ ready ─→ delivered
      ↑___________│_____________│
      not taken, lost, or failed once: its turn comes again

A job queued again because its submission was lost may still turn ready by a late webhook. To these
come the ends `failed`, `refused`, `cancelled` and `expired`. Every move goes through one guarded
statement that names the statuses it may start from, so whoever comes second learns that nothing is
left to do.
"""

from __future__ import annotations

from enum import IntFlag, StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.guild_settings import Flagged
from bot.domain.ids import (
    DIRECT_MESSAGES,
    ChannelId,
    GuildId,
    JobId,
    MessageId,
    ProviderJobId,
    UserId,
)
from bot.domain.outcome import EndReason, UsedSettings
from bot.domain.request import GenerationRequest


class JobStatus(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    """Accepted and reserved; waits for its turn."""
    SUBMITTING = "submitting"
    """Being sent to the image API; holds a slot there from here on."""
    PROCESSING = "processing"
    """The API has it and gave it an id."""
    READY = "ready"
    """Drawn; the slot is free, pictures are fetched and posted."""
    DELIVERED = "delivered"
    """The pictures stand in the channel (or wait in the history where nothing can be posted)."""
    FAILED = "failed"
    """Could not be drawn or fetched."""
    REFUSED = "refused"
    """The API will not draw this request."""
    CANCELLED = "cancelled"
    """The requester took it back."""
    EXPIRED = "expired"
    """Took longer than the job time-out."""


class Reuse(IntFlag):
    """The ways to ask for more from a finished picture."""

    NONE = 0
    AGAIN = 1
    VARY = 2
    EDIT = 4
    ENLARGE_2 = 8
    ENLARGE_3 = 16


TRANSITIONS: dict[JobStatus, frozenset[JobStatus]] = {
    JobStatus.QUEUED: frozenset(
        {
            JobStatus.SUBMITTING,
            JobStatus.READY,
            JobStatus.CANCELLED,
            JobStatus.EXPIRED,
            JobStatus.FAILED,
        }
    ),
    JobStatus.SUBMITTING: frozenset(
        {
            JobStatus.QUEUED,
            JobStatus.PROCESSING,
            JobStatus.READY,
            JobStatus.FAILED,
            JobStatus.REFUSED,
            JobStatus.CANCELLED,
            JobStatus.EXPIRED,
        }
    ),
    JobStatus.PROCESSING: frozenset(
        {
            JobStatus.QUEUED,
            JobStatus.READY,
            JobStatus.FAILED,
            JobStatus.REFUSED,
            JobStatus.CANCELLED,
            JobStatus.EXPIRED,
        }
    ),
    JobStatus.READY: frozenset({JobStatus.DELIVERED, JobStatus.FAILED, JobStatus.CANCELLED}),
    JobStatus.DELIVERED: frozenset(),
    JobStatus.FAILED: frozenset(),
    JobStatus.REFUSED: frozenset(),
    JobStatus.CANCELLED: frozenset(),
    JobStatus.EXPIRED: frozenset(),
}

TERMINAL = frozenset(status for status, nexts in TRANSITIONS.items() if not nexts)
UNFINISHED = frozenset(TRANSITIONS) - TERMINAL
AT_PROVIDER = frozenset({JobStatus.SUBMITTING, JobStatus.PROCESSING})
"""Statuses that take one of the API's slots."""

CHARGED = frozenset({JobStatus.DELIVERED})
"""Ends that always settle the reservation; `cancelled` does so once the API has the job."""


def sources_of(target: JobStatus) -> frozenset[JobStatus]:
    """Return the statuses from which a job may move to `target`."""
    return frozenset(status for status, nexts in TRANSITIONS.items() if target in nexts)


class Origin(BaseModel):
    """Where a job was asked for, how its asker can be reached, and what is shown there.

    `can_post` says that the bot may post there with its own token. Otherwise only the interaction
    token does, for 15 minutes (Discord, "Interaction tokens"). Without `can_read_history` Discord
    answers a look into the channel's past with nothing rather than with a refusal.
    """

    model_config = ConfigDict(frozen=True)

    user_id: UserId
    guild_id: GuildId = DIRECT_MESSAGES
    channel_id: ChannelId
    application_id: int = 0
    interaction_token: str = Field(default="", repr=False)
    can_post: bool = True
    can_read_history: bool = True
    upload_limit_bytes: int = 10 * 1024 * 1024
    private_progress: bool = False
    """Only the asker sees the acknowledgement, which our own token then cannot touch."""
    flagged: Flagged = Flagged.SPOILER
    """What the server decided about pictures that the API flags."""
    locale: str = "en-US"
    """Discord's name of the language in which everybody there is spoken to."""
    own_locale: str = "en-US"
    """That of the asker's own."""

    @property
    def progress_locale(self) -> str:
        """In which language whoever sees the acknowledgement is spoken to."""
        return self.own_locale if self.private_progress else self.locale


class NewJob(BaseModel):
    """A job about to be accepted."""

    model_config = ConfigDict(frozen=True)

    id: JobId
    origin: Origin
    request: GenerationRequest
    surcharge: int = 0
    """Images it costs beyond one a picture."""
    created_at_ms: int
    remarks: tuple[str, ...] = ()
    """What its member should know of how the request was read, as it is said to the end."""

    @property
    def cost(self) -> int:
        """What it takes of the quota, in images."""
        return self.request.samples + self.surcharge


class Job(BaseModel):
    """A stored job. Moments are Unix milliseconds."""

    model_config = ConfigDict(frozen=True)

    id: JobId
    origin: Origin
    request: GenerationRequest
    surcharge: int = 0
    """Images it costs beyond one a picture."""
    status: JobStatus
    fair_tag: int
    created_at_ms: int
    remarks: tuple[str, ...] = ()
    """What the acknowledgement says of how the request was read, in its `progress_locale`."""
    damaged: bool = False
    """The stored request could not be read whole; `request` is what was left of it."""
    attempts: int = 0
    """Submissions begun so far."""
    times_unreached: int = 0
    """How many of them surely never reached the API."""
    times_lost: int = 0
    """How many of them got no answer; the API may have taken them."""
    submitted_at_ms: int | None = None
    provider_job_id: ProviderJobId | None = None
    due_at_ms: int | None = None
    """When the API expects to be done; optimistic."""
    output: tuple[str, ...] = ()
    used: UsedSettings | None = None
    end_reason: EndReason | None = None
    end_detail: str | None = None
    cancel_requested_at_ms: int | None = None
    ready_at_ms: int | None = None
    finished_at_ms: int | None = None
    acknowledgement_id: MessageId | None = None
    post_started_at_ms: int | None = None
    message_id: MessageId | None = None
    message_channel_id: ChannelId | None = None
    """Where that message stands, if not in the channel of the origin."""
    told_at_ms: int | None = None
    """When the member was shown the end: pictures or words."""
    pointed_out_at_ms: int | None = None
    """When the member heard that a result which could not be posted waits in the history."""
    message_deleted_at_ms: int | None = None
    """When Discord said that the message which showed the end is gone."""
    favourited_at_ms: int | None = None
    hidden_at_ms: int | None = None
    """When the member deleted it from their history; the row stays, for the ledger's sake and the
    moderators'."""
    removed_at_ms: int | None = None
    """When a moderator took the pictures down; our copies went with them."""
    removed_by: UserId | None = None
    reused: int = 0
    """In which ways more was asked for from it, as bits of `Reuse`."""

    @property
    def cost(self) -> int:
        """What it takes of the quota, in images."""
        return self.request.samples + self.surcharge

    def was_reused(self, way: Reuse) -> bool:
        """Tell whether somebody asked for more in this way."""
        return bool(self.reused & way)

    def log_context(self) -> dict[str, Any]:
        """Return what a log line says of this job: never the prompt."""
        return {"job_id": self.id, "status": str(self.status), "attempts": self.attempts}


class Picture(BaseModel):
    """One finished picture, kept as a file of our own named by its SHA-256."""

    model_config = ConfigDict(frozen=True)

    position: int
    sha256: str
    media_type: str
    width: int
    height: int
    size_bytes: int
    blank: bool = False
    """All one colour: what a safety checker leaves behind."""
