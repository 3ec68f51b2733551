"""Reads and changes what a server's moderators decide; every change is an audit entry too."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bot.domain.asker import Asker
from bot.domain.audit import Act, AuditEntry
from bot.domain.clock import Clock
from bot.domain.guild_ports import GuildSettingsStore
from bot.domain.guild_settings import (
    KINDS,
    SERVER,
    Decision,
    GuildSettings,
    Place,
    Scope,
    Setting,
    StoredSetting,
    check_scope,
    checked_value,
)
from bot.domain.ids import DIRECT_MESSAGES, GuildId
from bot.domain.prompt_rules.rule import NewRule
from bot.errors import ChangedMeanwhile, InvalidRequest, NotAllowed, Problem
from bot.speech import _

_NOBODYS = GuildSettings(DIRECT_MESSAGES)

UNSEEN = -1
"""For changes that are no answer to a value somebody was shown."""

Stored = Mapping[tuple[Place, Setting], StoredSetting]

Amend = Callable[[Any], Any]
"""From the value that is set (None: none) to the one to set (None: none)."""


class GuildSettingsService:
    """Answers from memory, since each command asks; one process owns the data directory."""

    def __init__(self, *, store: GuildSettingsStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._known: dict[GuildId, GuildSettings] = {}
        self._turns: defaultdict[GuildId, asyncio.Lock] = defaultdict(asyncio.Lock)
        """One at a time loads or changes a server's: no change is lost, nor remembered too late."""

    async def of(self, guild_id: GuildId) -> GuildSettings:
        """Return what a server has set; direct messages have nothing."""
        if guild_id == DIRECT_MESSAGES:
            return _NOBODYS
        known = self._known.get(guild_id)
        if known is not None:
            return known
        async with self._turns[guild_id]:
            return await self._loaded(guild_id)

    def forget(self, guild_id: GuildId) -> None:
        """Read a server's settings anew the next time."""
        self._known.pop(guild_id, None)

    async def moderated_by(self, asker: Asker) -> GuildSettings:
        """Return the settings of the asker's server, which they must moderate.

        Raises:
            NotAllowed: they may not.
        """
        settings = await self.of(asker.guild_id)
        if asker.guild_id == DIRECT_MESSAGES or not settings.is_moderator(asker):
            raise NotAllowed(
                _("This is for people with Manage Server here, or with a role they named.")
            )
        return settings

    async def put(
        self, asker: Asker, setting: Setting, value: object, place: Place = SERVER
    ) -> StoredSetting:
        """Set a value of the asker's own server.

        Raises:
            NotAllowed: the asker does not moderate it.
            InvalidRequest: it is no value for this setting, or cannot be set there.
        """
        stored = await self.change(asker, setting, lambda _before: value, place)
        assert stored is not None  # noqa: S101
        return stored

    async def clear(self, asker: Asker, setting: Setting, place: Place = SERVER) -> bool:
        """Unset a value; False where there was none.

        Raises:
            NotAllowed: the asker does not moderate the server.
        """
        was_set = (await self.moderated_by(asker)).at(setting, place) is not None
        await self.change(asker, setting, lambda _before: None, place)
        return was_set

    async def change(
        self,
        asker: Asker,
        setting: Setting,
        amend: Amend,
        place: Place = SERVER,
        *,
        seen_ms: int = UNSEEN,
    ) -> StoredSetting | None:
        """Change a value as it stands at that moment; return what is set now.

        Args:
            asker: a moderator of the server.
            setting: what to change.
            amend: makes the new value of the old one; what it raises changes nothing.
            place: where.
            seen_ms: when the value that the moderator was shown had been set, 0 for none.

        Raises:
            NotAllowed: the asker does not moderate the server.
            InvalidRequest: it is no value for this setting, or cannot be set there.
            ChangedMeanwhile: it is no longer the value the moderator was shown.
        """
        await self.moderated_by(asker)
        _guard_moderators(setting, asker)
        check_scope(setting, place)
        async with self._turns[asker.guild_id]:
            before = (await self._loaded(asker.guild_id)).at(setting, place)
            if seen_ms not in {UNSEEN, before.set_at_ms if before else 0}:
                raise ChangedMeanwhile(
                    _(
                        "Somebody changed this meanwhile, so I left it alone. Look at it again, "
                        "and choose once more if you still want to."
                    )
                )
            return await self._store_change(asker, setting, place, before, amend)

    async def replace(
        self, asker: Asker, decisions: Sequence[Decision], prompt_rules: Sequence[NewRule] = ()
    ) -> None:
        """Put these in the place of all that the asker's server has set, its rules included.

        Who moderates stays as it is unless the asker has Manage Server.

        Raises:
            NotAllowed: the asker does not moderate the server.
            InvalidRequest: one of them is no value for its setting; nothing was changed.
        """
        await self.moderated_by(asker)
        async with self._turns[asker.guild_id]:
            before = (await self._loaded(asker.guild_id)).stored
            after, changes = await asyncio.to_thread(self._planned, asker, decisions, before)
            details = {"settings": changes, "prompt_rules": len(prompt_rules)}
            entry = self._entry(asker, Act.IMPORT, details)
            try:
                await self._store.replace(tuple(after.values()), prompt_rules, entry)
            finally:
                self.forget(asker.guild_id)

    def _planned(
        self, asker: Asker, decisions: Sequence[Decision], before: Stored
    ) -> tuple[Stored, list[dict[str, Any]]]:
        """Return what will be set, and what that changes; takes a while where it is much."""
        after = {(each.place, each.setting): self._stored(asker, each) for each in decisions}
        if not asker.manages_server:  # then it is a role named there that lets them do this
            after[SERVER, Setting.MODERATORS] = before[SERVER, Setting.MODERATORS]
        return after, list(_changes(before, after))

    async def _loaded(self, guild_id: GuildId) -> GuildSettings:
        known = self._known.get(guild_id)
        if known is None:
            known = self._known[guild_id] = await self._store.load(guild_id)
        return known

    async def _store_change(
        self,
        asker: Asker,
        setting: Setting,
        place: Place,
        before: StoredSetting | None,
        amend: Amend,
    ) -> StoredSetting | None:
        value = amend(before.value if before else None)
        stored = None if value is None else self._stored(asker, Decision(setting, place, value))
        if _value(stored) == _value(before):
            return before
        entry = self._entry(asker, Act.SET, _change(setting, place, before, stored))
        try:
            if stored is None:
                await self._store.clear(place, setting, entry)
            else:
                await self._store.put(stored, entry)
        finally:
            self.forget(asker.guild_id)
        return stored

    def _stored(self, asker: Asker, decision: Decision) -> StoredSetting:
        setting, place, value = decision
        checked = checked_value(setting, place, value)
        _refuse_everyone(setting, place, checked, asker.guild_id)
        return StoredSetting(place, setting, checked, asker.user_id, self._clock.now_ms())

    def _entry(self, asker: Asker, act: Act, details: dict[str, Any]) -> AuditEntry:
        return AuditEntry(
            guild_id=asker.guild_id,
            actor_id=asker.user_id,
            act=act,
            at_ms=self._clock.now_ms(),
            details=details,
        )


