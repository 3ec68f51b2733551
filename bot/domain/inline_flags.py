r"""Flags inside a prompt: `a fox --ar 3:2 --seed 7 --no text, people`.

A flag is two dashes and a letter at the beginning of a word; dashes alone, inside a word or before
anything else are text. Phones turn two dashes into one long one: that is read as a flag before a
known name only. Its value is the next word, or what stands in quotes (`\"` is a quote in them); a
negative prompt goes on to the next flag, a list to the next word without a comma, and what is on
or off needs no value.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from bot.domain.flag_names import EXAMPLES, FLAGS, LISTS, NEGATIVE, SWITCHES, meaning, spelt
from bot.errors import InvalidRequest, Problem
from bot.speech import _

_FLAG = re.compile(r"(?<!\S)(--|[—–])([A-Za-z][^\s=]*)(?:=|(?!\S))")
_QUOTED = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|“([^”]*)”)(?!\S)', re.DOTALL)
_WORD = re.compile(r"\s*(\S+)")
_LIST = re.compile(r"\s*([^\s,]+(?:\s*,\s*[^\s,]+)*)")
_SWITCH = re.compile(r"\s*(yes|no|true|false)(?!\S)", re.IGNORECASE)
_TRAILING = ",;."
"""What ends a part of a sentence, and no value."""

_PLAIN_VALUE = re.compile(r"[\w.,:/+]*\w")
"""A value that needs no quotes."""

_PLAIN = re.compile(r"[A-Za-z][\w-]{0,29}")
"""As much of an unknown name as can be shown."""


@dataclass(frozen=True, slots=True)
class Written:
    """A prompt without its flags, and what the flags say: texts by the names of what they mean."""

    prompt: str
    flags: Mapping[str, str]


class _Found(NamedTuple):
    """A flag as it was typed, what it means, and where it stands with its value."""

    name: str
    means: str | None
    value: str
    start: int
    end: int


def read_flags(text: str) -> Written:
    """Take the flags out of a text; one without any stays as it is.

    Raises:
        InvalidRequest: a flag is not known, has no value, or two say different things.
    """
    found = list(_find(text))
    if not found:
        return Written(text, {})
    flags, problems = _gather(found)
    if problems:
        raise InvalidRequest(problems)
    return Written(_without(text, found), flags)


def written_flags(options: Mapping[str, str]) -> str:
    """Return options as flags that read back the same."""
    return " ".join(f"--{name} {_as_value(name, value)}" for name, value in options.items())


def _find(text: str) -> Iterator[_Found]:
    position = 0
    while match := _next_flag(text, position):
        means = meaning(match[2])
        value, position = _value(text, match, means)
        yield _Found(match[2], means, value, match.start(), position)


def _next_flag(text: str, position: int) -> re.Match[str] | None:
    for match in _FLAG.finditer(text, position):
        if match[1] == "--" or meaning(match[2]) is not None:
            return match
    return None


def _value(text: str, flag: re.Match[str], means: str | None) -> tuple[str, int]:
    """Return a flag's value, "" where it has none, and where it ends."""
    start = flag.end()
    if means is None:
        return "", start
    follower = _next_flag(text, start)
    limit = follower.start() if follower else len(text)
    if means in SWITCHES and not flag[0].endswith("="):
        spoken = _SWITCH.match(text, start, limit)
        return (spoken[1], spoken.end()) if spoken else ("yes", start)
    if quoted := _QUOTED.match(text, start):
        return re.sub(r"\\(.)", r"\1", quoted[1] or quoted[2] or "", flags=re.DOTALL), quoted.end()
    if means == NEGATIVE:
        return text[start:limit].strip(), limit
    typed = (_LIST if means in LISTS else _WORD).match(text, start, limit)
    return (typed[1].rstrip(_TRAILING), typed.end()) if typed else ("", start)


def _gather(found: list[_Found]) -> tuple[Mapping[str, str], list[Problem]]:
    flags: dict[str, str] = {}
    problems: list[Problem] = []
    for each in found:
        if each.means is None or not each.value:
            problems.append(_problem(each))
        elif each.means == NEGATIVE and NEGATIVE in flags:
            flags[NEGATIVE] += f", {each.value}"
        elif flags.setdefault(each.means, each.value) != each.value:
            words = _("is given twice, and differently; keep one")
            problems.append(Problem(f"--{each.name}", words))
    return flags, problems


def _problem(flag: _Found) -> Problem:
    name = _PLAIN.match(flag.name)
    shown = f"--{name[0] if name else ''}"
    if flag.means is not None:
        return Problem(shown, _lacks_value(shown, EXAMPLES.get(flag.means)))
    close = difflib.get_close_matches(spelt(shown[2:]), FLAGS, n=1, cutoff=0.5)
    return Problem(shown, _unknown(f"--{close[0]}" if close else None))


def _lacks_value(flag: str, example: str | None) -> str:
    if example is None:
        return _("needs a value: {flag} and then what you want", flag=flag)
    return _("needs a value: {flag} {example}", flag=flag, example=example)


def _unknown(close: str | None) -> str:
    if close is None:
        return _("is no option. If it is part of the text, put a space after --")
    return _(
        "is no option; did you mean {flag}? If it is part of the text, put a space after --",
        flag=close,
    )


def _without(text: str, found: list[_Found]) -> str:
    """Return the text between the flags, each gap closed to one space."""
    starts = [0, *(each.end for each in found)]
    ends = [*(each.start for each in found), len(text)]
    parts = (text[start:end].strip() for start, end in zip(starts, ends, strict=True))
    return " ".join(part for part in parts if part)


def _as_value(name: str, value: str) -> str:
    if name != NEGATIVE and _PLAIN_VALUE.fullmatch(value):
        return value
    escaped = re.sub(r'(["\\])', r"\\\1", value)
    return f'"{escaped}"'
