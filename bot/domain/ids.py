"""Identifiers, so that one cannot be passed for another. Discord's are 64-bit snowflakes."""

from __future__ import annotations

from typing import NewType

JobId = NewType("JobId", int)
"""Our own job: the id of the Discord interaction that asked for it."""

UserId = NewType("UserId", int)
GuildId = NewType("GuildId", int)
"""A server; direct messages count as server 0."""

ChannelId = NewType("ChannelId", int)
RoleId = NewType("RoleId", int)
MessageId = NewType("MessageId", int)

ProviderJobId = NewType("ProviderJobId", str)
"""The image API's handle of a job. It comes as a number or as text and is kept as text."""

DIRECT_MESSAGES = GuildId(0)

_DISCORD_EPOCH_MS = 1_420_070_400_000
_SNOWFLAKE_TIME_SHIFT = 22


def first_id_at(moment_ms: int) -> int:
    """Return the smallest id that Discord can give at a moment; snowflakes begin with the time."""
    return max(0, moment_ms - _DISCORD_EPOCH_MS) << _SNOWFLAKE_TIME_SHIFT


def moment_of(snowflake: int) -> int:
    """Return when Discord gave an id, in Unix milliseconds."""
    return (snowflake >> _SNOWFLAKE_TIME_SHIFT) + _DISCORD_EPOCH_MS