def _guard_moderators(setting: Setting, asker: Asker) -> None:
    """Only Manage Server decides who else moderates, so that no role can hand itself on."""
    if setting is Setting.MODERATORS and not asker.manages_server:
        raise NotAllowed(_("Only people with Manage Server decide which roles moderate the bot."))


def _refuse_everyone(setting: Setting, place: Place, value: Any, guild_id: GuildId) -> None:
    """Refuse @everyone, the role with the server's own id, which no rule means."""
    if place == Place(Scope.ROLE, guild_id):
        words = _("is not for the role @everyone; set it for the whole server instead")
    elif setting is Setting.ROLES and guild_id in value:
        words = _("must not name @everyone; name no role at all, and everybody may use the bot")
    elif setting is Setting.MODERATORS and guild_id in value:
        words = _("must not name @everyone, or every member would be a moderator")
    elif setting is Setting.QUOTA_EXEMPT and guild_id in value:
        words = _("must not name @everyone; set no limit instead")
    else:
        return
    raise InvalidRequest([Problem(setting, words)])


def _changes(before: Stored, after: Stored) -> Iterator[dict[str, Any]]:
    for key in {**before, **after}:
        old, new = before.get(key), after.get(key)
        if _value(old) != _value(new):
            yield _change(key[1], key[0], old, new)


def _change(
    setting: Setting, place: Place, before: StoredSetting | None, after: StoredSetting | None
) -> dict[str, Any]:
    return {
        "setting": setting.value,
        "scope": place.scope.value,
        "place_id": place.id,
        "before": _plain(setting, before),
        "after": _plain(setting, after),
    }


def _value(stored: StoredSetting | None) -> Any:
    return None if stored is None else stored.value


def _plain(setting: Setting, stored: StoredSetting | None) -> Any:
    return KINDS[setting].adapter.dump_python(stored.value, mode="json") if stored else None
