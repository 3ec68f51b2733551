"""Which language is spoken, and how something is said in it.

The English text is the key, as gettext has it, so the source reads as it is spoken; `N_` marks one
that is said later. Whoever answers somebody opens `speaking` first: `privately` in
`bot/ui/answers.py` in the language of the person, whoever posts for everybody in that of the place.
Everything below just speaks, also in another thread: the language travels with the context.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Generator, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from gettext import NullTranslations
from typing import Literal, cast

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_compact_decimal, format_decimal


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """A language by its name in gettext and CLDR (`pt_BR`), and what is said in it."""

    name: str
    texts: NullTranslations


ENGLISH = Language("en_GB", NullTranslations())

_known: dict[str, Language] = {}
_spoken: ContextVar[Language] = ContextVar("spoken", default=ENGLISH)


def learn(locale: str, language: Language) -> None:
    """Speak a language from now on where Discord names that locale."""
    _known[locale] = language


@contextlib.contextmanager
def speaking(locale: str) -> Generator[None]:
    """Speak the language of one of Discord's locales inside; English where it is not known."""
    before = _spoken.set(_known.get(locale, ENGLISH))
    try:
        yield
    finally:
        _spoken.reset(before)


def N_(text: str) -> str:  # noqa: N802 - gettext's name for it
    """Mark a text that is to be said later, and return it as it is."""
    return text


def _(text: str, /, **values: object) -> str:
    """Say a text, with values in the places of its `{names}`."""
    said = _spoken.get().texts.gettext(text)
    return _filled(said, text, values) if values else said


def ngettext(one: str, many: str, count: int, /, **values: object) -> str:
    """Say a text in the form for that count, which stands at `{count}`."""
    said = _spoken.get().texts.ngettext(one, many, count)
    return _filled(said, one if count == 1 else many, {"count": number(count), **values})


def _filled(said: str, english: str, values: Mapping[str, object]) -> str:
    """Put values in their places; what a slip of a translator's made unfit is said in English."""
    try:
        return said.format_map(values)
    except (KeyError, IndexError, ValueError):
        return english.format_map(values)


def capitalised(words: str) -> str:
    """Begin words with a capital letter, as the language has it."""
    is_dotted = words.startswith("i") and _spoken.get().name == "tr"
    return ("İ" if is_dotted else words[:1].upper()) + words[1:]


def number(value: float, decimals: int = 0) -> str:
    """Write an amount as the language does: `1,234` or `1.234`; not for ids, seeds and sizes."""
    if decimals == 0 and 0 <= value < 1000 and value == int(value):
        return str(int(value))  # the same in all of them, and Babel takes its time
    pattern = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
    return format_decimal(value, format=pattern, locale=_spoken.get().name)


def day(date: dt.date) -> str:
    """Write a day, as `5 Nov 2026` is written in the language."""
    return format_date(date, format="medium", locale=_spoken.get().name)


def day_of_month(date: dt.date) -> str:
    """Write a day of this year, as `5 Nov`."""
    return format_skeleton("MMMd", date, locale=_spoken.get().name)


def day_of_week(date: dt.date) -> str:
    """Write a day of this week, as `Thu 5`."""
    return format_skeleton("Ed", date, locale=_spoken.get().name)


def roughly(value: int) -> str:
    """Write a number in few signs, as `12.3k`."""
    return format_compact_decimal(value, fraction_digits=1, locale=_spoken.get().name)


def listed(items: Iterable[str], style: Literal["standard", "or"] = "standard") -> str:
    """Join items as a sentence does, with "and" before the last, or "or"."""
    return format_list(list(items), style=style, locale=_spoken.get().name)


def in_a_row(items: Iterable[str]) -> str:
    """Join items with commas alone, as the language writes them."""
    return _(", ").join(items)


def labelled(label: str, value: str) -> str:
    """Put a value behind its label, with the colon between them that the language writes."""
    return _("{label}: {value}", label=label, value=value)


def language_name(code: str) -> str:
    """Return what a language is called, by its code of two letters."""
    names = cast("Mapping[str, str]", Locale.parse(_spoken.get().name).languages)
    return names.get(code, code)
