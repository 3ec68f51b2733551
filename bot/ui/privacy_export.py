"""Hands a member the parts of their export: as private answers while Discord takes those.

An interaction's token lives for 15 minutes, and where the bot was installed by the member alone it
is good for five answers. What comes after that goes as direct messages.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections.abc import Awaitable, Callable

import discord
import structlog

from bot.domain.ids import UserId
from bot.errors import NotAllowed
from bot.privacy import Privacy
from bot.privacy.exports import Part
from bot.speech import _
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
    """Make and send the parts one after the other; smaller ones where Discord refuses the first.

    Raises:
        NotAllowed: in words, where neither way is open, or an export is under way already.
    """
    await interaction.response.defer(ephemeral=True, thinking=True)
    post = _Post(interaction)
    try:
        async with asyncio.timeout(EXPORT_SECONDS):
            try:
                await _send_parts(post, privacy, _limit_of(interaction))
            except _TooLarge:
                await _send_parts(post, privacy, DIRECT_MESSAGE_BYTES)
    except (TimeoutError, _TooLarge) as error:
        raise NotAllowed(_(words.BROKE_OFF)) from error


async def _send_parts(post: _Post, privacy: Privacy, limit_bytes: int) -> None:
    parts = privacy.exports.parts(
        post.user_id, limit_bytes=limit_bytes, readme=words.readme(privacy)
    )
    async with contextlib.aclosing(parts):
        async for part in parts:
            await post.send(part)


def _limit_of(interaction: discord.Interaction) -> int:
    return share_of_request(interaction.filesize_limit, 1)


class _TooLarge(Exception):
    """Discord does not take a part of this size on this way."""


class _Post:
    """Chooses the way for each part."""

    def __init__(self, interaction: discord.Interaction) -> None:
        self._interaction = interaction
        self._answers_left = ANSWERS_WHERE_A_GUEST if _is_guest(interaction) else None
        self._is_answering = True

    @property
    def user_id(self) -> UserId:
        """Whose export it is."""
        return UserId(self._interaction.user.id)

    async def send(self, part: Part) -> None:
        """Send a part by the first way that is open."""
        if self._is_answering and self._answers_left == 0 and not part.is_last:
            self._is_answering = False
            await self._write(part)
            await answer_privately(self._interaction, _(words.CONTINUED))
        elif not (self._is_answering and await self._answer(part)):
            self._is_answering = False
            await self._write(part)

    async def _answer(self, part: Part) -> bool:
        """Send a part as an answer; False where Discord takes no more of those."""
        try:
            await _put(part, functools.partial(self._interaction.followup.send, ephemeral=True))
        except discord.HTTPException as error:
            if error.code not in _NO_MORE_ANSWERS:
                raise
            return False
        if self._answers_left is not None:
            self._answers_left -= 1
        return True

    async def _write(self, part: Part) -> None:
        try:
            await _put(part, self._interaction.user.send)
        except discord.Forbidden as error:
            raise NotAllowed(_(words.DIRECT_MESSAGES_CLOSED)) from error


def _is_guest(interaction: discord.Interaction) -> bool:
    """Tell whether the bot may be here by the member's doing alone."""
    guild_id = interaction.guild_id
    if guild_id is None:
        return True
    return not (interaction.is_guild_integration() or interaction.client.get_guild(guild_id))


async def _put(part: Part, send: Callable[..., Awaitable[object]]) -> None:
    part.file.seek(0)
    file = discord.File(part.file, filename=f"imagine-export-{part.number}.zip")
    try:
        async with asyncio.timeout(SEND_SECONDS):
            await send(words.part(part.number, is_last=part.is_last), file=file)
    except discord.HTTPException as error:
        if error.status == 413:
            raise _TooLarge from error
        raise
    finally:
        file.close()  # gives the part's own `close` back, which discord.py takes away meanwhile
