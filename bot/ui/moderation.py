"""What moderators and members do to each other's pictures: forms, buttons, and their words."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import discord

from bot.domain.ids import JobId, UserId
from bot.domain.job import Job
from bot.domain.moderation import MAX_REASON, Block, parse_duration
from bot.errors import DeliveryError
from bot.speech import N_, _, speaking
from bot.ui.answers import NO_MENTIONS, privately
from bot.ui.askers import asker_of
from bot.ui.button_rows import DELETE
from bot.ui.discord_calls import EDIT_SECONDS, Gone, deadline
from bot.ui.escaping import quoted
from bot.ui.job_button import (
    PREFIX,
    JobButton,
    custom_id,
    custom_ids,
    services_of,
)
from bot.ui.lasting import lasting_view
from bot.ui.wording import jump_link, mention

TAKEN_DOWN = N_("-# 🗑️ A moderator took this picture down.")
_PROMPT_LOGGED = 900


class RemoveButton(JobButton, template=rf"{PREFIX}:remove:(\d+)"):
    """Takes a picture down, from the log channel."""

    action = "remove"
    label = N_("Remove")
    emoji = "🗑️"
    style = discord.ButtonStyle.danger

    async def pressed(self, interaction: discord.Interaction, job: Job) -> None:
        """Ask why, which may be left empty."""
        await services_of(interaction).moderation.let_remove(asker_of(interaction))
        await interaction.response.send_modal(RemovalForm(job.id))


class BlockButton(JobButton, template=rf"{PREFIX}:block:(\d+)"):
    """Keeps the requester from making pictures."""

    action = "block"
    label = N_("Block")
    emoji = "🚫"

    async def pressed(self, interaction: discord.Interaction, job: Job) -> None:
        """Ask for how long and why."""
        await services_of(interaction).guild_settings.moderated_by(asker_of(interaction))
        await interaction.response.send_modal(BlockForm(job.origin.user_id))


def moderation_row(job: Job) -> discord.ui.View:
    """Return the buttons under a picture in the log channel."""
    return lasting_view(RemoveButton(job.id), BlockButton(job.id))


class _Form(discord.ui.Modal):
    """A form whose answer is private; refusals too."""

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        async with privately(interaction):
            await self.sent(interaction)

    async def sent(self, interaction: discord.Interaction) -> None:
        """Do what was asked for."""
        raise NotImplementedError


class _Field:
    """One text field of a form, with its label."""

    def __init__(
        self, label: str, custom_id: str, *, long: bool = False, placeholder: str | None = None
    ) -> None:
        self._input: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id=custom_id,
            style=discord.TextStyle.paragraph if long else discord.TextStyle.short,
            placeholder=placeholder,
            max_length=MAX_REASON if long else 20,
            required=False,
        )
        self.item: discord.ui.Label[Any] = discord.ui.Label(text=label, component=self._input)

    @property
    def value(self) -> str | None:
        """What was typed; None for nothing."""
        return self._input.value.strip() or None


class RemovalForm(_Form):
    """Why a picture is taken down."""

    def __init__(self, job_id: JobId) -> None:
        super().__init__(title=_("Remove this picture"))
        self._job_id = job_id
        self._reason = _Field(_("Reason (kept in the audit list)"), "reason", long=True)
        self.add_item(self._reason.item)

    async def sent(self, interaction: discord.Interaction) -> None:
        """Take the picture down here, in the channel, and in our files."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        words = await remove_picture(interaction, self._job_id, self._reason.value)
        await interaction.followup.send(words, ephemeral=True)


class BlockForm(_Form):
    """For how long a member is blocked, and why."""

    def __init__(self, user_id: UserId) -> None:
        super().__init__(title=_("Block from making pictures"))
        self._user_id = user_id
        self._duration = _Field(
            _("For how long (empty: for good)"), "duration", placeholder="12h, 7d, 2w"
        )
        self._reason = _Field(_("Reason (the member is told)"), "reason", long=True)
        self.add_item(self._duration.item)
        self.add_item(self._reason.item)

    async def sent(self, interaction: discord.Interaction) -> None:
        """Block the member."""
        duration = self._duration.value
        block = await services_of(interaction).moderation.block(
            asker_of(interaction),
            self._user_id,
            length=parse_duration(duration) if duration else None,
            reason=self._reason.value,
        )
        await interaction.response.send_message(
            blocked(block), ephemeral=True, allowed_mentions=NO_MENTIONS
        )


