"""Regular expressions that cannot freeze the bot, whatever a moderator writes.

They run in RE2, whose time grows with the length of the text times the size of the pattern and
nothing else (github.com/google/re2), within a limit on that size. Its package has no types.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

import re2

_MEMORY_BYTES = 256 * 1024
"""For one compiled pattern: about a thousand states."""


class Pattern:
    """A compiled pattern that finds itself anywhere in a text, in any case.

    Raises:
        ValueError: it is no pattern, or too large; in RE2's words.
    """

    def __init__(self, text: str) -> None:
        options = re2.Options()
        options.case_sensitive = False
        options.log_errors = False
        options.max_mem = _MEMORY_BYTES
        try:
            self._compiled = re2.compile(text, options)
        except re2.error as error:
            reason = error.args[0]
            words = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
            raise ValueError(words.partition(":")[0]) from None

    def is_in(self, text: str) -> bool:
        """Tell whether any part of a text matches."""
        return self._compiled.search(text) is not None
