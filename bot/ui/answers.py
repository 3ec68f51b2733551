"""Private answers, and what becomes of errors raised while answering."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncGenerator

import discord
import structlog

from bot.errors import StorageError, UserError
from bot.speech import N_, _, speaking
from bot.ui import wording

log = structlog.stdlib.get_logger(__name__)

NOTHING_SAVED = N_("I cannot save anything right now, so nothing was started. Try again soon.")
OUR_FAULT = N_("Something went wrong on our side. If it happens again, quote {reference}.")

NO_MENTIONS = discord.AllowedMentions.none()

LATE_SECONDS = 1.5
"""After which somebody is shown that we are at it: Discord gives up on us after three."""


@contextlib.asynccontextmanager
async def privately(interaction: discord.Interaction) -> AsyncGenerator[None]:
    """Speak the person's language inside, and turn errors into private answers in it.

    Refusals are answered in their words, surprises as a number.
    """
    with speaking(str(interaction.locale)):
        try:
            yield
        except UserError as error:
            await answer_privately(interaction, wording.refusal(error))
        except discord.HTTPException as error:
            log.warning("Discord refused an answer", status=error.status, code=error.code)
        except StorageError as error:
            log.error("storage refused", reason=str(error))
            await answer_privately(interaction, _(NOTHING_SAVED))
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("unexpected error in an interaction", reference=reference)
            await answer_privately(interaction, _(OUR_FAULT, reference=reference))


@contextlib.asynccontextmanager
async def kept_waiting(interaction: discord.Interaction) -> AsyncGenerator[None]:
    """Tell the person that we are at it where what is done inside takes long.

    Afterwards the interaction is answered, in private, or it is still to be.
    """
    deferrals: list[asyncio.Task[None]] = []

    def defer() -> None:
        deferrals.append(asyncio.create_task(_defer(interaction), name="defer"))

    timer = asyncio.get_running_loop().call_later(LATE_SECONDS, defer)
    try:
        yield
    finally:
        timer.cancel()
        for each in deferrals:
            await each


async def _defer(interaction: discord.Interaction) -> None:
    if not interaction.response.is_done():
        with contextlib.suppress(discord.HTTPException, OSError):
            await interaction.response.defer(ephemeral=True, thinking=True)


async def answer_privately(interaction: discord.Interaction, text: str) -> None:
    """Answer so that only the person who asked sees it; of no consequence when that fails."""
    with contextlib.suppress(discord.HTTPException, OSError):
        if interaction.response.is_done():
            await interaction.followup.send(text, ephemeral=True, allowed_mentions=NO_MENTIONS)
        else:
            await interaction.response.send_message(
                text, ephemeral=True, allowed_mentions=NO_MENTIONS
            )


async def answer_with(interaction: discord.Interaction, text: str, view: discord.ui.View) -> None:
    """Answer so that only the person who asked sees it, with controls below."""
    if interaction.response.is_done():
        await interaction.followup.send(
            text, view=view, ephemeral=True, allowed_mentions=NO_MENTIONS
        )
        return
    await interaction.response.send_message(
        text, view=view, ephemeral=True, allowed_mentions=NO_MENTIONS
    )
