"""A language that nobody speaks: English in brackets, so that what is not said in it is seen."""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from gettext import NullTranslations

from bot.speech import Language, learn, speaking


class _Bracketed(NullTranslations):
    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{super().ngettext(msgid1, msgid2, n)}⟧"


@contextlib.contextmanager
def bracketed(name: str = "ja") -> Generator[None]:
    """Speak in brackets inside; days and numbers are written as that language has them."""
    learn(f"bracketed-{name}", Language(name, _Bracketed()))
    with speaking(f"bracketed-{name}"):
        yield
