"""What the image API answered, and how a job can end, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from bot.domain.ids import ProviderJobId


class UsedSettings(BaseModel):
    """What the API says it used (`meta`), which may differ from what was asked."""

    model_config = ConfigDict(frozen=True)

    prompt: str | None = None
    negative_prompt: str | None = None
    model_id: str | None = None
    scheduler: str | None = None
    steps: int | None = None
    seed: int | None = None
    width: int | None = None
    height: int | None = None
    guidance_scale: float | None = None
    generation_seconds: float | None = None
    flagged: bool | None = None
    """The safety checker's word; only newer replies carry it."""


@dataclass(frozen=True, slots=True)
class StillProcessing:
    """The job is taken and not done; `eta_seconds` is the API's estimate, an optimistic one."""

    provider_job_id: ProviderJobId | None
    eta_seconds: float | None
    used: UsedSettings | None = None
    without_links: bool = False
    """The API says that it is done, but not where the pictures are."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """The pictures exist at these links, for a day. Links may answer 404 for some seconds yet."""

    output: tuple[str, ...]
    provider_job_id: ProviderJobId | None = None
    used: UsedSettings | None = None


Reply = StillProcessing | Drawn


class EndReason(StrEnum):
    """Why a job ended without pictures. The words for each are in `bot/ui/wording.py`."""

    API_FAILED = "api_failed"
    """The API tried and failed, twice."""
    API_UNAVAILABLE = "api_unavailable"
    """No usable answer within the job's time."""
    API_REJECTED = "api_rejected"
    """The API does not accept these options."""
    MODEL_NOT_FOUND = "model_not_found"
    TIMED_OUT = "timed_out"
    """The job's time ran out."""
    PAUSED_TOO_LONG = "paused_too_long"
    """Its time ran out while submissions were paused: key, credit or limit."""
    PICTURES_LOST = "pictures_lost"
    """Drawn, but the pictures could not be fetched."""
    NO_LINKS = "no_links"
    """The API went on saying that it was drawn, and never where."""
    START_GONE = "start_gone"
    """The picture it was to start from is no longer kept."""
    CANCELLED = "cancelled"
    INTERNAL = "internal"
    """A fault of ours; the log has the reason."""


MAYBE_COLD = frozenset({EndReason.MODEL_NOT_FOUND, EndReason.API_FAILED, EndReason.TIMED_OUT})
"""How a job can end whose model the API had dropped for idling: it has no words of its own for that
(contract, section 4.4)."""
