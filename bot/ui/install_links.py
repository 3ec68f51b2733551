"""Addresses at which the bot is added: to a server, or to somebody's own account."""

from __future__ import annotations

from urllib.parse import urlencode

import discord

NEEDED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    attach_files=True,
    read_message_history=True,
)
"""The least with which results are posted, and looked for after a crash."""

_AUTHORIZE = "https://discord.com/oauth2/authorize"
_TO_SERVER, _TO_USER = 0, 1


def server_link(application_id: int) -> str:
    """Return where somebody with Manage Server adds the bot to a server."""
    return _link(
        application_id, _TO_SERVER, scope="bot applications.commands", permissions=NEEDED.value
    )


def user_link(application_id: int) -> str:
    """Return where somebody adds the bot to their account, for every place they write in."""
    return _link(application_id, _TO_USER, scope="applications.commands")


def _link(application_id: int, kind: int, **more: str | int) -> str:
    query = {"client_id": application_id, "integration_type": kind, **more}
    return f"{_AUTHORIZE}?{urlencode(query)}"
