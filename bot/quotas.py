"""What a member may use and has used, and what moderators may change about it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.asker import Asker
from bot.domain.audit import Act, AuditEntry
from bot.domain.clock import Clock
from bot.domain.costs import Costs
from bot.domain.guild_ports import GrantStore
from bot.domain.guild_settings import SERVER, Place, Scope, Setting
from bot.domain.ids import RoleId, UserId
from bot.domain.ports import JobStore
from bot.domain.quota import Grant, QuotaLimits, QuotaStatus, Spent
from bot.domain.quota_policy import exempt_roles, limits_for, role_rules, rule_at
from bot.domain.quota_rule import Amount, QuotaRule
from bot.errors import InvalidRequest, Problem
from bot.guild_settings import GuildSettingsService
from bot.speech import _

_HOUR_MS = 60 * 60 * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerQuota:
    """A server's rules, and what everybody in it used together."""

    rule: QuotaRule
    roles: Sequence[tuple[RoleId, QuotaRule]]
    exempt: Sequence[RoleId]
    used: Spent


class Quotas:
    """Reads the ledger and the rules; reserving and refunding happen with the job's own moves."""

    def __init__(
        self,
        *,
        jobs: JobStore,
        grants: GrantStore,
        settings: GuildSettingsService,
        clock: Clock,
        ceiling: QuotaLimits,
        costs: Costs,
    ) -> None:
        self.costs = costs
        self._jobs = jobs
        self._grants = grants
        self._settings = settings
        self._clock = clock
        self._ceiling = ceiling
        self._changing = asyncio.Lock()

    async def limits_for(self, asker: Asker) -> QuotaLimits:
        """Return the limits that hold for a member: the operator's and the server's."""
        return limits_for(asker, await self._settings.of(asker.guild_id), self._ceiling)

    async def status(self, asker: Asker) -> QuotaStatus:
        """Return what a member has used of what they may."""
        now = self._clock.now_ms()
        usage = await self._jobs.quota_usage(asker.user_id, now, asker.guild_id)
        return QuotaStatus(await self.limits_for(asker), usage, now)

    async def status_of(self, moderator: Asker, member: Asker) -> QuotaStatus:
        """Return the same of another member of the moderator's server.

        Raises:
            NotAllowed: the asker does not moderate it.
        """
        await self._settings.moderated_by(moderator)
        return await self.status(member)

    async def of_server(self, moderator: Asker) -> ServerQuota:
        """Return a server's rules and what it used.

        Raises:
            NotAllowed: the asker does not moderate it.
        """
        settings = await self._settings.moderated_by(moderator)
        now = self._clock.now_ms()
        usage = await self._jobs.quota_usage(moderator.user_id, now, moderator.guild_id)
        return ServerQuota(
            rule=rule_at(settings, SERVER),
            roles=[(RoleId(each.place.id), each.value) for each in role_rules(settings)],
            exempt=sorted(exempt_roles(settings)),
            used=usage.server,
        )

    async def change_rule(
        self, moderator: Asker, role_id: RoleId | None, changes: Mapping[str, Amount | None]
    ) -> QuotaRule:
        """Change some of the server's or a role's limits; return the rule as it is now.

        Raises:
            NotAllowed: the asker does not moderate the server.
            InvalidRequest: there is no such limit for a role.
        """
        place = SERVER if role_id is None else Place(Scope.ROLE, role_id)
        async with self._changing:
            before = rule_at(await self._settings.moderated_by(moderator), place)
            if place is not SERVER and "server_images" in changes:
                problem = _("holds for the whole server; leave the role out")
                raise InvalidRequest([Problem("server_images", problem)])
            rule = QuotaRule.model_validate({**before.model_dump(), **changes})
            if rule == QuotaRule():
                await self._settings.clear(moderator, Setting.QUOTA, place)
            else:
                await self._settings.put(moderator, Setting.QUOTA, rule, place)
        return rule

    async def exempt(self, moderator: Asker, role_id: RoleId, *, exempt: bool) -> None:
        """Free a role of the server's limits, or take that back.

        Raises:
            NotAllowed: the asker does not moderate the server.
        """
        async with self._changing:
            before = exempt_roles(await self._settings.moderated_by(moderator))
            after = before | {role_id} if exempt else before - {role_id}
            if after:
                await self._settings.put(moderator, Setting.QUOTA_EXEMPT, tuple(sorted(after)))
            else:
                await self._settings.clear(moderator, Setting.QUOTA_EXEMPT)

    async def grant(
        self, moderator: Asker, user_id: UserId, *, grant_id: int, images: int, hours: int
    ) -> Grant:
        """Give a member extra images for some hours.

        Raises:
            NotAllowed: the asker does not moderate the server.
        """
        await self._settings.moderated_by(moderator)
        now = self._clock.now_ms()
        grant = Grant(grant_id, images, now + hours * _HOUR_MS)
        details = {"images": images, "hours": hours}
        entry = _entry(moderator, user_id, Act.QUOTA_GRANTED, now, details)
        await self._grants.grant(user_id, grant, entry)
        return grant

    async def reset(self, moderator: Asker, user_id: UserId) -> int:
        """Let nothing that a member used in the server count any more; return how much it was.

        Raises:
            NotAllowed: the asker does not moderate the server.
        """
        await self._settings.moderated_by(moderator)
        entry = _entry(moderator, user_id, Act.QUOTA_RESET, self._clock.now_ms(), {})
        return await self._grants.reset(user_id, entry)


def _entry(
    moderator: Asker, user_id: UserId, act: Act, now_ms: int, details: Mapping[str, int]
) -> AuditEntry:
    return AuditEntry(
        guild_id=moderator.guild_id,
        actor_id=moderator.user_id,
        act=act,
        at_ms=now_ms,
        user_id=user_id,
        details=details,
    )
