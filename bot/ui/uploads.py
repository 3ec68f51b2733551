"""Makes pictures ready for Discord: their parameters in them, and within what it takes.

There is a limit for each file and one for the whole request.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from dataclasses import dataclass, field

import discord

from bot.domain.flagged import is_spoiler
from bot.domain.inscription import Inscription, inscription_of
from bot.domain.job import Job, Picture
from bot.domain.ports import Attachment
from bot.picture_metadata import inscribe
from bot.ui.reencoding import Reencoded, preview, reencode
from bot.ui.wording import alt_text

REQUEST_LIMIT_BYTES = 24 * 1024 * 1024
"""Discord refuses requests over 25 MiB; the rest is left for words, in the pictures too."""

USUAL_LIMIT_BYTES = 10 * 1024 * 1024
"""What Discord takes from us where no server raises it; a member's own limit may be higher."""

SMALLEST_LIMIT_BYTES = 64 * 1024
"""Where making files smaller because Discord refuses them ends."""

_PREVIEW_BYTES = 100_000
_EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


@dataclass(slots=True)
class Upload:
    """Files for one request, and what had to be done to some pictures to make them fit."""

    files: list[discord.File] = field(default_factory=list[discord.File])
    smaller: list[Picture] = field(default_factory=list[Picture])
    left_out: list[Picture] = field(default_factory=list[Picture])


async def upload_of(
    job: Job,
    attachments: Sequence[Attachment],
    *,
    limit_bytes: int | None = None,
    spoiler: bool = False,
    with_parameters: bool = False,
) -> Upload:
    """Return files with alt text, re-encoded where they are larger than the limit.

    All go into one request: shown together and once, they are worth more than to the last byte.
    `spoiler` covers them all; what the safety checker flagged is covered where the server says so.
    `with_parameters` says that whoever sees them may know those, which then travel in them.
    """
    allowed = job.origin.upload_limit_bytes if limit_bytes is None else limit_bytes
    shares = share_out([len(each.data) for each in attachments], allowed)
    upload = Upload()
    for attachment, share in zip(attachments, shares, strict=True):
        file = await _file(job, attachment, len(attachments), share, spoiler, with_parameters)
        if file is None:
            upload.left_out.append(attachment.picture)
            continue
        upload.files.append(file)
        if len(attachment.data) > share:
            upload.smaller.append(attachment.picture)
    return upload


async def files_for(
    job: Job,
    attachments: Sequence[Attachment],
    *,
    limit_bytes: int | None = None,
    spoiler: bool = False,
    with_parameters: bool = False,
) -> list[discord.File]:
    """Return the files of an upload, where nobody is told what had to be done to them."""
    upload = await upload_of(
        job,
        attachments,
        limit_bytes=limit_bytes,
        spoiler=spoiler,
        with_parameters=with_parameters,
    )
    return upload.files


def share_out(sizes: Sequence[int], limit_bytes: int) -> list[int]:
    """Return how large each file may be; what small ones leave of the request goes to the others.

    With a limit of 0 nothing may be sent.
    """
    shares = [0] * len(sizes)
    left = REQUEST_LIMIT_BYTES
    for done, place in enumerate(sorted(range(len(sizes)), key=sizes.__getitem__)):
        shares[place] = min(limit_bytes, left // (len(sizes) - done))
        left -= min(sizes[place], shares[place])
    return shares


def share_of_request(limit_bytes: int, files: int) -> int:
    """Return how large each of several files may be, so that they fit one request together."""
    return min(limit_bytes, REQUEST_LIMIT_BYTES // files)


def next_limit(limit_bytes: int) -> int:
    """Return what to try where Discord refuses files of this size; 0: send none."""
    if limit_bytes > USUAL_LIMIT_BYTES:
        return USUAL_LIMIT_BYTES
    return limit_bytes // 2 if limit_bytes > SMALLEST_LIMIT_BYTES else 0


async def preview_for(job: Job, attachment: Attachment) -> discord.File:
    """Return a smaller copy of a picture, good enough to know it by and quick to send."""
    small = attachment
    if len(attachment.data) > _PREVIEW_BYTES:
        data = await asyncio.to_thread(preview, attachment.data)
        picture = attachment.picture.model_copy(update={"media_type": "image/jpeg"})
        small = Attachment(picture, data)
    (file,) = await files_for(job, [small], limit_bytes=REQUEST_LIMIT_BYTES, with_parameters=True)
    return file


async def _file(
    job: Job, attachment: Attachment, count: int, limit: int, spoiler: bool, with_parameters: bool
) -> discord.File | None:
    position = attachment.picture.position
    words = inscription_of(job, position) if with_parameters else None
    fit = await asyncio.to_thread(
        fitted, attachment.data, attachment.picture.media_type, limit, words
    )
    if fit is None:
        return None
    return discord.File(
        io.BytesIO(fit.data),
        filename=f"imagine-{job.id}-{position + 1}.{fit.extension}",
        description=alt_text(job, position, count),
        spoiler=spoiler or is_spoiler(job, attachment.picture),
    )


def fitted(
    data: bytes, media_type: str, limit: int, inscription: Inscription | None
) -> Reencoded | None:
    """Return a picture in at most `limit` bytes, its parameters in it; None where that cannot be.

    Without an inscription, nothing in it tells how it was made. Where there is no room for both,
    the parameters stay away. Belongs into a thread.
    """
    fit: Reencoded | None = Reencoded(data, _EXTENSIONS.get(media_type, "png"))
    if len(data) > limit:
        words = inscription.size if inscription else 0
        room = limit - words if words < limit // 4 else limit
        fit = reencode(data, room) if room else None
    if fit is None:
        return None
    inscribed = inscribe(fit.data, inscription)
    return fit._replace(data=inscribed if len(inscribed) <= limit else inscribe(fit.data, None))
