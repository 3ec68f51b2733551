"""Posts to Discord for the job engine: the only place that sends anything unasked."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast

import discord
import structlog
from discord.utils import time_snowflake

from bot.domain.abilities import Abilities
from bot.domain.asker import Asker
from bot.domain.clock import Clock
from bot.domain.flagged import is_flagged, is_withheld
from bot.domain.ids import ChannelId, JobId, MessageId
from bot.domain.job import Job, JobStatus, Origin
from bot.domain.ports import Attachment, Posted
from bot.domain.standing import Phase, Standing
from bot.errors import DeliveryError, StorageError
from bot.speech import speaking
from bot.ui import upload_words, wording
from bot.ui.askers import anybody_at
from bot.ui.button_rows import failure_view, result_view
from bot.ui.cancel_button import CancelButton, open_job_view
from bot.ui.discord_calls import EDIT_SECONDS, POST_SECONDS, Barred, deadline
from bot.ui.job_button import custom_id, custom_ids, job_id_of
from bot.ui.permissions import missing_in
from bot.ui.shortening import shorten
from bot.ui.upload_words import Links
from bot.ui.uploads import Upload, next_limit, upload_of

log = structlog.stdlib.get_logger(__name__)

TOKEN_LIFE = timedelta(minutes=14, seconds=45)
"""Discord keeps an interaction token for 15 minutes."""

_SEARCH_DEPTH = 200
_SEARCH_MARGIN = timedelta(seconds=30)
"""How far our clock may differ from Discord's when looking for a post."""


