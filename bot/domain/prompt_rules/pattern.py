"""Regular expressions that cannot freeze the bot, whatever a moderator writes.

They run in RE2, whose time grows with the length of the text times the size of the pattern and
nothing else (github.com/google/re2), within a limit on that size, and without holding the
interpreter's lock. Its package has no types.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

import re2

from bot.speech import N_, _

_MEMORY_BYTES = 256 * 1024
"""For one compiled pattern: a few thousand steps."""

_WORDS = {
    "missing ]": N_(r"a `[` is never closed; close it, or write `\[` for the sign itself"),
    "missing )": N_(r"a `(` is never closed; close it, or write `\(` for the sign itself"),
    "unexpected )": N_(r"a `)` closes nothing; take it out, or write `\)` for the sign itself"),
    "trailing \\": N_(r"it ends in a `\`; take it out, or write `\\` for the sign itself"),
    "invalid escape sequence": N_(
        r"there is no such `\` expression here (nor references to groups, such as `\1`);"
        r" write `\\` for the sign itself"
    ),
    "invalid perl operator": N_(
        "there are no look-aheads, look-behinds or comments here;"
        " after `(?` only flags, names and `:` can follow"
    ),
    "invalid named capture group": N_("a group's name must look like `(?P<name>…)`"),
    "invalid character class range": N_(
        "a range in `[…]` or a class such as `\\p{…}` does not exist; write ranges upwards, `[a-z]`"
    ),
    "invalid repetition size": N_("it repeats something more than 1000 times; use smaller numbers"),
    "no argument for repetition operator": N_(
        "a `*`, `+`, `?` or `{…}` stands where there is nothing to repeat;"
        " write `\\` before it for the sign itself"
    ),
    "bad repetition operator": N_(
        "two of `*`, `+`, `?` and `{…}` follow each other; put the inner one in `(…)`"
    ),
    "pattern too large - compile failed": N_(
        "it unfolds to too much; use smaller numbers in `{…}`, or `.` in place of `\\p{…}`"
    ),
}
"""RE2's reasons, in words that say what to change."""

_UNNAMED = N_("this is no regular expression of RE2")


class Pattern:
    """A compiled pattern that finds itself anywhere in a text, in any case.

    In a text of several lines, `^` and `$` are the ends of a line, and `.` stays within one.

    Raises:
        ValueError: it is no pattern, or too large; in words that say what to change.
    """

    def __init__(self, text: str) -> None:
        options = re2.Options()
        options.case_sensitive = False
        options.log_errors = False
        options.never_capture = True
        options.max_mem = _MEMORY_BYTES
        try:
            self._compiled = re2.compile(f"(?m){text}", options)
        except re2.error as error:
            raise ValueError(_words_of(error)) from None

    @property
    def size(self) -> int:
        """How many steps the pattern unfolds to; the time it takes grows with it."""
        return self._compiled.programsize

    def is_in(self, text: bytes) -> bool:
        """Tell whether any part of a text in UTF-8 matches."""
        return self._compiled.search(text) is not None


def _words_of(error: Exception) -> str:
    reason = error.args[0]
    text = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
    return _(_WORDS.get(text.partition(":")[0], _UNNAMED))
