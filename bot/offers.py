"""What a member is offered while they type a model, a LoRA or an embedding.

A keystroke is answered from memory, but for the first of a while: what a member used lately is
looked up then, and remembered as long as somebody types a command.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, islice

import structlog

from bot.catalogue import Catalogue
from bot.domain.asker import Asker
from bot.domain.catalogue import CatalogueEntry, ModelKind
from bot.domain.clock import Clock
from bot.domain.ids import UserId
from bot.domain.matching import words_of
from bot.domain.memory import BriefMemory
from bot.domain.sight import Sight, sight_of
from bot.domain.strictness import Strictness
from bot.errors import StorageError
from bot.guild_settings import GuildSettingsService
from bot.history import History, UsedLately

log = structlog.stdlib.get_logger(__name__)

MOST_OFFERED = 25
"""Discord shows no more."""

_REMEMBERED_SECONDS = 30.0
_REMEMBERED_MEMBERS = 2000


class Offers:
    """Puts what a member used lately before its equals, and leaves out what they are not shown."""

    def __init__(
        self,
        catalogue: Catalogue,
        history: History,
        guild_settings: GuildSettingsService,
        direct_floor: Strictness,
        clock: Clock,
    ) -> None:
        self._catalogue = catalogue
        self._history = history
        self._guild_settings = guild_settings
        self._direct_floor = direct_floor
        self._lately = BriefMemory[UserId, UsedLately](
            clock, seconds=_REMEMBERED_SECONDS, most=_REMEMBERED_MEMBERS
        )

    async def sight(self, asker: Asker) -> Sight:
        """Return what a member is shown of the catalogue where they are."""
        settings = await self._guild_settings.of(asker.guild_id)
        return sight_of(settings, asker, floor=self._direct_floor)

    async def used_lately(self, user_id: UserId, kind: ModelKind) -> Sequence[str]:
        """Return the ids of a kind that a member used, the last one first."""
        try:
            return (await self._lately.get(user_id, self._history.used_lately))[kind]
        except StorageError as error:
            log.warning("suggestions without what was used lately", reason=str(error))
            return ()

    async def suggest(
        self, asker: Asker, kind: ModelKind, typed: str, *, besides: Collection[str] = ()
    ) -> Sequence[CatalogueEntry]:
        """Return what fits what was typed so far, best first, and none of `besides`.

        Ids that the API does not list, such as a member's own trained models, are offered to those
        who used them.
        """
        sight = await self.sight(asker)
        lately = await self.used_lately(asker.user_id, kind)
        found = chain(
            self._used(kind, lately, typed), self._catalogue.find(kind, typed, preferred=lately)
        )
        shown = (each for each in found if each.id not in besides and sight.shows(each))
        return list(islice(_distinct(shown), MOST_OFFERED))

    async def meant(self, asker: Asker, model_id: str) -> str | None:
        """Return the model that a member means by an id that the API does not list.

        None where nothing is like it, or they have drawn with it, as with a model of their own.
        """
        meant = self._catalogue.meant(model_id, await self.sight(asker))
        if meant is None:
            return None
        used = await self._history.used_lately(asker.user_id)
        return None if model_id in used[ModelKind.MODEL] else meant

    def _used(self, kind: ModelKind, ids: Iterable[str], typed: str) -> Iterator[CatalogueEntry]:
        """Yield what the catalogue does not find: all that was used, or the unlisted that fit."""
        wanted = "".join(words_of(typed))
        for each in ids:
            listed = self._catalogue.get(kind, each)
            if not typed.strip():
                yield listed or CatalogueEntry(id=each, kind=kind, name=each)
            elif listed is None and wanted and wanted in "".join(words_of(each)):
                yield CatalogueEntry(id=each, kind=kind, name=each)


def _distinct(entries: Iterable[CatalogueEntry]) -> Iterator[CatalogueEntry]:
    seen: set[str] = set()
    for entry in entries:
        if entry.id not in seen:
            seen.add(entry.id)
            yield entry