T = TypeVar("T")
Edit = Callable[..., Awaitable[discord.Message]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Showing:
    """What is shown of a job's end; its parameters travel in the pictures, or stay here."""

    job: Job
    attachments: Sequence[Attachment]
    with_parameters: bool


ForJob = TypeVar("ForJob", bound=Callable[..., Coroutine[Any, Any, Any]])


def speaking_as(locale: Callable[[Origin], str]) -> Callable[[ForJob], ForJob]:
    """Have what is sent of a job said in the language of who reads it."""

    def sent(send: ForJob) -> ForJob:
        @functools.wraps(send)
        async def speak(courier: DiscordCourier, job: Job, *args: Any) -> Any:
            with speaking(locale(job.origin)):
                return await send(courier, job, *args)

        return cast("ForJob", speak)

    return sent


_TO_ALL = speaking_as(lambda origin: origin.locale)
_TO_WHO_SEES_PROGRESS = speaking_as(lambda origin: origin.progress_locale)
_TO_THE_ASKER = speaking_as(lambda origin: origin.own_locale)


class DiscordCourier:
    """The Courier port on discord.py."""

    def __init__(
        self,
        client: discord.Client,
        *,
        clock: Clock,
        defaults: Mapping[str, Any],
        abilities: Abilities,
        guess: Callable[[str], str | None],
        are_open: Callable[[Asker], Awaitable[bool]],
        own_link: Callable[[JobId, int], str] | None = None,
    ) -> None:
        self._client = client
        self._clock = clock
        self._defaults = defaults
        self._abilities = abilities
        self._guess = guess
        self._own_link = own_link
        self._are_open = are_open
        self._open = asyncio.Event()
        self._turned: set[JobId] = set()
        """Jobs whose acknowledgement becomes the result: progress is not shown over it."""

    def open(self) -> None:
        """Let deliveries begin: the client has logged in."""
        self._open.set()

    async def wait_until_ready(self) -> None:
        """Return once the client has logged in."""
        await self._open.wait()

    @_TO_ALL
    async def post(self, job: Job, attachments: Sequence[Attachment]) -> Posted:
        """Post as a new message that mentions the requester and answers the acknowledgement."""
        show = _Showing(job=job, attachments=attachments, with_parameters=await self._may_tell(job))
        return await self._send(self._channel(job), show, _reference(job))

    async def find_post(self, job: Job) -> Posted | None:
        """Look through the channel's history for our message with the job's id on a button."""
        if not self._may_read_history(job):
            raise DeliveryError("the channel's history is closed to us", retryable=False)
        started = datetime.fromtimestamp((job.post_started_at_ms or 0) / 1000, UTC)
        after = discord.Object(time_snowflake(started - _SEARCH_MARGIN))
        async with deadline(POST_SECONDS):
            async for message in self._channel(job).history(
                limit=_SEARCH_DEPTH, after=after, oldest_first=True
            ):
                if self._is_post_of(message, job):
                    return Posted(MessageId(message.id))
        return None

    @_TO_WHO_SEES_PROGRESS
    async def edit_into_result(self, job: Job, attachments: Sequence[Attachment]) -> Posted:
        """Turn the acknowledgement into the end of the job."""
        note = self._note(job)
        content: dict[str, Any] = {
            "view": self._view(job),
            "allowed_mentions": _requester_only(job),
        }
        show = _Showing(job=job, attachments=attachments, with_parameters=await self._may_tell(job))

        async def turn(edit: Edit) -> Posted:
            return await _put(
                show,
                lambda upload: edit(
                    content=self._text(show, upload, note), attachments=upload.files, **content
                ),
            )

        self._turned.add(job.id)
        try:
            return await self._by_any_hand(job, turn)
        except BaseException:
            self._turned.discard(job.id)
            raise

    @_TO_THE_ASKER
    async def send_privately(self, job: Job, attachments: Sequence[Attachment]) -> Posted:
        """Send the end of the job as a direct message."""
        async with deadline(EDIT_SECONDS):
            user = await self._client.fetch_user(job.origin.user_id)
            channel = await user.create_dm()
        show = _Showing(job=job, attachments=attachments, with_parameters=True)
        sent = await self._send(channel, show, None, self._note(job))
        return Posted(sent.message_id, ChannelId(channel.id))

    @_TO_WHO_SEES_PROGRESS
    async def update_acknowledgement(self, job: Job, standing: Standing) -> None:
        """Show where the job stands; a message that cannot be edited is left as it is."""
        if job.acknowledgement_id is None or self._is_turned(job):
            return
        if standing.phase is Phase.OVER:
            text, view = wording.closed_acknowledgement(job), None
        else:
            text, view = self._open_text(job, standing), open_job_view(job, standing.phase)

        async def show(edit: Edit) -> None:
            async with deadline(EDIT_SECONDS):
                await edit(content=text, view=view)

        try:
            await self._by_any_hand(job, show)
        except DeliveryError as error:
            log.info("acknowledgement left as it is", job_id=job.id, reason=str(error))

    async def _send(
        self,
        channel: discord.abc.Messageable,
        show: _Showing,
        reference: discord.MessageReference | None,
        note: str = "",
    ) -> Posted:
        job = show.job
        content: dict[str, Any] = {"reference": reference} if reference else {}
        return await _put(
            show,
            lambda upload: channel.send(
                self._text(show, upload, note),
                files=upload.files,
                view=self._view(job),
                nonce=str(job.id),
                allowed_mentions=_requester_only(job),
                suppress_embeds=True,
                **content,
            ),
        )

    async def _by_any_hand(self, job: Job, use: Callable[[Edit], Awaitable[T]]) -> T:
        """Edit the acknowledgement with the first of our hands that is not forbidden to."""
        closed = DeliveryError("the interaction's token has run out", retryable=False)
        for edit in self._hands(job):
            try:
                return await use(edit)
            except Barred as error:
                closed = error
        raise closed

    def _hands(self, job: Job) -> Iterator[Edit]:
        """Yield our own token where we are at home, then the interaction's while it lives."""
        if job.acknowledgement_id and job.origin.can_post and not job.origin.private_progress:
            yield self._channel(job).get_partial_message(job.acknowledgement_id).edit
        if self._clock.now_ms() - job.created_at_ms <= TOKEN_LIFE / timedelta(milliseconds=1):
            hook = discord.Webhook.partial(
                job.origin.application_id, job.origin.interaction_token, client=self._client
            )
            # Where a picture was fetched first, the acknowledgement is not the original response.
            message = job.acknowledgement_id or "@original"
            yield functools.partial(hook.edit_message, message)  # pyright: ignore[reportArgumentType, reportCallIssue]

    def _is_turned(self, job: Job) -> bool:
        """Tell whether the acknowledgement is, or is just becoming, the end of the job."""
        if job.message_id == job.acknowledgement_id:
            self._turned.discard(job.id)
            return True
        return job.id in self._turned

    def _channel(self, job: Job) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(
            job.origin.channel_id, guild_id=job.origin.guild_id or None
        )

    async def _may_tell(self, job: Job) -> bool:
        """Ask the server whether all who see a picture there may have its parameters."""
        channel = self._client.get_channel(job.origin.channel_id)
        if channel is None and self._client.get_guild(job.origin.guild_id) is not None:
            return False  # an archived thread, say: what rules apply around it is not known
        try:
            return await self._are_open(anybody_at(job.origin, channel))
        except StorageError as error:
            log.warning("parameters left out of pictures", job_id=job.id, reason=str(error))
            return False

    def _is_post_of(self, message: discord.Message, job: Job) -> bool:
        """Tell whether a message shows the end of a job: an open one's has a button to cancel it.

        That, since the acknowledgement's id may have been lost with an earlier process.
        """
        if message.author.id != self._own_id() or message.id == job.acknowledgement_id:
            return False
        buttons = custom_ids(message)
        is_open = custom_id(CancelButton.action, job.id) in buttons
        return not is_open and any(job_id_of(each) == job.id for each in buttons)

    def _may_read_history(self, job: Job) -> bool:
        """Ask what Discord last told us of the channel, else what it said with the command."""
        channel = self._client.get_channel(job.origin.channel_id)
        if isinstance(channel, discord.abc.GuildChannel | discord.Thread):
            return channel.permissions_for(channel.guild.me).read_message_history
        return job.origin.can_read_history

    def _own_id(self) -> int | None:
        return self._client.user.id if self._client.user else None

    def _text(self, show: _Showing, upload: Upload, note: str) -> str:
        job, attachments = show.job, show.attachments
        if job.status is not JobStatus.READY:
            return wording.failure(job, self._guess) + note
        flagged = sum(is_flagged(job, each.picture) for each in attachments)
        text = wording.result(job, len(attachments), self._defaults, flagged=flagged)
        note = upload_words.fitting(job, upload, self._links(show)) + note
        return shorten(text, wording.MESSAGE_LIMIT - len(note)) + note

    def _links(self, show: _Showing) -> Links:
        """Return where the pictures are had in full: the API's file may say how it was made."""
        job, own = show.job, self._own_link
        return Links(
            own={n: own(job.id, n) for n in range(len(job.output))} if own else {},
            api=job.output if show.with_parameters else (),
        )

    def _note(self, job: Job) -> str:
        """Say why the end of a job is not shown as usual, where permissions are the reason."""
        missing = missing_in(self._client.get_channel(job.origin.channel_id))
        return f"\n{wording.may_not_post(missing)}" if missing else ""

    def _view(self, job: Job) -> discord.ui.View:
        is_good = job.status is JobStatus.READY
        return result_view(job, self._abilities) if is_good else failure_view(job)

    def _open_text(self, job: Job, standing: Standing) -> str:
        return wording.acknowledgement(
            job,
            standing,
            defaults=self._defaults,
            missing=missing_in(self._client.get_channel(job.origin.channel_id)),
        )


async def _put(show: _Showing, put: Callable[[Upload], Awaitable[discord.Message]]) -> Posted:
    """Hand files to Discord, smaller ones where it refuses their size, none where it takes none.

    Pictures that the server withholds stay here. The limit that came with the command may be the
    member's own, which does not hold for us.
    """
    job = show.job
    shown = [each for each in show.attachments if not is_withheld(job, each.picture)]
    largest = max((len(each.data) for each in shown), default=0)
    limit = job.origin.upload_limit_bytes
    async with deadline(POST_SECONDS):
        while True:
            upload = await upload_of(
                job, shown, limit_bytes=limit, with_parameters=show.with_parameters
            )
            try:
                message = await put(upload)
                return Posted(MessageId(message.id))
            except discord.HTTPException as error:
                if error.status != 413 or not upload.files:
                    raise
                limit = next_limit(min(limit, largest))


def _requester_only(job: Job) -> discord.AllowedMentions:
    return discord.AllowedMentions(
        everyone=False, roles=False, users=[discord.Object(job.origin.user_id)], replied_user=False
    )


def _reference(job: Job) -> discord.MessageReference | None:
    if job.acknowledgement_id is None or job.origin.private_progress:
        return None
    return discord.MessageReference(
        message_id=job.acknowledgement_id,
        channel_id=job.origin.channel_id,
        guild_id=job.origin.guild_id or None,
        fail_if_not_exists=False,
    )
