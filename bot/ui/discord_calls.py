"""Calls to Discord end in time, and each failure says what it means for what was sent."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator

import discord
import structlog

from bot.errors import DeliveryError

log = structlog.stdlib.get_logger(__name__)

POST_SECONDS = 120.0
EDIT_SECONDS = 30.0


class Gone(DeliveryError):
    """The channel or message is not there."""


class Barred(DeliveryError):
    """Discord forbids it; another of our hands may be allowed to."""


@contextlib.asynccontextmanager
async def deadline(seconds: float) -> AsyncGenerator[None]:
    """Put a time limit on calls to Discord and say of each failure what it means for the post."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except DeliveryError:
        raise
    except (discord.RateLimited, discord.Forbidden, discord.NotFound, discord.HTTPException) as e:
        raise _refused(e) from e
    except Exception as error:
        log.info("call to Discord broke off", exc_info=error)
        raise DeliveryError(
            f"no answer from Discord ({type(error).__name__})", retryable=True, fate_unknown=True
        ) from error


def _refused(error: discord.DiscordException) -> DeliveryError:
    if isinstance(error, discord.RateLimited):
        return DeliveryError("Discord asks us to slow down", retryable=True)
    if not isinstance(error, discord.HTTPException):
        return DeliveryError("discord.py could not send", retryable=True, fate_unknown=True)
    words = f"Discord answered {error.status} (code {error.code})"
    if isinstance(error, discord.Forbidden):
        return Barred(words, retryable=False)
    if isinstance(error, discord.NotFound):
        return Gone(words, retryable=False)
    server_side = error.status >= 500
    busy = error.status == 429
    return DeliveryError(words, retryable=server_side or busy, fate_unknown=server_side)
