"""What each character folds to: letters that a reader takes for alike become the same letter.

Case, accents and compatibility forms (full width, mathematical letters, ligatures) go; letters of
other scripts that look Latin become Latin; what cannot be seen is dropped. Marks that spell, as in
Japanese, Thai or Hindi, stay.
"""

from __future__ import annotations

import re
import unicodedata

_LOOK_ALIKES = {
    **dict(zip("авекмнорстухѕіјԁԍһӏԛԝьѵ", "abekmhopctyxsijdghlqwbv", strict=True)),
    **dict(zip("αβγεηικμνορστυχωζ", "abyenikuvopotuxwz", strict=True)),
    **dict(zip("օոսհցզ", "onuhgq", strict=True)),
    **dict(zip("ᎠᎡᎢᎥᏆᎩᎪᎫᎬᎳᎷᎻᏀᏃᏙᏚᏞᏟᏢᏦᏴ", "drtiiyajewmhgzvslcpkb", strict=True)),
    **dict(zip("ꓐꓑꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴ", "bpdtgkjczfmnlsrvhwxyaeiou", strict=True)),
    "ɑ": "a",
    "ɩ": "i",
    "ð": "d",
}
"""Cyrillic, Greek, Armenian, Cherokee and Lisu letters, and what no name gives away."""

_GREEK_CAPITALS = str.maketrans("ΗΜΝΥ", "HMNY")

_NAMED = re.compile(
    r"(?:LATIN (?:SMALL |CAPITAL )?LETTER|NEGATIVE (?:CIRCLED|SQUARED) LATIN CAPITAL LETTER"
    r"|REGIONAL INDICATOR SYMBOL LETTER)"
    r"(?: (?:SMALL CAPITAL|DOTLESS|SCRIPT|BARRED|OPEN|BLACKLETTER|INSULAR))*"
    r" ([A-Z]{1,2})(?: WITH .+)?"
)
"""A Latin letter with a hook, a stroke or a box around it says in its name which one it is."""

_INVISIBLE = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")
_UNSEEN = frozenset({"Me", "Cf", "Cs", "Co"})
_STRUCK_THROUGH, _FIRST_POINTS, _LAST_POINTS, _FIRST_ACCENTS = 1, 10, 36, 200
"""Classes of combining marks: what lies between points and accents are vowels and tones."""

_LONGEST = 3
_REMEMBERED = 20_000


def fold(text: str) -> str:
    """Return a text as rules compare it."""
    if text.isascii():
        return text.casefold()
    return unicodedata.normalize("NFC", text.translate(_FOLDED))


def is_visible(text: str) -> bool:
    """Tell whether a reader sees anything of a text."""
    return text.isascii() or bool(fold(text).strip())


def as_capitals_look(text: str) -> str:
    """Return a text with Greek capitals that look Latin while their small letters do not."""
    return text.translate(_GREEK_CAPITALS)


class _Folded(dict[int, str]):
    """What characters fold to, worked out when each is first met."""

    def __missing__(self, code: int) -> str:
        folded = _fold(chr(code))
        if len(self) < _REMEMBERED:
            self[code] = folded
        return folded


_FOLDED = _Folded()


def _fold(char: str) -> str:
    if unicodedata.category(char) == "Cc":
        return char if char == "\n" else " "
    taken_apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    seen = [c for c in taken_apart if not _is_unseen(c)]
    if len(seen) > _LONGEST:  # Whole sentences have a character of their own: no way to spell.
        seen = list(unicodedata.normalize("NFC", char.casefold()))
    return "".join(_LOOK_ALIKES.get(c) or _named(c) for c in seen)


def _is_unseen(char: str) -> bool:
    category = unicodedata.category(char)
    if category != "Mn":
        return category in _UNSEEN or char in _INVISIBLE
    kind = unicodedata.combining(char)
    if kind in {0, _STRUCK_THROUGH}:
        return bool(kind) or char in _INVISIBLE or "VARIATION SELECTOR" in unicodedata.name(char)
    return _FIRST_POINTS <= kind <= _LAST_POINTS or kind >= _FIRST_ACCENTS


def _named(char: str) -> str:
    if char.isascii():
        return char
    named = _NAMED.fullmatch(unicodedata.name(char, ""))
    return named[1].lower() if named else char
