"""Commands that have subcommands."""

from __future__ import annotations

from discord import app_commands


def group_for_everywhere(name: str, description: str) -> app_commands.Group:
    """Return a group for servers, direct messages and groups, and for one's own account."""
    return app_commands.Group(
        name=name,
        description=description,
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        ),
    )
