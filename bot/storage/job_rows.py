"""Rows of `jobs` as `Job` values and back, and the one statement that changes them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, TypeVar, cast

from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.domain.ids import JobId
from bot.domain.job import Job, JobStatus, NewJob
from bot.domain.outcome import EndReason, UsedSettings
from bot.domain.ports import JobFacts, JobRef
from bot.domain.request import GenerationRequest, salvage_request
from bot.errors import StorageError
from bot.storage.transaction import Row, SqlValue

T = TypeVar("T")

SELECT_JOB = "SELECT * FROM jobs WHERE id = $1"

INSERT_JOB = """
    INSERT INTO jobs (
        id, user_id, guild_id, channel_id, application_id, interaction_token, can_post,
        can_read_history, upload_limit_bytes, private_progress, flagged, request, model_id, images,
        surcharge, status, fair_tag, created_at_ms, locale,
        own_locale, remarks, search_due
    )
    VALUES (
        $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'queued', $16, $17,
        $18, $19, $20, 1
    )
"""

_FACTS = frozenset(JobFacts.__annotations__)
_TEXTS, _USED = TypeAdapter(tuple[str, ...]), TypeAdapter(UsedSettings)


def job_of(row: Row) -> Job:
    """Return the job a row holds.

    Raises:
        StorageError: the row does not make a job; it was written by something else.
    """
    values: dict[str, Any] = dict(row)
    request = _request_of(values["request"])
    try:
        return Job.model_validate(
            {
                **values,
                "origin": values,
                "request": request or _salvaged(values["request"]),
                "damaged": request is None,
                "output": _read(_TEXTS, values["output"]) or (),
                "remarks": _read(_TEXTS, values["remarks"]) or (),
                "used": values["used"] and _read(_USED, values["used"]),
                "end_reason": _known_reason(values["end_reason"]),
            }
        )
    except ValidationError as error:
        raise StorageError(f"The stored job {values['id']} is damaged.") from error


def _read(kind: TypeAdapter[T], text: str) -> T | None:
    """Return what was said of a job; None where it is spoilt, which must not stop the job."""
    try:
        return kind.validate_json(text)
    except ValidationError:
        return None


def _known_reason(text: str | None) -> EndReason | None:
    """Return why a job ended, as far as this program knows: a later one may have more reasons."""
    try:
        return EndReason(text) if text else None
    except ValueError:
        return EndReason.INTERNAL


def _request_of(text: str) -> GenerationRequest | None:
    try:
        return GenerationRequest.model_validate_json(text)
    except ValidationError:
        return None


def _salvaged(text: str) -> GenerationRequest:
    try:
        values: object = json.loads(text)
    except ValueError:
        values = None
    return salvage_request(cast("dict[str, Any]", values) if isinstance(values, dict) else {})


def ref_of(row: Row) -> JobRef:
    """Return what an engine needs to know of the job in a row."""
    return JobRef(JobId(row["id"]), JobStatus(row["status"]), row["fair_tag"])


def insert_values(job: NewJob, fair_tag: int) -> tuple[SqlValue, ...]:
    """Return the arguments of `INSERT_JOB`."""
    origin = job.origin
    return (
        job.id,
        origin.user_id,
        origin.guild_id,
        origin.channel_id,
        origin.application_id,
        origin.interaction_token,
        origin.can_post,
        origin.can_read_history,
        origin.upload_limit_bytes,
        origin.private_progress,
        origin.flagged.value,
        job.request.model_dump_json(),
        job.request.model_id,
        job.request.samples,
        job.surcharge,
        fair_tag,
        job.created_at_ms,
        origin.locale,
        origin.own_locale,
        json.dumps(job.remarks, ensure_ascii=False),
    )


def queued_job(job: NewJob, fair_tag: int) -> Job:
    """Return what `INSERT_JOB` stored, without reading it back."""
    return Job(
        id=job.id,
        origin=job.origin,
        request=job.request,
        surcharge=job.surcharge,
        status=JobStatus.QUEUED,
        fair_tag=fair_tag,
        created_at_ms=job.created_at_ms,
        remarks=job.remarks,
    )


def update_job(
    job_id: JobId,
    facts: Mapping[str, object],
    *,
    target: JobStatus | None,
    sources: Iterable[JobStatus],
) -> tuple[str, list[SqlValue]]:
    """Return the guarded UPDATE that writes facts, and a new status unless that is None.

    The text is made of names this program knows and of placeholders, never of values.

    Raises:
        ValueError: there is no such fact.
    """
    if not facts.keys() <= _FACTS:
        raise ValueError(f"not facts of a job: {sorted(facts.keys() - _FACTS)}")
    columns = dict(facts) if target is None else {"status": target, **facts}
    statuses = sorted(sources)
    width = len(columns)
    assignments = [f"{column} = ${n}" for n, column in enumerate(columns, 2)]
    allowed = [f"${n}" for n in range(width + 2, width + 2 + len(statuses))]
    sql = (
        f"UPDATE jobs SET {', '.join(assignments) or 'status = status'} "  # noqa: S608 - see above
        f"WHERE id = $1 AND status IN ({', '.join(allowed)}) RETURNING *"
    )
    return sql, [job_id, *map(_column, columns.values()), *map(str, statuses)]


def _column(value: object) -> SqlValue:
    match value:
        case None | int() | float():
            return value
        case Enum():
            return str(value.value)
        case str():
            return value.encode(errors="replace").decode()  # the API's words may hold anything
        case tuple():
            return json.dumps(value)
        case BaseModel():
            return value.model_dump_json()
        case _:
            raise TypeError(f"cannot be stored: {type(value).__name__}")
