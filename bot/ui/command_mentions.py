"""Commands as they stand in a text: to be clicked where Discord's ids for them are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, cast

import discord


class KnowsCommands(Protocol):
    """What a text that names commands needs of the bot."""

    @property
    def command_ids(self) -> Mapping[str, int]:
        """Discord's ids of the published commands, by name."""
        ...


def mention(interaction: discord.Interaction, command: str) -> str:
    """Return a command, or a subcommand such as `quota mine`, to be clicked if that can be."""
    ids = cast("KnowsCommands", interaction.client).command_ids
    command_id = ids.get(command.split(" ", 1)[0])
    return f"`/{command}`" if command_id is None else f"</{command}:{command_id}>"
