"""A server's settings as a file: written for people to read, and read with distrust."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, from_json

from bot.domain.guild_settings import (
    KINDS,
    Decision,
    Place,
    Scope,
    Setting,
    Snowflake,
    StoredSetting,
    checked_value,
    complaint,
)
from bot.domain.prompt_rules.rule import RuleKind
from bot.domain.request import clean_text
from bot.errors import InvalidRequest, Problem
from bot.speech import _

VERSION = 1
MAX_BYTES = 512 * 1024
MAX_ENTRIES = 5000
_EXACT_IN_JSON = 2**53
"""Beyond it, programs that read JSON numbers as floats would change an id."""

ID_SCOPES: Mapping[Setting, Scope] = {
    Setting.CHANNELS: Scope.CHANNEL,
    Setting.ROLES: Scope.ROLE,
    Setting.MODERATORS: Scope.ROLE,
    Setting.LOG_CHANNEL: Scope.CHANNEL,
    Setting.QUOTA_EXEMPT: Scope.ROLE,
}
"""Settings whose values are ids, and of what."""


class PromptRuleText(BaseModel):
    """A prompt rule in a file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: RuleKind
    text: Annotated[str, Field(min_length=1, max_length=1000)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    setting: Setting
    scope: Scope = Scope.SERVER
    id: Snowflake | None = None
    value: Any

    @property
    def place(self) -> Place:
        return Place(self.scope, self.id or 0)


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    imagine_settings: Literal[1]
    server: str = ""
    names: dict[str, str] = {}
    """For people to read; nothing is decided from it."""
    settings: Annotated[tuple[_Entry, ...], Field(max_length=MAX_ENTRIES)] = ()
    prompt_rules: Annotated[tuple[PromptRuleText, ...], Field(max_length=MAX_ENTRIES)] = ()


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """What a file asks for."""

    decisions: Sequence[Decision]
    prompt_rules: Sequence[PromptRuleText]
    names: Mapping[str, str]
    """What channels and roles were called where it was written, by their ids."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """What of a file can be had in a server, and the places it names that are not there."""

    decisions: Sequence[Decision]
    missing: Sequence[Place]
    emptied: Sequence[Setting]
    """Settings of which nothing was left without the missing places."""


def written(
    stored: Iterable[StoredSetting],
    prompt_rules: Iterable[PromptRuleText],
    *,
    server: str,
    names: Mapping[int, str],
) -> str:
    """Return a file; the `names` of channels and roles are there for whoever reads it."""
    content = {
        "imagine_settings": VERSION,
        "server": clean_text(server),
        "names": {str(each): clean_text(name) for each, name in names.items()},
        "settings": [_entry(each) for each in stored],
        "prompt_rules": [each.model_dump() for each in prompt_rules],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def read(data: bytes) -> SettingsFile:
    """Read a file; it is all right, or nothing of it is.

    Raises:
        InvalidRequest: one problem for each thing that is wrong, named by where it stands.
    """
    file = _parsed(data)
    problems: list[Problem] = []
    decisions: dict[tuple[Setting, Place], Decision] = {}
    for number, entry in enumerate(file.settings, 1):
        where = f"settings {number}"
        if (entry.scope is Scope.SERVER) != (entry.id is None):
            problems.append(
                Problem(f"{where}, id", _("belongs to a channel or a role, and only there"))
            )
            continue
        if (entry.setting, entry.place) in decisions:
            problems.append(Problem(where, _("is there twice; keep one of them")))
            continue
        try:
            value = checked_value(entry.setting, entry.place, entry.value)
        except InvalidRequest as error:
            problems += [
                Problem(f"{where}, value", f"{p.option} {p.message}") for p in error.problems
            ]
            continue
        decisions[entry.setting, entry.place] = Decision(entry.setting, entry.place, value)
    if problems:
        raise InvalidRequest(problems)
    return SettingsFile(tuple(decisions.values()), file.prompt_rules, file.names)


def fitted(file: SettingsFile, exists: Callable[[Place], bool]) -> Fitted:
    """Leave out what is said of channels and roles that are not there."""
    decisions: list[Decision] = []
    missing: dict[Place, None] = {}
    emptied: list[Setting] = []
    for each in file.decisions:
        gone = [place for place in _places_in(each) if not exists(place)]
        missing.update(dict.fromkeys(gone))
        if each.place in gone:
            continue
        left = _without(each, {place.id for place in gone})
        if left is None:
            emptied.append(each.setting)
        else:
            decisions.append(left)
    return Fitted(decisions, tuple(missing), emptied)


def places_named(stored: Iterable[StoredSetting]) -> Iterator[Place]:
    """Yield every channel and role that settings speak of."""
    for each in stored:
        yield from _places_in(Decision(each.setting, each.place, each.value))


def _places_in(decision: Decision) -> Iterator[Place]:
    if decision.place.scope is not Scope.SERVER:
        yield decision.place
    scope = ID_SCOPES.get(decision.setting)
    if scope is not None:
        yield from (Place(scope, each) for each in _ids(decision.value))


def _ids(value: Any) -> Sequence[int]:
    return cast("tuple[int, ...]", value) if isinstance(value, tuple) else (value,)


def _without(decision: Decision, gone: set[int]) -> Decision | None:
    if not gone or decision.setting not in ID_SCOPES:
        return decision
    left = tuple(each for each in _ids(decision.value) if each not in gone)
    return decision._replace(value=left) if left else None


def _entry(stored: StoredSetting) -> dict[str, Any]:
    place = stored.place
    where = {} if place.scope is Scope.SERVER else {"scope": place.scope.value, "id": str(place.id)}
    value = KINDS[stored.setting].adapter.dump_python(stored.value, mode="json")
    return {"setting": stored.setting.value, **where, "value": _exact(value)}


def _exact(value: Any) -> Any:
    """Return a value whose large numbers are text."""
    if isinstance(value, list):
        return [_exact(each) for each in cast("list[Any]", value)]
    return str(value) if isinstance(value, int) and value > _EXACT_IN_JSON else value


def _parsed(data: bytes) -> _File:
    content = _decoded(data)
    version = content.get("imagine_settings")
    if version != VERSION:
        raise InvalidRequest([Problem("imagine_settings", _other_version(version))])
    try:
        return _File.model_validate(content)
    except ValidationError as error:
        raise InvalidRequest([_problem(each) for each in error.errors()]) from None


def _other_version(version: object) -> str:
    if type(version) is int and version < 1000:
        return _(
            "has version {version}; I read what /settings export writes, version {readable}",
            version=version,
            readable=VERSION,
        )
    return _(
        "has no version; I read what /settings export writes, version {readable}", readable=VERSION
    )


def _decoded(data: bytes) -> Mapping[str, Any]:
    if len(data) > MAX_BYTES:
        raise too_large()
    try:
        content = from_json(data.removeprefix(b"\xef\xbb\xbf"))
    except ValueError as error:
        raise InvalidRequest([Problem("file", _no_json(error))]) from None
    if not isinstance(content, dict):
        raise InvalidRequest([Problem("file", _("is not one that /settings export wrote"))])
    return cast("dict[str, Any]", content)


def too_large() -> InvalidRequest:
    """Return the refusal of a file that is too large to be read."""
    return InvalidRequest([Problem("file", _("must be at most {size} KB", size=MAX_BYTES // 1024))])


def _no_json(error: ValueError) -> str:
    """Say where in the file something is wrong, where the reader of JSON says so."""
    found = re.search(r"line (\d+) column (\d+)", str(error))
    if found is None:
        return _("is not JSON")
    return _("is not JSON: look at line {line}, column {column}", line=found[1], column=found[2])


def _problem(error: ErrorDetails) -> Problem:
    """Name the place in the file, entries counted from one."""
    parts = [f" {part + 1}" if isinstance(part, int) else f", {part}" for part in error["loc"]]
    where = clean_text("".join(parts).removeprefix(", "))
    if error["type"] == "extra_forbidden":
        return Problem(where, _("does not belong there"))
    return Problem(where, complaint(error))
