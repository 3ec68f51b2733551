"""Posts finished pictures to the channels that moderators named."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import discord

from bot.domain.ids import ChannelId, MessageId
from bot.domain.job import Job
from bot.domain.ports import Attachment
from bot.speech import speaking
from bot.ui.answers import NO_MENTIONS
from bot.ui.discord_calls import POST_SECONDS, deadline
from bot.ui.moderation import log_entry, moderation_row
from bot.ui.uploads import USUAL_LIMIT_BYTES, files_for


class DiscordLogPoster:
    """A LogPoster on discord.py."""

    def __init__(self, client: discord.Client, *, ready: Callable[[], Awaitable[None]]) -> None:
        self._client = client
        self._ready = ready

    async def wait_until_ready(self) -> None:
        """Return once the client has logged in."""
        await self._ready()

    async def post_to_log(
        self, channel_id: ChannelId, job: Job, attachments: Sequence[Attachment]
    ) -> MessageId:
        """Show moderators a finished job, with all its pictures as spoilers.

        Raises:
            DeliveryError: Discord did not take it.
        """
        limit = min(job.origin.upload_limit_bytes, USUAL_LIMIT_BYTES)
        channel = self._client.get_partial_messageable(channel_id, guild_id=job.origin.guild_id)
        with speaking(job.origin.locale):
            text, view = log_entry(job), moderation_row(job)
            files = await files_for(job, attachments, limit_bytes=limit, spoiler=True)
        async with deadline(POST_SECONDS):
            message = await channel.send(
                text,
                files=files,
                view=view,
                allowed_mentions=NO_MENTIONS,
                suppress_embeds=True,
            )
        return MessageId(message.id)
