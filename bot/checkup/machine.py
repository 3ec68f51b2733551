"""What this machine holds: the settings, the database, and room for pictures."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from pydantic import SecretStr

from bot.checkup.findings import Finding, failure, look, well
from bot.settings import Settings, variable_of
from bot.storage.backup import verify
from bot.storage.rotation import backups_in

LEAST_FREE_BYTES = 200_000_000
"""Below this the write-ahead log of a busy hour, or one migration's copy, fills the disk."""

STALE_HOURS = 49
"""One is made a day, at whatever hour the bot first looks."""

_MB = 1_000_000


def list_settings(settings: Settings) -> Iterator[Finding]:
    """Show every setting, but no secret."""
    for field in Settings.model_fields:
        value = getattr(settings, field)
        shown = "set" if isinstance(value, SecretStr) else "not set" if value is None else value
        yield well("setting", f"{variable_of(field)} is {shown}")


async def check_database(settings: Settings) -> AsyncIterator[Finding]:
    """Read the whole file."""
    if not settings.database_path.exists():
        yield well("database", f"{settings.database_path} will be made at the first start")
        return
    version, latest = await verify(settings.database_path)
    if version == latest:
        yield well("database", f"{settings.database_path} is whole, version {version}")
    else:
        words = f"is whole; the next start takes it from version {version} to {latest}"
        yield well("database", f"{settings.database_path} {words}")


async def check_disk(settings: Settings) -> AsyncIterator[Finding]:
    """Compare what is free with what the pictures may still take."""
    free, used = await asyncio.to_thread(_free_and_used, settings.data_dir)
    room = settings.image_store_megabytes * _MB
    told = f"{free // _MB} MB are free where {settings.data_dir} lies"
    if free < LEAST_FREE_BYTES:
        yield failure("disk", f"{told}: make room, at least {LEAST_FREE_BYTES // _MB} MB")
    elif free - LEAST_FREE_BYTES < room - used:
        still = max(0, room - used) // _MB
        yield look(
            "disk",
            f"{told}, and pictures may take {still} MB more: "
            f"make room, or lower {variable_of('image_store_megabytes')}",
        )
    else:
        yield well("disk", told)


async def check_backups(settings: Settings) -> AsyncIterator[Finding]:
    """Tell how old the newest daily backup is."""
    folder = settings.backup_dir
    if folder is None:
        yield look("backups", f"none is made; set {variable_of('backup_dir')}")
    elif made := backups_in(folder):
        hours = (time.time() - made[-1].stat().st_mtime) / 3600
        words = f"{len(made)} in {folder}, the newest {hours:.0f} h old"
        if hours < STALE_HOURS:
            yield well("backups", words)
        else:
            yield look("backups", f"{words}: the log says why (backup), if the bot runs")
    else:
        yield well("backups", f"the first is made in {folder} when the bot runs")


def _free_and_used(data_dir: Path) -> tuple[int, int]:
    there = data_dir.absolute()
    while not there.exists():
        there = there.parent
    pictures = (data_dir / "images").rglob("*")
    return shutil.disk_usage(there).free, sum(p.stat().st_size for p in pictures if p.is_file())
