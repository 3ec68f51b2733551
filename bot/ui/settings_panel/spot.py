"""Where somebody stands in the panel: part of every `custom_id`, so that nothing is remembered."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.domain.guild_settings import SERVER, Place, Scope, StoredSetting
from bot.guild_settings import UNSEEN
from bot.ui.job_button import PREFIX

_SCOPES = {"s": Scope.SERVER, "c": Scope.CHANNEL, "r": Scope.ROLE}
_LETTERS = {scope: letter for letter, scope in _SCOPES.items()}
_TAIL = r"([a-z_]+):([a-z]+):([scr])(\d{1,20}):(-?\d{1,20})(?::\d{1,20})?"

CONTROL = re.compile(rf"{PREFIX}:set:{_TAIL}")
FORM = re.compile(rf"{PREFIX}:form:{_TAIL}")


class Spot(NamedTuple):
    """A section, and the place whose rules it shows."""

    section: str
    place: Place = SERVER


class Control(NamedTuple):
    """A control or a form: what it does, where, and the value its user was shown.

    `seen_ms` is when that value had been set; 0: there was none; -1: it shows none.
    """

    action: str
    spot: Spot
    seen_ms: int = UNSEEN

    def custom_id(self, *, drawn_ms: int) -> str:
        """Return all of it as text, and when it was drawn.

        A control drawn anew is another one to Discord, and forgets what was chosen in it.
        """
        return f"{PREFIX}:set:{self._tail}:{drawn_ms}"

    @property
    def form_id(self) -> str:
        """All of it as text, for the form that the control opens."""
        return f"{PREFIX}:form:{self._tail}"

    @property
    def _tail(self) -> str:
        place = f"{_LETTERS[self.spot.place.scope]}{self.spot.place.id}"
        return f"{self.action}:{self.spot.section}:{place}:{self.seen_ms}"


def control_of(custom_id: str) -> Control | None:
    """Read a control or a form back from its text."""
    match = CONTROL.fullmatch(custom_id) or FORM.fullmatch(custom_id)
    if match is None:
        return None
    action, section, letter, place_id, seen_ms = match.groups()
    return Control(action, Spot(section, Place(_SCOPES[letter], int(place_id))), int(seen_ms))


def seen(stored: StoredSetting | None) -> int:
    """Return what a control remembers of the value it shows."""
    return stored.set_at_ms if stored else 0
