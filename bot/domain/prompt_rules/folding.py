"""Makes texts alike that a reader takes for alike, so that a rule is not dodged by spelling.

Case, accents, compatibility forms (full width, mathematical letters), look-alike letters of other
scripts and invisible characters are folded. Digits and signs that stand for letters, and letters
written apart, are tried as further readings, since they are often what they seem to be.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence

_LOOK_ALIKES = str.maketrans(
    {
        **dict(zip("авекмнорстухѕіјԁԍһӏԛԝьѵᴀɡı", "abekmhopctyxsijdghlqwbvagi", strict=True)),
        **dict(zip("αβγεηικνορστυχωζ", "abyenikvopotuxwz", strict=True)),
        **dict(zip("ɑɩɪʀꜱᴛᴜᴠᴡᴢʏᴇᴏᴍɴᴋᴊʜɢꜰᴅᴄʙʟᴘ", "aiirstuvwzyeomnkjhgfdcblp", strict=True)),
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ħ": "h",
    }
)
"""Letters that look like Latin ones, after case folding."""

_STAND_INS = str.maketrans("013457@$!|", "oieastasii")
_DROPPED = frozenset({"Mn", "Me", "Cf", "Cc", "Cs", "Co"})
_WORD = re.compile(r"[^\W_]+")
_LOOSE_WORD = re.compile(r"[^\W_]*(?:[@$!|][^\W_]+)+[@$!|]?|[^\W_]+")
_APART = re.compile(r"(?<![^\W_])(?:[^\W\d_][\s.\-_*·,/]{1,2}){2,}[^\W\d_](?![^\W_])")
_SPACELESS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)
"""Scripts that write without spaces, and Korean, which glues its particles on."""

Words = tuple[str, ...]


def fold(text: str) -> str:
    """Return a text as rules compare it."""
    if text.isascii():
        return text.casefold()
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(c for c in plain if unicodedata.category(c) not in _DROPPED)
    return unicodedata.normalize("NFC", kept.translate(_LOOK_ALIKES))


def words_of(folded: str) -> Words:
    """Return the words of a folded text."""
    return tuple(_WORD.findall(folded))


class Folded:
    """A folded text and the ways in which it can be read, worked out once for all who look."""

    def __init__(self, text: str) -> None:
        self.text = fold(text)

    @functools.cached_property
    def joined(self) -> str:
        """The text without spaces, for scripts that have none."""
        return self.text.replace(" ", "")

    @functools.cached_property
    def readings(self) -> Sequence[Words]:
        """The text as words: plain, with stand-ins for letters read as such, and put together."""
        plain = words_of(self.text)
        loose = tuple(_unmasked(word) for word in _LOOSE_WORD.findall(self.text))
        together = words_of(_APART.sub(lambda m: "".join(_WORD.findall(m[0])), self.text))
        return tuple(dict.fromkeys((plain, loose, together)))


def is_spaceless(folded: str) -> bool:
    """Tell whether a word is of a script in which words are not set apart."""
    return _SPACELESS.search(folded) is not None


def _unmasked(word: str) -> str:
    """Read digits and signs as the letters they stand for; numbers stay numbers."""
    has_letter = any(char.isalpha() for char in word)
    return word.translate(_STAND_INS) if has_letter else word
