"""One `/imagine` without a browser: the pictures and the conversation, written to a folder."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

import discord
import simcord

from bot.demo.world import World, open_world
from bot.domain.job import TERMINAL, Job, JobStatus
from bot.errors import ImagineError

PATIENCE_SECONDS = 120.0


async def imagine_once(prompt: str, out: Path, *, dialect: str, locale: str) -> None:
    """Do it, and print where the files are.

    Raises:
        ImagineError: no picture came; the message says what the member was told.
    """
    async with open_world(api_dialect=dialect) as world:
        world.speak(locale)
        ended = _end_of_the_job(world)
        await _ask(world, prompt)
        await _until_pictures(ended)
        await world.app.progress.round()  # else the answer to the command still says "Drawing"
        await world.env.settle()
        messages = world.studio.history(viewer=world.member)
        saved = await _save(messages, out)
    print(f"The conversation and {saved} picture(s) are in {out}")


async def _ask(world: World, prompt: str) -> None:
    try:
        asked = await world.member.slash(world.studio, "imagine", prompt=prompt)
    except simcord.SetupError as error:
        raise ImagineError(f"Discord would not send this: {error}") from None
    if asked.ephemeral and asked.response is not None:
        raise ImagineError(asked.response.content)


def _end_of_the_job(world: World) -> asyncio.Future[Job]:
    ended: asyncio.Future[Job] = asyncio.get_running_loop().create_future()

    def hear(job: Job) -> None:
        if job.status in TERMINAL and job.told_at_ms is not None and not ended.done():
            ended.set_result(job)

    world.app.machine.lifecycle.on_change(hear)
    return ended


async def _until_pictures(ended: asyncio.Future[Job]) -> None:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            job = await ended
    except TimeoutError:
        raise ImagineError(f"No picture came within {PATIENCE_SECONDS:g} seconds") from None
    if job.status is not JobStatus.DELIVERED:
        raise ImagineError(f"No picture came: {job.end_reason}")


async def _save(messages: Sequence[discord.Message], out: Path) -> int:
    lines: list[str] = []
    files: dict[str, bytes] = {}
    for message in messages:
        lines.append(f"**{message.author.display_name}**: {message.clean_content}\n")
        for attachment in message.attachments:
            files[attachment.filename] = await attachment.read()
            lines.append(f"![{attachment.description}]({attachment.filename})\n")
    pictures = len(files)
    files["conversation.md"] = "\n".join(lines).encode()
    await asyncio.to_thread(_write, out, files)
    return pictures


def _write(out: Path, files: Mapping[str, bytes]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (out / name).write_bytes(data)
