"""Using the bot as a member would: commands, buttons, forms, messages."""

from __future__ import annotations

import time
from typing import Any

from tests.discord_server.composing import reference_to
from tests.discord_server.control.base import ControlBase
from tests.discord_server.dispatching import (
    build_options,
    dispatch,
    find_command,
    find_component,
    message_resolved,
    modal_components,
    resolve_options,
)
from tests.discord_server.errors import ControlError, Json
from tests.discord_server.gateway import (
    INTENT_DIRECT_MESSAGES,
    INTENT_GUILD_MESSAGES,
    INTENT_MESSAGE_CONTENT,
)
from tests.discord_server.ids import ALICE_ID, BOT_ID, CHANNEL_ID
from tests.discord_server.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL
from tests.discord_server.media import clean_filename, store_file
from tests.discord_server.messages import MENTION, StoredMessage
from tests.discord_server.records import Command, InteractionRecord, MessageRecord, Where
from tests.discord_server.rest.webhooks import FORM


class InteractionControl(ControlBase):
    """Control methods that send events to the bot.

    They raise NotConnectedError where no bot listens; with `wait_seconds` they wait for one first.
    They return at once; `wait_for_answer` waits for the bot.
    """

    async def slash(
        self,
        name: str,
        options: dict[str, Any] | None = None,
        *,
        where: Where = Where(),  # noqa: B008 — frozen
        wait_seconds: float = 0.0,
    ) -> InteractionRecord:
        """Use a slash command; `name` may hold subcommands, as in `settings safety show`.

        Values: text, numbers and booleans as they are, for a file what `upload` returned, and where
        the published command says user, role or channel, its id.
        """
        command = find_command(self.core, name, where)
        values = options or {}
        data = build_options(command, name, values, focused=None)
        data |= resolve_options(self.core, data, values)
        return await dispatch(
            self.core, kind=COMMAND, name=name, data=data, where=where, wait_seconds=wait_seconds
        )

    async def burst(self, commands: list[Command], *, wait_seconds: float = 0.0) -> list[int]:
        """Use many slash commands at once; list the interactions' ids."""
        ids: list[int] = []
        for command in commands:
            record = await self.slash(
                command.name, command.options, where=command.where, wait_seconds=wait_seconds
            )
            ids.append(record.id)
        return ids

    async def context_menu(
        self,
        name: str,
        *,
        message_id: int | None = None,
        target_user_id: int | None = None,
        where: Where = Where(),  # noqa: B008 — frozen
        wait_seconds: float = 0.0,
    ) -> InteractionRecord:
        """Use a command of a message's or a user's context menu."""
        kind, target = (2, target_user_id) if message_id is None else (3, message_id)
        data: Json = {
            "id": find_command(self.core, name, where, kind=kind)["id"],
            "name": name,
            "type": kind,
            "target_id": str(target),
            "resolved": message_resolved(self.core, message_id, target_user_id),
        }
        return await dispatch(
            self.core, kind=COMMAND, name=name, data=data, where=where, wait_seconds=wait_seconds
        )

    async def autocomplete(
        self,
        name: str,
        focused: str,
        text: str,
        *,
        options: dict[str, Any] | None = None,
        where: Where = Where(),  # noqa: B008 — frozen
        wait_seconds: float = 0.0,
    ) -> InteractionRecord:
        """Type into an option; the choices are in the answer."""
        command = find_command(self.core, name, where)
        data = build_options(command, name, {**(options or {}), focused: text}, focused=focused)
        return await dispatch(
            self.core,
            kind=AUTOCOMPLETE,
            name=name,
            data=data,
            where=where,
            wait_seconds=wait_seconds,
        )

    async def click(
        self,
        message_id: int,
        custom_id: str,
        *,
        values: list[str] | None = None,
        where: Where = Where(),  # noqa: B008 — frozen
        wait_seconds: float = 0.0,
    ) -> InteractionRecord:
        """Press a button, or choose `values` from a menu; the channel is the message's."""
        message = self._message(message_id)
        component = find_component(message, custom_id)
        data: Json = {"custom_id": component["custom_id"], "component_type": component["type"]}
        if component["type"] != 2:
            data["values"] = values or []
        return await dispatch(
            self.core,
            kind=COMPONENT,
            name=component["custom_id"],
            data=data,
            where=where,
            message=message,
            wait_seconds=wait_seconds,
        )

    async def submit_modal(
        self,
        opened_by: int,
        fields: dict[str, Any],
        *,
        where: Where = Where(),  # noqa: B008 — frozen
        wait_seconds: float = 0.0,
    ) -> InteractionRecord:
        """Fill in and send the form an interaction was answered with; `fields` by custom id.

        Fields left out are sent as they were prefilled.
        """
        opener = self.core.interactions.by_id.get(opened_by)
        if opener is None or opener.answer_type != FORM or opener.answer is None:
            raise ControlError(f"interaction {opened_by} was not answered with a form")
        form = opener.answer
        data: Json = {
            "custom_id": form["custom_id"],
            "components": modal_components(form["components"], fields),
        }
        data |= resolve_options(self.core, data, fields)
        source = opener.source_message_id
        return await dispatch(
            self.core,
            kind=MODAL,
            name=form["custom_id"],
            data=data,
            where=where,
            message=None if source is None else self._message(source),
            wait_seconds=wait_seconds,
        )

    async def upload(self, filename: str, data: bytes, *, channel_id: int = CHANNEL_ID) -> Json:
        """Upload a member's file; give the result to an option or a form's upload field."""
        file = store_file(
            file_id=self.core.new_id(),
            channel_id=channel_id,
            filename=clean_filename(filename),
            data=data,
            base_url=self.core.address,
            ephemeral=True,
        )
        self.core.files[file.id] = file
        return file.payload()

    async def say(
        self,
        content: str,
        *,
        channel_id: int = CHANNEL_ID,
        user_id: int = ALICE_ID,
        reply_to: int | None = None,
    ) -> MessageRecord:
        """Write as a member; the bot reads it if mentioned, in DMs, or with the intent."""
        channel = self.core.world.channel(channel_id)
        extra = {} if reply_to is None else reference_to(self._message(reply_to))
        message = StoredMessage(
            id=self.core.new_id(),
            channel_id=channel.id,
            guild_id=channel.guild_id,
            author_id=user_id,
            kind=19 if extra else 0,
            source={"content": content},
            files=[],
            extra=extra,
            created=time.monotonic(),
        )
        message.render(self.core.world)
        self.core.messages.add(message)
        await self._announce_said(message)
        self.core.changes.notify()
        return message.record()

    async def delete_message(self, message_id: int) -> None:
        """Delete a message as a moderator."""
        message = self._message(message_id)
        message.deleted = True
        await self.core.announce_message("MESSAGE_DELETE", message)

    async def _announce_said(self, message: StoredMessage) -> None:
        mentioned = str(BOT_ID) in MENTION.findall(message.payload["content"])
        shown = message.payload
        in_guild = message.guild_id is not None
        intent = INTENT_GUILD_MESSAGES if in_guild else INTENT_DIRECT_MESSAGES
        for session in self.core.gateway.listeners(message.guild_id, intent):
            may_read = mentioned or not in_guild or session.intents & INTENT_MESSAGE_CONTENT
            content = shown["content"] if may_read else ""
            payload: Json = {**shown, "content": content}
            if in_guild:
                payload["guild_id"] = str(message.guild_id)
                payload["member"] = self.core.member_fields(message.author_id)
            await session.send_event("MESSAGE_CREATE", payload)

    def _message(self, message_id: int) -> StoredMessage:
        message = self.core.messages.find_anywhere(message_id)
        if message is None or message.deleted:
            raise ControlError(f"no message {message_id}")
        return message
