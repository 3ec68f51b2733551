"""Cuts text to a limit of Discord's without breaking anything that a reader or Discord sees in it.

Discord counts code points, as Python does (its developers' word: discord-api-docs, issue 1315).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex

ELLIPSIS = "…"

_ATOM = regex.compile(
    r"""
      (?P<code>(?<!`)(?P<ticks>`{1,3})(?!`) (?P<inside>.+?) (?<!`)(?P=ticks)(?!`))
    | https?://[^\s<>*|`\\]*[^\s<>*|`\\_~.,;:!?)\]]
    | (?P<word>(?:(?!https?://)[0-9\p{Latin}\p{Greek}\p{Cyrillic}])+(?![\p{M}\p{Cf}]))
    | \\(?!\s)\X                                       # an escaped sign
    | <a?:\w{1,32}:\d{1,20}>                           # an emoji of a server
    | <(?:@[!&]?|\#|id:)\w{1,20}>                      # a member, role, channel or page
    | <t:-?\d{1,17}(?::[A-Za-z])?>                     # a moment
    | </[^:<>\n]{1,100}:\d{1,20}>                      # a command
    | <https?://[^\s<>]+>
    | \[(?:\\.|[^\[\]\\\n]){1,300}\]\((?:<[^\s<>]+>|[^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)\)
    | (?P<mark>\*{1,3}|__?|~~|\|\|)
    | \X
    """,
    regex.VERBOSE | regex.DOTALL,
)
_LETTER = regex.compile(r"\X")

_BETWEEN_WORDS = regex.compile(
    r"""[\s\p{Extended_Pictographic}\p{Regional_Indicator}\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}
        \p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}]""",
    regex.VERBOSE,
)
"""Beside what a text may end: spaces, emoji, and letters of scripts that write without spaces."""


class _Atom(NamedTuple):
    """A piece that stays whole; `mark` where it is one of the two ends of something."""

    start: int
    text: str
    mark: str | None = None
    is_word: bool = False
    """May be cut between any two letters, if it must."""


class _Cut(NamedTuple):
    """A place where the text may end, and what must be closed there."""

    at: int
    closing: str = ""
    depth: int = 0
    is_between_words: bool = True
    letters: int = 0
    """How many letters of the following word may be kept, if it must be torn."""

    def fits(self, room: int) -> bool:
        return self.at + len(self.closing) <= room


def shorten(text: str, limit: int) -> str:
    """Cut text to `limit` characters, ellipsis included.

    A word, emoji, mention, link or pair of markdown signs stays whole or goes. Only what alone is
    longer than the limit is cut: a word between two letters, a pair between two words and then
    closed.
    """
    if len(text) <= limit:
        return text
    room = limit - len(ELLIPSIS)
    if room < 0:
        return ""
    cut = _choose(list(_cuts(_atoms(text))), room)
    kept = text[: cut.at].rstrip()
    *_, last = kept.split() or [""]
    is_link = "://" in last and "`" not in cut.closing and not last.endswith((">", ")"))
    gap = " " if is_link else ""
    return kept + gap + ELLIPSIS + cut.closing


def _choose(cuts: Sequence[_Cut], room: int) -> _Cut:
    """Find the last good place: as little inside of pairs as the text's pieces allow."""
    for depth in range(max(cut.depth for cut in cuts) + 1):
        good = [cut for cut in cuts if cut.is_between_words and cut.depth <= depth]
        chosen = next(cut for cut in reversed(good) if cut.fits(room))
        following = next((cut for cut in good if cut.at > chosen.at), cuts[-1])
        if following.at - chosen.at <= room:
            return chosen
    last = next(cut for cut in reversed(cuts) if cut.fits(room))
    letters = min(last.letters, room - last.at - len(last.closing))
    return last._replace(at=last.at + letters)


def _cuts(atoms: Sequence[_Atom]) -> Iterator[_Cut]:
    """Yield the places between atoms, from the beginning to the end of the text."""
    closed_by = _pairs(atoms)
    inside: list[int] = []
    closing = ""
    yield _Cut(0, letters=_letters(atoms[0]))
    for number, (atom, after) in enumerate(zip(atoms, [*atoms[1:], None], strict=True)):
        if number in closed_by or number in inside:
            if number in closed_by:
                inside.append(closed_by[number])
            else:
                inside.remove(number)
            closing = "".join(atoms[each].text for each in reversed(inside))
        if after is not None and atom.text.startswith(("http://", "https://")):
            continue  # what followed at once would become part of the address
        free = after is None or _is_free(atom) or _is_free(after)
        yield _Cut(atom.start + len(atom.text), closing, len(inside), free, _letters(after))


def _is_free(atom: _Atom) -> bool:
    return not atom.is_word and _BETWEEN_WORDS.match(atom.text) is not None


def _letters(atom: _Atom | None) -> int:
    return len(atom.text) if atom is not None and atom.is_word else 0


def _pairs(atoms: Sequence[_Atom]) -> dict[int, int]:
    """Return by each opening atom's number that of the one that closes it."""
    found: dict[int, int] = {}
    waiting: list[int] = []
    for number, atom in enumerate(atoms):
        if atom.mark is None:
            continue
        opening = next((n for n in reversed(waiting) if atoms[n].mark == atom.mark), None)
        if opening is not None and _can_close(atoms, number):
            found[opening] = number
            del waiting[waiting.index(opening) :]
        elif _can_open(atoms, number):
            waiting.append(number)
    return found


def _can_open(atoms: Sequence[_Atom], number: int) -> bool:
    """Tell whether a mark begins something: a single one does so only right before a word."""
    mark, (before, after) = atoms[number].mark, _neighbours(atoms, number)
    return mark not in {"*", "_"} or not (after.isspace() or (mark == "_" and before.isalnum()))


def _can_close(atoms: Sequence[_Atom], number: int) -> bool:
    """Tell whether a mark ends something: a single one does so only right behind a word."""
    mark, (before, after) = atoms[number].mark, _neighbours(atoms, number)
    return mark not in {"*", "_"} or not (before.isspace() or (mark == "_" and after.isalnum()))


def _neighbours(atoms: Sequence[_Atom], number: int) -> tuple[str, str]:
    """Return the signs on either side of an atom."""
    before = atoms[number - 1].text[-1] if number else " "
    after = atoms[number + 1].text[0] if number + 1 < len(atoms) else " "
    return before, after


def _atoms(text: str) -> Sequence[_Atom]:
    atoms: list[_Atom] = []
    for match in _ATOM.finditer(text):
        if match["code"]:
            atoms += _code(match.start(), match["ticks"], match["inside"])
        else:
            is_word = match.lastgroup == "word"
            atoms.append(_Atom(match.start(), match[0], match["mark"], is_word))
    return atoms


def _code(start: int, ticks: str, inside: str) -> Iterator[_Atom]:
    """Yield the ends of a piece of code, and between them its letters, where nothing is special."""
    ends = f"code {start}"
    yield _Atom(start, ticks, ends)
    start += len(ticks)
    for letter in _LETTER.finditer(inside):
        yield _Atom(start + letter.start(), letter[0])
    yield _Atom(start + len(inside), ticks, ends)
