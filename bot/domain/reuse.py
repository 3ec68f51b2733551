"""What is asked for when somebody wants more of a finished picture.

The API names one seed for all pictures of a job and says nothing of how they follow from it. A
picture of a set, wanted alone, is asked for with the seed that many places after the first, as is
usual; the whole set, asked for again with the same seed, is the one sure way to the same pictures.
"""

from __future__ import annotations

from typing import Any

from bot.domain.endpoint import Endpoint
from bot.domain.job import Job
from bot.domain.request import MAX_SEED, GenerationRequest
from bot.domain.start import VARY_STRENGTH, Start

WHOLE_SET = 0
"""In place of a picture's number, which counts from 1."""


def as_drawn(job: Job) -> GenerationRequest:
    """Return what a job asked for, with the seed that the API says it used."""
    used = job.used.seed if job.used else None
    if used is None or not 0 <= used <= MAX_SEED:
        return job.request
    return job.request.replace(seed=used)


def variation(job: Job, number: int) -> dict[str, Any]:
    """Return what to change where the picture is gone: the next seed that is not in the set."""
    changes = _alone(job, number)
    seed = changes.get("seed", as_drawn(job).seed) + job.request.samples
    return {**changes, "seed": seed % (MAX_SEED + 1)}


def slight_change(start: Start, seed: int) -> dict[str, Any]:
    """Return what to change for a variation that starts from the picture itself."""
    return {**from_picture(start, seed), "strength": VARY_STRENGTH}


def from_picture(start: Start, seed: int) -> dict[str, Any]:
    """Return what to change for one picture that starts from a finished one."""
    return {**start.attributes(), "samples": 1, "seed": seed}


def enlargement(job: Job, factor: int, number: int) -> dict[str, Any]:
    """Return what to change for a larger copy of a picture."""
    return {**_alone(job, number), "upscale": factor}


def can_enlarge(job: Job, factor: int) -> bool:
    """Tell whether pictures would become larger than they were asked for.

    What starts from a picture cannot: its endpoints know no `upscale`.
    """
    return job.request.endpoint is Endpoint.WORDS and factor > (job.request.upscale or 0)


def _alone(job: Job, number: int) -> dict[str, Any]:
    if number == WHOLE_SET:
        return {}
    return {"samples": 1, "seed": (as_drawn(job).seed + number - 1) % (MAX_SEED + 1)}
