"""The Discord client: loads the cogs, knows the lasting buttons, publishes the commands."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import discord
import structlog
from discord import app_commands
from discord.ext import commands

from bot.domain.ports import SecretsAndMarks
from bot.errors import StartupError
from bot.services import Services
from bot.speech import _, speaking
from bot.ui.answers import answer_privately
from bot.ui.buttons import ALL_BUTTONS
from bot.ui.localised_commands import CommandTranslator

log = structlog.stdlib.get_logger(__name__)

COGS = (
    "cogs.imagine",
    "cogs.remix",
    "cogs.inpaint",
    "cogs.models",
    "cogs.queue",
    "cogs.help",
    "cogs.history",
    "cogs.defaults",
    "cogs.presets",
    "cogs.quota",
    "cogs.settings",
    "cogs.moderation",
    "cogs.stats",
    "cogs.parameters",
    "cogs.privacy",
    "cogs.owner",
)
_TREE_MARK, _IDS_MARK = "command-tree", "command-ids"


class ImagineTree(app_commands.CommandTree["ImagineBot"]):
    """The commands, and what becomes of an error no command answered for."""

    async def on_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /
    ) -> None:
        """Log it, and tell the person something they can act on."""
        log.error("command failed", error=type(error).__name__, exc_info=error)
        with speaking(str(interaction.locale)):
            await answer_privately(interaction, _("That did not work. Try again in a moment."))


class ImagineBot(commands.Bot):
    """A bot that needs no privileged intent and keeps no members in memory."""

    def __init__(self, *, services: Services, marks: SecretsAndMarks, **options: Any) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            tree_cls=ImagineTree,
            **options,
        )
        self.services = services
        self.publishes_changes = True
        """False for `sync`, which publishes where it is told to and nowhere else."""
        self.command_ids: Mapping[str, int] = {}
        """Discord's ids of the commands published everywhere, by name."""
        self._marks = marks

    async def setup_hook(self) -> None:
        """Load everything; publish the commands if they changed since the last time."""
        for cog in COGS:
            await self.load_extension(cog)
        self.add_dynamic_items(*ALL_BUTTONS)
        await self.tree.set_translator(CommandTranslator())
        if self.publishes_changes:
            await self.publish_if_changed()

    def dispatch(self, event_name: str, /, *args: Any, **kwargs: Any) -> None:
        """Pass events on, but for those that would cost tasks for nothing.

        Of the bot's own messages nobody wants to hear, and of interactions only forms: commands
        and buttons reach their callbacks otherwise.
        """
        match event_name:
            case "message" if args[0].author == self.user:
                return
            case "interaction" if args[0].type is not discord.InteractionType.modal_submit:
                return
            case _:
                super().dispatch(event_name, *args, **kwargs)

    async def publish_if_changed(self) -> bool:
        """Sync the command tree when its content differs from what was last published.

        Its content is what `sync` would send: a better translation is published too.
        """
        translator = self.tree.translator
        assert translator is not None  # noqa: S101 - setup_hook
        payload = [
            await command.get_translated_payload(self.tree, translator)
            for command in self.tree.get_commands()
        ]
        text = json.dumps([self.application_id, payload], sort_keys=True, default=str)
        digest = hashlib.sha256(text.encode()).hexdigest()
        if await self._marks.get(_TREE_MARK) == digest:
            self.command_ids = json.loads(await self._marks.get(_IDS_MARK) or "{}")
            return False
        await self.publish(None)
        await self._marks.put(_IDS_MARK, json.dumps(self.command_ids))
        await self._marks.put(_TREE_MARK, digest)
        return True

    async def publish(self, guild_id: int | None, *, clear: bool = False) -> int:
        """Sync the command tree everywhere, or to one server; return how many commands.

        Discord shows a server's own commands beside those published everywhere, so they show twice
        there until `clear` has removed them.
        """
        guild = discord.Object(guild_id) if guild_id else None
        if guild is not None and clear:
            self.tree.clear_commands(guild=guild)
        elif guild is not None:
            self.tree.copy_global_to(guild=guild)
        published = await self.tree.sync(guild=guild)
        if guild is None:
            self.command_ids = {command.name: command.id for command in published}
        log.info("commands published", commands=len(published), guild_id=guild_id)
        return len(published)

    async def on_command_error(
        self, context: commands.Context[Any], exception: commands.CommandError, /
    ) -> None:
        """Answer the owner; keep quiet towards everybody else and about unknown words."""
        if isinstance(exception, commands.CommandNotFound | commands.CheckFailure):
            return
        log.error("owner command failed", exc_info=exception)
        await context.send("That did not work; the log says why.")


class ShardedImagineBot(ImagineBot, commands.AutoShardedBot):
    """The same on several connections to Discord, each with a share of the servers.

    All of them are in this process, before one engine and one database: what is counted (slots,
    turns, quotas) does not know of them.
    """


def make_bot(
    *, services: Services, marks: SecretsAndMarks, shard_count: int, **options: Any
) -> ImagineBot:
    """Return a bot with so many connections; `options` are discord.py's."""
    if shard_count == 1:
        return ImagineBot(services=services, marks=marks, **options)
    return ShardedImagineBot(services=services, marks=marks, shard_count=shard_count, **options)


async def log_in(client: discord.Client, token: str) -> None:
    """Log in over HTTP; the gateway comes later.

    Raises:
        StartupError: the token is not accepted, or Discord cannot be reached.
    """
    try:
        await client.login(token)
    except discord.LoginFailure:
        raise StartupError(
            "Discord does not accept IMAGINE_DISCORD_TOKEN. Copy it again from the developer "
            "portal (Bot, Reset Token)."
        ) from None
    except OSError as error:
        raise StartupError(f"Discord cannot be reached: {error.strerror or error}") from None
    except discord.HTTPException as error:
        raise StartupError(f"Discord cannot be reached: it answered {error.status}") from None
