"""What of the catalogue somebody is shown where they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain.asker import Asker
from bot.domain.catalogue import CatalogueEntry, ModelKind
from bot.domain.guild_settings import AllowList, GuildSettings, Setting
from bot.domain.ids import DIRECT_MESSAGES
from bot.domain.strictness import Strictness

_LISTED = {ModelKind.MODEL: Setting.MODELS, ModelKind.LORA: Setting.LORAS}
_ANYTHING = AllowList()


@dataclass(frozen=True, slots=True)
class Sight:
    """Nothing that the server forbids, and nothing for adults outside places for adults.

    What is not shown is not thereby forbidden: the rules alone say what may be asked for.
    """

    adult: bool
    barred: Mapping[ModelKind, frozenset[str]] = field(
        default_factory=dict[ModelKind, frozenset[str]]
    )
    allowed: Mapping[ModelKind, frozenset[str]] = field(
        default_factory=dict[ModelKind, frozenset[str]]
    )
    """Nothing else, where there are any."""

    def shows(self, entry: CatalogueEntry) -> bool:
        """Tell whether an entry is shown."""
        if entry.nsfw and not self.adult:
            return False
        folded = entry.id.casefold()
        allowed = self.allowed.get(entry.kind)
        return folded not in self.barred.get(entry.kind, ()) and (not allowed or folded in allowed)


ANYWHERE = Sight(adult=False)
"""For whatever everybody reads, wherever that is."""

EVERYTHING = Sight(adult=True)
"""For moderators, who decide about all of it."""


def sight_of(settings: GuildSettings, asker: Asker, *, floor: Strictness) -> Sight:
    """Return what a member is shown.

    Args:
        settings: what the server has set.
        asker: who looks, and where.
        floor: the loosest safety checker in direct messages: what may be shown there unchecked
            may be for adults.
    """
    lists = {kind: settings.value(each, asker, _ANYTHING) for kind, each in _LISTED.items()}
    in_private = asker.guild_id == DIRECT_MESSAGES
    return Sight(
        adult=floor is Strictness.OFF if in_private else asker.age_restricted,
        barred={kind: _folded(each.blocked) for kind, each in lists.items()},
        allowed={kind: _folded(each.allowed) for kind, each in lists.items()},
    )


def _folded(ids: Iterable[str]) -> frozenset[str]:
    return frozenset(map(str.casefold, ids))
