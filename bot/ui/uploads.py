"""Makes pictures ready for Discord: their parameters in them, and within what it takes.

There is a limit for each file and one for the whole request.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence

import discord
from PIL import Image

from bot.domain.flagged import is_spoiler
from bot.domain.inscription import Inscription, inscription_of
from bot.domain.job import Job
from bot.domain.ports import Attachment
from bot.picture_metadata import inscribe
from bot.ui.wording import alt_text

REQUEST_LIMIT_BYTES = 24 * 1024 * 1024
"""Discord refuses requests over 25 MiB; the rest is left for the words."""

_QUALITIES = (92, 85, 75, 60, 45)
_PREVIEW_BYTES = 100_000
_PREVIEW_SIDE = 768
_EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


async def files_for(
    job: Job,
    attachments: Sequence[Attachment],
    *,
    limit_bytes: int | None = None,
    spoiler: bool = False,
    with_parameters: bool = True,
) -> list[discord.File]:
    """Return files with alt text, re-encoded where they are larger than the limit.

    `spoiler` covers them all; what the safety checker flagged is covered where the server says so.
    Their parameters travel in them, unless the server keeps those to the requester.
    """
    if not attachments:
        return []
    allowed = job.origin.upload_limit_bytes if limit_bytes is None else limit_bytes
    limit = share_of_request(allowed, len(attachments))
    return [
        await _file(job, each, len(attachments), limit, spoiler, with_parameters)
        for each in attachments
    ]


def share_of_request(limit_bytes: int, files: int) -> int:
    """Return how large each of several files may be, so that they fit one request together."""
    return min(limit_bytes, REQUEST_LIMIT_BYTES // files)


async def preview_for(job: Job, attachment: Attachment) -> discord.File:
    """Return a smaller copy of a picture, good enough to know it by and quick to send."""
    small = attachment
    if len(attachment.data) > _PREVIEW_BYTES:
        data = await asyncio.to_thread(preview, attachment.data)
        picture = attachment.picture.model_copy(update={"media_type": "image/jpeg"})
        small = Attachment(picture, data)
    (file,) = await files_for(job, [small], limit_bytes=REQUEST_LIMIT_BYTES)
    return file


def preview(data: bytes) -> bytes:
    """Return a picture as a JPEG of at most `_PREVIEW_SIDE` pixels a side."""
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    picture.thumbnail((_PREVIEW_SIDE, _PREVIEW_SIDE))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=_QUALITIES[1])
    return buffer.getvalue()


async def _file(
    job: Job, attachment: Attachment, count: int, limit: int, spoiler: bool, with_parameters: bool
) -> discord.File:
    position = attachment.picture.position
    words = inscription_of(job, position) if with_parameters else None
    data, extension = await asyncio.to_thread(
        fitted, attachment.data, attachment.picture.media_type, limit, words
    )
    return discord.File(
        io.BytesIO(data),
        filename=f"imagine-{job.id}-{position + 1}.{extension}",
        description=alt_text(job, position, count),
        spoiler=spoiler or is_spoiler(job, attachment.picture),
    )


def fitted(
    data: bytes, media_type: str, limit: int, inscription: Inscription | None
) -> tuple[bytes, str]:
    """Return a picture of at most so many bytes, its parameters in it, and its file's extension.

    Without an inscription, nothing in it tells how it was made. Where there is no room for both,
    the parameters stay away.
    """
    extension = _EXTENSIONS.get(media_type, "png")
    if len(data) > limit:
        words = inscription.size if inscription else 0
        data, extension = shrink(data, limit - words if words < limit // 4 else limit), "jpg"
    inscribed = inscribe(data, inscription)
    return inscribed if len(inscribed) <= limit else inscribe(data, None), extension


def shrink(data: bytes, limit: int) -> bytes:
    """Re-encode a picture as JPEG, first in lower quality, then smaller, until it fits."""
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    while True:
        for quality in _QUALITIES:
            buffer = io.BytesIO()
            picture.save(buffer, "JPEG", quality=quality, optimize=True)
            if buffer.tell() <= limit:
                return buffer.getvalue()
        picture.thumbnail((picture.width * 3 // 4, picture.height * 3 // 4))
