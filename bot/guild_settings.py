"""Reads and changes what a server's moderators decide; every change is an audit entry too."""

from __future__ import annotations

from typing import Any

from bot.domain.asker import Asker
from bot.domain.audit import Act, AuditEntry
from bot.domain.clock import Clock
from bot.domain.guild_ports import GuildSettingsStore
from bot.domain.guild_settings import (
    KINDS,
    SERVER,
    GuildSettings,
    Place,
    Setting,
    StoredSetting,
    checked_value,
)
from bot.domain.ids import DIRECT_MESSAGES, GuildId
from bot.errors import NotAllowed

_NOBODYS = GuildSettings(DIRECT_MESSAGES)


class GuildSettingsService:
    """Answers from memory, since each command asks; one process owns the data directory."""

    def __init__(self, *, store: GuildSettingsStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._known: dict[GuildId, GuildSettings] = {}

    async def of(self, guild_id: GuildId) -> GuildSettings:
        """Return what a server has set; direct messages have nothing."""
        if guild_id == DIRECT_MESSAGES:
            return _NOBODYS
        known = self._known.get(guild_id)
        if known is None:
            known = self._known[guild_id] = await self._store.load(guild_id)
        return known

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
                "This is for people with Manage Server here, or with a role they named."
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
        settings = await self.moderated_by(asker)
        _guard_moderators(setting, asker)
        checked = checked_value(setting, place, value)
        stored = StoredSetting(place, setting, checked, asker.user_id, self._clock.now_ms())
        entry = self._entry(
            asker, Act.SET, _change(setting, place, settings.at(setting, place), checked)
        )
        await self._store.put(stored, entry)
        self.forget(asker.guild_id)
        return stored

    async def clear(self, asker: Asker, setting: Setting, place: Place = SERVER) -> bool:
        """Unset a value; False where there was none.

        Raises:
            NotAllowed: the asker does not moderate the server.
        """
        settings = await self.moderated_by(asker)
        _guard_moderators(setting, asker)
        before = settings.at(setting, place)
        if before is None:
            return False
        entry = self._entry(asker, Act.SET, _change(setting, place, before, None))
        await self._store.clear(place, setting, entry)
        self.forget(asker.guild_id)
        return True

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
        raise NotAllowed("Only people with Manage Server decide which roles moderate the bot.")


def _change(
    setting: Setting, place: Place, before: StoredSetting | None, after: object
) -> dict[str, Any]:
    return {
        "setting": setting.value,
        "scope": place.scope.value,
        "place_id": place.id,
        "before": None if before is None else _plain(setting, before.value),
        "after": None if after is None else _plain(setting, after),
    }


def _plain(setting: Setting, value: object) -> Any:
    return KINDS[setting].adapter.dump_python(value, mode="json")
