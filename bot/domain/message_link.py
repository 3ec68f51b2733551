"""Links to messages, as Discord's clients copy them."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.domain.ids import ChannelId, GuildId, MessageId
from bot.errors import InvalidRequest, Problem
from bot.speech import N_, _

_LINK_RULE = N_("must be a link to a message: **Copy Message Link** in the message's menu")

_ID = r"[0-9]{15,20}"
_LINK = re.compile(
    rf"<?https://(?:ptb\.|canary\.)?discord(?:app)?\.com/channels/"
    rf"(?P<guild>{_ID}|@me)/(?P<channel>{_ID})/(?P<message>{_ID})/?>?",
    re.ASCII,
)


class MessageLink(NamedTuple):
    """Where a message stands; in direct messages without a server."""

    guild_id: GuildId | None
    channel_id: ChannelId
    message_id: MessageId


def read_message_link(text: str) -> MessageLink:
    """Read a link.

    Raises:
        InvalidRequest: it is none.
    """
    match = _LINK.fullmatch(text.strip())
    if match is None:
        raise InvalidRequest([Problem("message", _(_LINK_RULE))])
    guild = None if match["guild"] == "@me" else GuildId(int(match["guild"]))
    return MessageLink(guild, ChannelId(int(match["channel"])), MessageId(int(match["message"])))
