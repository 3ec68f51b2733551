"""`check`: one line for everything the bot needs, each with what to do about it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog
from pydantic import SecretStr

from bot.client import token_owner
from bot.errors import ImagineError
from bot.imageapi import Dialect, ImageApiClient
from bot.settings import Settings, variable_of
from bot.storage.backup import verify
from bot.ui.install_links import server_link, user_link

log = structlog.stdlib.get_logger(__name__)


Words = str | Mapping[str, str]
"""What a check found; several lines have each what they are about."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, whether it is well, and the words."""

    what: str
    ok: bool
    words: str

    def line(self) -> str:
        """Return the line as it is printed."""
        return f"{'ok  ' if self.ok else 'FAIL'}  {self.what:<10} {self.words}"


async def check_everything(settings: Settings) -> list[Finding]:
    """Look at everything; a check that fails does not keep the others from being made."""
    findings = [_setting(settings, field) for field in Settings.model_fields]
    checks: dict[str, Callable[[Settings], Awaitable[Words]]] = {
        "token": _token,
        "key": _key,
        "database": _database,
        "webhooks": _webhooks,
    }
    for what, check in checks.items():
        try:
            words = {what: found} if isinstance(found := await check(settings), str) else found
            findings += [Finding(each, ok=True, words=text) for each, text in words.items()]
        except ImagineError as error:
            findings.append(Finding(what, ok=False, words=str(error)))
        except Exception as error:
            log.debug("check failed", check=what, exc_info=error)
            words = "could not be looked at; IMAGINE_LOG_LEVEL=debug says why"
            findings.append(Finding(what, ok=False, words=words))
    return findings


def _setting(settings: Settings, field: str) -> Finding:
    value = getattr(settings, field)
    shown = "set" if isinstance(value, SecretStr) else "not set" if value is None else value
    return Finding("setting", ok=True, words=f"{variable_of(field)} is {shown}")


async def _token(settings: Settings) -> Words:
    if settings.discord_token is None:
        raise ImagineError(f"{variable_of('discord_token')} is missing; see .env.example")
    account = await token_owner(settings.discord_token.get_secret_value())
    for_users = "add it to your account, for all your servers and messages: "
    if not account.is_for_users:
        for_users = "first allow User Install in the developer portal (Installation); then "
    return {
        "token": f"Discord knows this bot as {account.name}",
        "servers": f"add it to a server: {server_link(account.application_id)}",
        "users": f"{for_users}{user_link(account.application_id)}",
    }


async def _key(settings: Settings) -> str:
    if settings.api_key is None:
        raise ImagineError(f"{variable_of('api_key')} is missing; see .env.example")
    dialect = Dialect(settings.api_dialect)
    async with ImageApiClient(settings.api_base_url, settings.api_key, dialect=dialect) as api:
        models = await api.list_models()
    return f"the image API answers; it lists {len(models)} models"


async def _database(settings: Settings) -> str:
    if not settings.database_path.exists():
        return f"{settings.database_path} will be made at the first start"
    await verify(settings.database_path)
    return f"{settings.database_path} is whole"


async def _webhooks(settings: Settings) -> str:
    if settings.webhook_base_url is None:
        return "off: results are fetched by polling"
    return f"the image API is told to call {settings.webhook_base_url}/webhooks/"
