"""Which texts are links to messages."""

from __future__ import annotations

import pytest

from bot.domain.message_link import MessageLink, read_message_link
from bot.errors import InvalidRequest

IDS = ("111111111111111111", "222222222222222222", "333333333333333333")
PATH = "/".join(IDS)


@pytest.mark.parametrize(
    "text",
    [
        f"https://discord.com/channels/{PATH}",
        f" https://discordapp.com/channels/{PATH}/ ",
        f"<https://ptb.discord.com/channels/{PATH}>",
        f"https://canary.discord.com/channels/{PATH}",
    ],
)
def test_links_as_the_clients_copy_them(text: str):
    assert read_message_link(text) == MessageLink(*map(int, IDS))  # pyright: ignore[reportArgumentType]


def test_direct_messages_have_no_server():
    link = read_message_link(f"https://discord.com/channels/@me/{IDS[1]}/{IDS[2]}")
    assert link.guild_id is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        f"https://discord.com/channels/{IDS[0]}/{IDS[1]}",
        f"https://discord.com.example.org/channels/{PATH}",
        f"http://discord.com/channels/{PATH}",
        f"https://discord.com/channels/{PATH}?x=1",
        f"https://discord.com/channels/{'9' * 400}/1/1",
    ],
)
def test_anything_else_is_refused_in_words(text: str):
    with pytest.raises(InvalidRequest, match="message: must be a link to a message"):
        read_message_link(text)
