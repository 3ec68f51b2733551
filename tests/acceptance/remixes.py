"""Pictures to start from, and commands that bring them."""

from __future__ import annotations

import io
from typing import Any

import simcord
from PIL import Image
from simcord.results import InteractionResult

from bot.domain.job import Job
from tests.acceptance.stage import Stage
from tests.factories.pictures import encoded

RED, BLUE = (200, 30, 30), (30, 30, 200)


def flat(
    size: tuple[int, int] = (512, 512), colour: tuple[int, ...] = RED, encoding: str = "PNG"
) -> bytes:
    """Return a picture of one colour."""
    return encoded(Image.new("RGB" if len(colour) == 3 else "RGBA", size, colour), encoding)


def with_hole(size: tuple[int, int] = (512, 512)) -> bytes:
    """Return a picture whose left half is see-through."""
    picture = Image.new("RGBA", size, (*RED, 255))
    picture.paste((0, 0, 0, 0), (0, 0, size[0] // 2, size[1]))
    return encoded(picture)


def half_white(size: tuple[int, int] = (512, 512)) -> bytes:
    """Return a mask whose right half is drawn anew."""
    mask = Image.new("L", size, 0)
    mask.paste(255, (size[0] // 2, 0, *size))
    return encoded(mask)


async def remix(
    stage: Stage,
    data: bytes | None = None,
    *,
    by: simcord.MemberActor | None = None,
    command: str = "remix",
    name: str = "photo.png",
    **options: Any,
) -> InteractionResult:
    """Type `/remix` in the studio, with a picture unless a link is among the options."""
    if data is None and "message" not in options:
        data = flat()
    if data is not None:
        options["image"] = (name, data)
    options = {"prompt": "a lighthouse", **options}
    return await (by or stage.member).slash(stage.studio, command, **options)


async def remixed(stage: Stage, data: bytes | None = None, **options: Any) -> Job:
    """Ask, and wait for the end, which must be a good one."""
    job = await stage.end_of(await remix(stage, data, **options))
    assert job.end_reason is None
    return job


async def source_of(stage: Stage, job: Job, position: int = 0) -> Image.Image:
    """Return a kept picture that a job started from."""
    kept = await stage.app.stores.sources.of_job(job.id)
    data = await stage.app.stores.sources.read(kept[position].sha256)
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture
