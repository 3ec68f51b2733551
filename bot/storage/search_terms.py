"""The terms of the search index: what it holds of a job, and what it is asked.

Each term begins with the id of its member, so a search meets nobody else's jobs and costs no more
than the member's own, however common the word. After it stands what the term says::

    7w…    a word of the prompt; of scripts without spaces, each sign with the one after it
    7m…    the model, in hexadecimal
    7g5    the server
    7f     a favourite

Terms are made of ASCII letters and digits and of letters beyond ASCII, which FTS5's `ascii`
tokenizer takes whole. Nothing else of what a member types is left, so none of it reaches the
syntax of a query.
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from typing import Any, cast

from bot.domain.history import HistoryFilter
from bot.domain.ids import UserId

FUNCTION = "search_terms"
"""Its name in the triggers. A change of the terms needs a migration that fills the index anew."""

MAX_WORDS = 20
"""More of a search are ignored; nobody remembers so many of a prompt."""

_LONGEST_WORD = 40
_SHORTEST_PREFIX = 3
"""A word of so many letters finds longer ones that begin with it: `light` finds `lighthouse`."""

_NOTHING = '"nothing"'
"""Matches no term: they begin with a digit."""

_ACCENTS = re.compile("[\u0300-\u036f]+")
_WORD = re.compile(r"[a-z0-9]+")
_SPACELESS = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f"  # Burmese
    "\u1780-\u17ff"  # Khmer
    "\u3040-\u30ff"  # Japanese syllables
    "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"  # Chinese characters
    "\uac00-\ud7af"  # Korean, whose words take endings
)
_RUN = re.compile(f"[{_SPACELESS}]+|[^{_SPACELESS}]+")
_SPACELESS_RUN = re.compile(f"[{_SPACELESS}]+")


def add_to(connection: sqlite3.Connection) -> None:
    """Teach a connection the function that the schema's triggers call."""
    connection.create_function(FUNCTION, 4, search_terms, deterministic=True)


def search_terms(user_id: int, guild_id: int, request: str, favourited_at_ms: int | None) -> str:
    """Return what the index holds of a job, whatever its stored request looks like."""
    asked = _read(request)
    prompt, model_id = asked.get("prompt"), asked.get("model_id")
    terms = [f"{user_id}g{guild_id}"]
    if isinstance(model_id, str):
        terms.append(_model_term(user_id, model_id))
    if favourited_at_ms is not None:
        terms.append(f"{user_id}f")
    if isinstance(prompt, str):
        terms += sorted({f"{user_id}w{each}" for run in _runs(prompt) for each in _parts(run)})
    return " ".join(terms)


def query_of(user_id: UserId, wanted: HistoryFilter) -> str | None:
    """Return the FTS5 query that finds a member's jobs; None where no index is needed."""
    terms: list[str] = []
    if wanted.guild_id is not None:
        terms.append(f'"{user_id}g{wanted.guild_id}"')
    if wanted.model_id is not None:
        terms.append(f'"{_model_term(user_id, wanted.model_id)}"')
    if wanted.favourites:
        terms.append(f'"{user_id}f"')
    if wanted.search:
        words = list(dict.fromkeys(_wanted(user_id, wanted.search)))
        terms += words[:MAX_WORDS] or [_NOTHING]
    return " AND ".join(terms) or None


def _read(request: str) -> dict[str, Any]:
    try:
        values: object = json.loads(request)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", values) if isinstance(values, dict) else {}


def _model_term(user_id: int, model_id: str) -> str:
    return f"{user_id}m{model_id.encode(errors='replace').hex()}"


def _wanted(user_id: int, text: str) -> Iterator[str]:
    """Yield the quoted terms that a search asks for."""
    for run in _runs(text):
        if not _is_spaceless(run):
            mark = " *" if len(run) >= _SHORTEST_PREFIX else ""
            yield f'"{user_id}w{run}"{mark}'
        elif len(run) == 1:
            yield f'"{user_id}w{run}" *'
        else:
            for at in range(len(run) - 1):
                yield f'"{user_id}w{run[at : at + 2]}"'


def _parts(run: str) -> Iterator[str]:
    """Yield what a run is found by: itself, or each of its signs with the one after it."""
    if not _is_spaceless(run):
        yield run
        return
    for at in range(len(run)):
        yield run[at : at + 2]


def _runs(text: str) -> Iterator[str]:
    """Yield the words of a text, without case and accents, apart where the script changes."""
    if text.isascii():
        for word in _WORD.findall(text.lower()):
            yield word[:_LONGEST_WORD]
        return
    for word in "".join(c if _is_of_a_word(c) else " " for c in _folded(text)).split():
        for run in _RUN.findall(word):
            yield run if _is_spaceless(run) else run[:_LONGEST_WORD]


def _folded(text: str) -> str:
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFKC", bare.casefold())


def _is_spaceless(run: str) -> bool:
    return not run.isascii() and _SPACELESS_RUN.match(run) is not None


def _is_of_a_word(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN"
