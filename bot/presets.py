"""Presets: saved and deleted by members for themselves and by moderators for their server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.asker import Asker
from bot.domain.audit import Act, AuditEntry
from bot.domain.clock import Clock
from bot.domain.history import EVERYTHING, HistoryStore
from bot.domain.ids import DIRECT_MESSAGES, UserId
from bot.domain.member_ports import PresetStore
from bot.domain.preset import Preset, Shelf, key_of, new_preset
from bot.domain.request import GenerationRequest
from bot.errors import InvalidRequest, Problem
from bot.guild_settings import GuildSettingsService
from bot.speech import _


class Presets:
    """A member's own come before the server's of the same name."""

    def __init__(
        self,
        *,
        store: PresetStore,
        history: HistoryStore,
        guild_settings: GuildSettingsService,
        clock: Clock,
    ) -> None:
        self._store = store
        self._history = history
        self._guild_settings = guild_settings
        self._clock = clock

    async def at_hand(self, asker: Asker) -> Sequence[Preset]:
        """Return what a member can use where they are: their own, then the server's."""
        return await self._store.on(*_shelves(asker))

    async def find(self, asker: Asker, name: str) -> Preset:
        """Return the preset of a name that a member can use where they are.

        Raises:
            InvalidRequest: there is none.
        """
        for shelf in _shelves(asker):
            found = await self._store.find(shelf, key_of(name))
            if found is not None:
                return found
        raise _no_such()

    async def save(
        self,
        asker: Asker,
        name: str,
        text: str,
        *,
        for_server: bool,
        of_picture: bool,
        usual: Mapping[str, Any],
    ) -> tuple[Preset, Preset | None]:
        """Keep what is typed, or the options of the member's newest picture, or one over the other.

        Options of a picture that are `usual`, the program's defaults, are not taken of it.
        Returns the preset, and the earlier one that it replaces.

        Raises:
            NotAllowed: it is for the server, which the asker does not moderate.
            InvalidRequest: it is no good, there is no picture, or there are too many presets.
        """
        shelf = await self._writable(asker, for_server=for_server)
        picture = await self._newest(asker.user_id) if of_picture else None
        preset = new_preset(shelf, name, text, picture, usual)
        entry = self._entry(asker, Act.PRESET_SAVED, preset.name, preset.text)
        earlier = await self._store.find(shelf, preset.key)
        kept = await self._store.save(
            preset,
            saved_by=asker.user_id,
            now_ms=self._clock.now_ms(),
            entry=entry if for_server else None,
        )
        if not kept:
            words = _(
                "would be one too many: there can be {room}. Delete another one first",
                room=shelf.room,
            )
            raise InvalidRequest([Problem("name", words)])
        return preset, earlier

    async def delete(self, asker: Asker, name: str, *, for_server: bool) -> Preset:
        """Take a preset away; return what it was.

        Raises:
            NotAllowed: it is for the server, which the asker does not moderate.
            InvalidRequest: there is none of that name.
        """
        shelf = await self._writable(asker, for_server=for_server)
        preset = await self._store.find(shelf, key_of(name))
        if preset is None:
            raise _elsewhere(await self.find(asker, name))
        entry = self._entry(asker, Act.PRESET_DELETED, preset.name, preset.text)
        await self._store.delete(shelf, preset.key, entry=entry if for_server else None)
        return preset

    async def _writable(self, asker: Asker, *, for_server: bool) -> Shelf:
        if not for_server:
            return Shelf.of_member(asker.user_id)
        await self._guild_settings.moderated_by(asker)
        return Shelf.of_server(asker.guild_id)

    async def _newest(self, user_id: UserId) -> GenerationRequest:
        jobs = await self._history.page(user_id, EVERYTHING, limit=1)
        if not jobs:
            words = _("is needed, since you have not asked for any picture yet")
            raise InvalidRequest([Problem("text", words)])
        return jobs[0].request

    def _entry(self, asker: Asker, act: Act, name: str, text: str) -> AuditEntry:
        return AuditEntry(
            guild_id=asker.guild_id,
            actor_id=asker.user_id,
            act=act,
            at_ms=self._clock.now_ms(),
            details={"name": name, "text": text},
        )


def _shelves(asker: Asker) -> Sequence[Shelf]:
    own = Shelf.of_member(asker.user_id)
    return [own] if asker.guild_id == DIRECT_MESSAGES else [own, Shelf.of_server(asker.guild_id)]


def _elsewhere(preset: Preset) -> InvalidRequest:
    """Say whose a preset is that was looked for on the other shelf."""
    words = (
        _("is this server's: delete it with `server: yes`")
        if preset.shelf.is_servers
        else _("is your own: delete it without `server`")
    )
    return InvalidRequest([Problem("preset", words)])


def _no_such() -> InvalidRequest:
    return InvalidRequest([Problem("preset", _("is not known here; `/preset list` shows them"))])
