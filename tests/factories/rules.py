"""Askers and servers' settings for tests: everything has a default, only what matters is said."""

from __future__ import annotations

from typing import Any

from bot.domain.asker import Asker
from bot.domain.guild_settings import (
    SERVER,
    GuildSettings,
    Place,
    Scope,
    Setting,
    StoredSetting,
    checked_value,
)
from bot.domain.ids import ChannelId, GuildId, RoleId, UserId
from bot.domain.strictness import SafetyRule, Strictness
from tests.factories.jobs import ALICE
from tests.fakes.clock import NOON

GUILD, CHANNEL, CATEGORY, ROLE, OTHER_ROLE = GuildId(10), ChannelId(20), ChannelId(21), 30, 31
MODERATOR = UserId(999)

AT_CHANNEL, AT_CATEGORY = Place(Scope.CHANNEL, CHANNEL), Place(Scope.CHANNEL, CATEGORY)
AT_ROLE, AT_OTHER_ROLE = Place(Scope.ROLE, ROLE), Place(Scope.ROLE, OTHER_ROLE)


def an_asker(user_id: UserId = ALICE, *, roles: tuple[int, ...] = (), **changes: Any) -> Asker:
    values: dict[str, Any] = {
        "guild_id": GUILD,
        "channel_ids": (CHANNEL, CATEGORY),
        "role_ids": frozenset(RoleId(each) for each in roles),
        **changes,
    }
    return Asker(user_id=user_id, **values)


def a_moderator(**changes: Any) -> Asker:
    return an_asker(MODERATOR, manages_server=True, **changes)


def a_setting(setting: Setting, value: object, place: Place = SERVER) -> StoredSetting:
    checked = checked_value(setting, place, value)
    return StoredSetting(place, setting, checked, MODERATOR, NOON)


def settings_with(*stored: StoredSetting) -> GuildSettings:
    return GuildSettings.of(GUILD, stored)


def a_rule(level: str, loosest: str | None = None, place: Place = SERVER) -> StoredSetting:
    """Return a safety rule; locked unless it says how far it may be loosened."""
    rule = SafetyRule(level=Strictness(level), loosest=Strictness(loosest or level))
    return a_setting(Setting.SAFETY, rule, place)