class ReportForm(_Form):
    """Why a member thinks that a picture should go."""

    def __init__(self, job_id: JobId) -> None:
        super().__init__(title=_("Report this picture"))
        self._job_id = job_id
        self._reason = _Field(_("What is wrong with it? (optional)"), "reason", long=True)
        self.add_item(self._reason.item)

    async def sent(self, interaction: discord.Interaction) -> None:
        """Show it to the moderators."""
        services, reason = services_of(interaction), self._reason.value
        await interaction.response.defer(ephemeral=True, thinking=True)
        job = await services.moderation.report(asker_of(interaction), self._job_id, reason)
        channel_id = await services.moderation.log_channel(job.origin.guild_id)
        channel = interaction.client.get_partial_messageable(channel_id or 0)
        with speaking(job.origin.locale):
            text, view = report_entry(job, interaction.user.id, reason), moderation_row(job)
        async with deadline(EDIT_SECONDS):
            await channel.send(
                text,
                view=view,
                allowed_mentions=NO_MENTIONS,
                suppress_embeds=True,
            )
        await interaction.followup.send(
            _("Thank you. The moderators of this server have been told."), ephemeral=True
        )


async def remove_picture(
    interaction: discord.Interaction, job_id: JobId, reason: str | None
) -> str:
    """Take a picture down everywhere; return what the moderator is told.

    Raises:
        UserError: they may not, or it is gone already.
    """
    services = services_of(interaction)
    job = await services.moderation.remove(asker_of(interaction), job_id, reason=reason)
    with speaking(job.origin.locale):
        removed = [await _leave_a_note(post) for post in _posts(interaction, job)]
    await _strip_log_post(interaction, job, reason)
    if all(removed):
        return _("Removed. Our copies are deleted too.")
    return _("Our copies are deleted, but I could not delete the message itself; please do it.")


def _posts(interaction: discord.Interaction, job: Job) -> Iterator[discord.PartialMessage]:
    """Yield what shows a picture: the end of its job, and the copy under which it was removed."""
    client, pressed = interaction.client, interaction.message
    if job.message_id is not None:
        channel_id = job.message_channel_id or job.origin.channel_id
        yield client.get_partial_messageable(channel_id).get_partial_message(job.message_id)
    if pressed is None or pressed.id == job.message_id:
        return
    if custom_id(DELETE.action, job.id) in custom_ids(pressed):
        yield client.get_partial_messageable(pressed.channel.id).get_partial_message(pressed.id)


async def _leave_a_note(message: discord.PartialMessage) -> bool:
    """Turn a message into the note that its picture is gone; False where we could not."""
    try:
        async with deadline(EDIT_SECONDS):
            await message.edit(
                content=_(TAKEN_DOWN), attachments=[], view=None, allowed_mentions=NO_MENTIONS
            )
    except Gone:
        return True
    except DeliveryError:
        return False
    return True


async def _strip_log_post(interaction: discord.Interaction, job: Job, reason: str | None) -> None:
    """Take the pictures out of the log's message, whose words stay for the record."""
    place = await services_of(interaction).moderation.logged_at(job.id)
    if place is None:
        return
    channel_id, message_id = place
    message = interaction.client.get_partial_messageable(channel_id).get_partial_message(message_id)
    with speaking(job.origin.locale):
        words = f"{log_entry(job)}\n{removed_by(interaction.user.id, reason)}"
    with contextlib.suppress(DeliveryError):
        async with deadline(EDIT_SECONDS):
            await message.edit(
                content=words, attachments=[], view=None, allowed_mentions=NO_MENTIONS
            )


def log_entry(job: Job) -> str:
    """Return what moderators read of a finished job."""
    request = job.request
    who_and_where = _(
        "{member} in {channel}",
        member=mention(job.origin.user_id),
        channel=f"<#{job.origin.channel_id}>",
    )
    lines = [
        f"🖼️ {who_and_where} · [{_('show')}]({jump_link(job)})",
        quoted(request.prompt, _PROMPT_LOGGED),
    ]
    if request.negative_prompt:
        without = _("without: {things}", things=quoted(request.negative_prompt, 300))
        lines.append(f"-# {without}")
    model = quoted(request.model_id, 100)
    lines.append(f"-# seed {request.seed} · model {model} · {_('job {id}', id=job.id)}")
    return "\n".join(lines)


def report_entry(job: Job, reporter_id: int, reason: str | None) -> str:
    """Return what moderators read of a report."""
    why = f"\n> {quoted(reason, MAX_REASON)}" if reason else ""
    return f"🚩 {_('Reported by {member}', member=mention(reporter_id))}{why}\n{log_entry(job)}"


def removed_by(user_id: int, reason: str | None) -> str:
    """Return the line that says who took a picture down."""
    why = f": {quoted(reason, MAX_REASON)}" if reason else ""
    return f"🗑️ {_('Removed by {member}', member=mention(user_id))}{why}"


def blocked(block: Block) -> str:
    """Return what the moderator is told of a block."""
    member = mention(block.user_id)
    if block.until_ms is None:
        return _(
            "🚫 {member} cannot make pictures here for good. `/unblock` lifts it.", member=member
        )
    return _(
        "🚫 {member} cannot make pictures here until {moment}. `/unblock` lifts it.",
        member=member,
        moment=exactly(block.until_ms),
    )


def exactly(moment_ms: int) -> str:
    """Return a moment as a date and time in the reader's own zone."""
    return f"<t:{moment_ms // 1000}:f>"
