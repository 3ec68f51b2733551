"""Hands a member the parts of their export: as private answers while Discord takes those.

An interaction's token lives for 15 minutes, and where the bot was installed by the member alone it
is good for five answers. What comes after that goes as direct messages.
"""

from __future__ import annotations

import asyncio
import contextlib

import discord
import structlog

from bot.domain.ids import UserId
from bot.errors import NotAllowed
from bot.privacy import Privacy
from bot.privacy.exports import Part
from bot.ui import privacy_words as words
from bot.ui.answers import answer_privately
from bot.ui.uploads import share_of_request

log = structlog.stdlib.get_logger(__name__)

EXPORT_SECONDS = 3600.0
SEND_SECONDS = 120.0

DIRECT_MESSAGE_BYTES = 10 * 1024 * 1024
"""What Discord takes of a bot anywhere."""

ANSWERS_WHERE_A_GUEST = 4
"""Of the five answers, the last one says where the other parts are."""

_NO_MORE_ANSWERS = frozenset({10008, 10015, 10062, 40094, 50027})
"""Discord's codes for a token that has run out, in time or in number."""


async def send_export(interaction: discord.Interaction, privacy: Privacy) -> None:
    """Make and send the parts one after the other.

    Raises:
        NotAllowed: in words, where neither way is open, or an export is under way already.
    """
    await interaction.response.defer(ephemeral=True, thinking=True)
    post = _Post(interaction)
    parts = privacy.exports.parts(
        UserId(interaction.user.id), limit_bytes=post.limit_bytes, readme=words.readme(privacy)
    )
    async with asyncio.timeout(EXPORT_SECONDS), contextlib.aclosing(parts):
        async for part in parts:
            await post.send(part)


class _Post:
    """Chooses the way for each part."""

    def __init__(self, interaction: discord.Interaction) -> None:
        self._interaction = interaction
        is_guest = not interaction.is_guild_integration()
        self._answers_left = ANSWERS_WHERE_A_GUEST if is_guest else None
        self._answers = True
        allowed = interaction.filesize_limit
        self.limit_bytes = share_of_request(
            min(allowed, DIRECT_MESSAGE_BYTES) if is_guest else allowed, 1
        )

    async def send(self, part: Part) -> None:
        """Send a part by the first way that is open."""
        if self._answers and self._answers_left == 0 and not part.is_last:
            await self._write(part)
            self._answers = False
            await answer_privately(self._interaction, words.CONTINUED)
        elif not (self._answers and await self._answer(part)):
            self._answers = False
            await self._write(part)

    async def _answer(self, part: Part) -> bool:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._interaction.followup.send(
                    words.part(part.number, is_last=part.is_last),
                    file=_file(part),
                    ephemeral=True,
                )
        except discord.HTTPException as error:
            if error.code not in _NO_MORE_ANSWERS:
                raise
            return False
        if self._answers_left is not None:
            self._answers_left -= 1
        return True

    async def _write(self, part: Part) -> None:
        text = words.part(part.number, is_last=part.is_last)
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._interaction.user.send(text, file=_file(part))
        except discord.Forbidden as error:
            raise NotAllowed(words.DIRECT_MESSAGES_CLOSED) from error
        except discord.HTTPException as error:
            if error.status != 413:
                raise
            raise NotAllowed(words.TOO_LARGE) from error


def _file(part: Part) -> discord.File:
    part.file.seek(0)
    return discord.File(part.file, filename=f"imagine-export-{part.number}.zip")
