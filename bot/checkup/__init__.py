"""`check`: one line for everything the bot needs, each with what to do about it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping

import structlog

from bot.checkup.findings import Finding, State
from bot.checkup.image_api import check_image_api
from bot.checkup.machine import check_backups, check_database, check_disk, list_settings
from bot.checkup.on_discord import check_discord
from bot.checkup.public_address import check_webhooks
from bot.errors import ImagineError
from bot.settings import Settings

__all__ = ["Finding", "State", "check_everything"]

log = structlog.stdlib.get_logger(__name__)

_CHECKS: Mapping[str, Callable[[Settings], AsyncIterator[Finding]]] = {
    "token": check_discord,
    "key": check_image_api,
    "database": check_database,
    "disk": check_disk,
    "backups": check_backups,
    "webhooks": check_webhooks,
}


async def check_everything(settings: Settings) -> list[Finding]:
    """Look at everything; a check that fails does not keep the others from being made."""
    findings = list(list_settings(settings))
    for what, check in _CHECKS.items():
        try:
            async for finding in check(settings):
                findings.append(finding)  # noqa: PERF401 - what was found before a failure counts
        except ImagineError as error:
            findings.append(Finding(what, State.FAIL, str(error)))
        except Exception as error:
            log.debug("check failed", check=what, exc_info=error)
            words = "could not be looked at; IMAGINE_LOG_LEVEL=debug says why"
            findings.append(Finding(what, State.FAIL, words))
    return findings
