"""The image API: its address, the key, and where it tells, the balance."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from typing import Annotated

import aiohttp
from pydantic import AliasPath, BaseModel, Field, SecretStr, ValidationError
from yarl import URL

from bot.checkup.findings import Finding, failure, look, well
from bot.errors import ImagineError, ProviderUnavailable
from bot.imageapi import Dialect, ImageApiClient
from bot.settings import Settings, is_loopback, variable_of

_SECONDS = 15.0
_MOST_BYTES = 64 * 1024


class _Balance(BaseModel):
    """What `wallet_balance` answers, where there is such a thing (contract, section 4.7)."""

    amount: Annotated[float, Field(validation_alias=AliasPath("data", "balance"))]
    currency: Annotated[str, Field(validation_alias=AliasPath("data", "currency"))] = ""


async def check_image_api(settings: Settings) -> AsyncIterator[Finding]:
    """Ask for the list of models, and for the balance."""
    if settings.api_key is None:
        raise ImagineError(f"{variable_of('api_key')} is missing; see .env.example")
    address = URL(settings.api_base_url)
    try:
        dialect = Dialect(settings.api_dialect)
        async with ImageApiClient(settings.api_base_url, settings.api_key, dialect=dialect) as api:
            models = await api.list_models()
    except ProviderUnavailable as error:
        yield failure("api address", f"{variable_of('api_base_url')}: {error}")
        return
    if address.scheme == "http" and not is_loopback(address.host):
        yield look("api address", "the key travels unencrypted: use https://")
    else:
        yield well("api address", "answers, and redirects nowhere")
    yield well("key", f"the image API answers; it lists {len(models)} models")
    yield _told(await _balance(address, settings.api_key))


def _told(balance: _Balance | None) -> Finding:
    if balance is None:
        return well("balance", "this API does not tell; see your account's page")
    words = f"{balance.amount:g} {balance.currency}".strip()
    if balance.amount <= 0 or math.isnan(balance.amount):
        return failure("balance", f"{words} left: every submission will be refused; add credit")
    return well("balance", f"{words} left")


async def _balance(address: URL, key: SecretStr) -> _Balance | None:
    """Return the balance; None where it is not to be had: most editions of the API have none."""
    timeout = aiohttp.ClientTimeout(total=_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(
                address / "wallet_balance",
                json={"key": key.get_secret_value()},
                allow_redirects=False,
            ) as answer,
        ):
            return _Balance.model_validate_json(await answer.content.read(_MOST_BYTES))
    except (aiohttp.ClientError, OSError, TimeoutError, ValidationError):
        return None
