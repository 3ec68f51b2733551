"""Which limits hold for somebody at a place: the operator's ceiling and the server's rules."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.asker import Asker
from bot.domain.guild_settings import SERVER, GuildSettings, Place, Scope, Setting, StoredSetting
from bot.domain.ids import RoleId
from bot.domain.quota import UNLIMITED, QuotaLimits, ServerLimits
from bot.domain.quota_rule import QuotaRule, limits_of


def limits_for(asker: Asker, settings: GuildSettings, ceiling: QuotaLimits) -> QuotaLimits:
    """Return what holds for a member; nothing a server sets touches the operator's ceiling."""
    return replace(ceiling, server=_server_limits(asker, settings))


def _server_limits(asker: Asker, settings: GuildSettings) -> ServerLimits:
    if is_exempt(asker, settings):
        return UNLIMITED
    roles = settings.of_roles(Setting.QUOTA, asker.role_ids)
    return limits_of(rule_at(settings, SERVER), [each.value for each in roles])


def is_exempt(asker: Asker, settings: GuildSettings) -> bool:
    """Tell whether one of a member's roles frees them of the server's limits."""
    return not exempt_roles(settings).isdisjoint(asker.role_ids)


def exempt_roles(settings: GuildSettings) -> frozenset[RoleId]:
    """Return the roles that are free of the server's limits."""
    stored = settings.at(Setting.QUOTA_EXEMPT)
    return frozenset(map(RoleId, stored.value)) if stored else frozenset()


def rule_at(settings: GuildSettings, place: Place) -> QuotaRule:
    """Return what is said at exactly that place; a rule that says nothing where nothing is."""
    stored = settings.at(Setting.QUOTA, place)
    return stored.value if stored else QuotaRule()


def role_rules(settings: GuildSettings) -> list[StoredSetting]:
    """Return the rules of roles, in a fixed order."""
    return sorted(
        (
            each
            for each in settings.stored.values()
            if each.setting is Setting.QUOTA and each.place.scope is Scope.ROLE
        ),
        key=lambda each: each.place.id,
    )
