"""What a server's moderators decide: typed values at the server, a channel or a role.

Every value knows who set it and when, so that a member can be told where a rule comes from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, NamedTuple, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from bot.domain.asker import Asker
from bot.domain.ids import ChannelId, GuildId, RoleId, UserId
from bot.domain.quota_rule import QuotaRule
from bot.domain.request import MAX_SAMPLES, MAX_STEPS, ApiId
from bot.domain.request_defaults import checked_defaults
from bot.domain.size import MAX_SIDE, MIN_SIDE
from bot.domain.strictness import SafetyRule
from bot.errors import InvalidRequest, Problem
from bot.speech import N_, _, listed

T = TypeVar("T")


class Scope(StrEnum):
    """What a value holds for."""

    SERVER = "server"
    CHANNEL = "channel"
    ROLE = "role"


class Place(NamedTuple):
    """Where a value is set; the server itself has id 0."""

    scope: Scope
    id: int = 0


SERVER = Place(Scope.SERVER)


class Setting(StrEnum):
    """Everything a server can decide."""

    SAFETY = "safety"
    """The safety checker: default and how far it may be loosened."""
    FLAGGED = "flagged"
    """What becomes of a picture that the API flags or that comes back blank."""
    CHANNELS = "channels"
    """Where the bot may be used; unset: everywhere."""
    ROLES = "roles"
    """Who may use it; unset: everybody."""
    MODERATORS = "moderators"
    """Roles whose members moderate the bot besides people with Manage Server."""
    DEFAULTS = "defaults"
    """Attributes for whatever a member leaves out."""
    MODELS = "models"
    SCHEDULERS = "schedulers"
    LORAS = "loras"
    CEILINGS = "ceilings"
    """How much one request may ask for."""
    PROGRESS = "progress"
    """Who sees that a job was queued and how it goes on."""
    REUSE = "reuse"
    """Who may use the parameters of somebody's public picture."""
    LOG_CHANNEL = "log_channel"
    """Where moderators see who made what."""
    LANGUAGE = "language"
    """What everybody is spoken to in; unset: as Discord says."""
    NAME_RULES = "name_rules"
    """Whether a refused member is told which prompt rule matched."""
    QUOTA = "quota"
    """How much members may ask for."""
    QUOTA_EXEMPT = "quota_exempt"
    """Roles that are free of the server's quota rules."""


class Flagged(StrEnum):
    """What becomes of a flagged picture."""

    WITHHELD = "withheld"
    SPOILER = "spoiler"
    SHOWN = "shown"


class Audience(StrEnum):
    """Who may see or do something besides the one who asked."""

    EVERYONE = "everyone"
    REQUESTER = "requester"


class Tongue(StrEnum):
    """A language that a server can choose, by Discord's locale; English everywhere is one."""

    ENGLISH = "en-US"
    GERMAN = "de"
    FRENCH = "fr"
    SPANISH = "es-ES"
    PORTUGUESE = "pt-BR"
    JAPANESE = "ja"
    KOREAN = "ko"
    CHINESE = "zh-CN"
    RUSSIAN = "ru"
    TURKISH = "tr"


MAX_LISTED = 200
_Ids = Annotated[tuple[ApiId, ...], Field(max_length=MAX_LISTED)]


class AllowList(BaseModel):
    """Ids that may be used: all but the blocked, or only the allowed where there are any."""

    model_config = ConfigDict(frozen=True, extra="forbid", revalidate_instances="always")

    allowed: _Ids = ()
    blocked: _Ids = ()

    def permits(self, wanted: str) -> bool:
        """Tell whether an id may be used; case does not matter."""
        folded = wanted.casefold()
        if folded in map(str.casefold, self.blocked):
            return False
        return not self.allowed or folded in map(str.casefold, self.allowed)

    def allowing(self, wanted: str) -> AllowList:
        """Return the list with an id among the allowed ones, and no longer blocked."""
        return self.model_copy(
            update={
                "allowed": (*_without(self.allowed, wanted), wanted),
                "blocked": _without(self.blocked, wanted),
            }
        )

    def blocking(self, unwanted: str) -> AllowList:
        """Return the list with an id among the blocked ones.

        It stays among the allowed: taking the last one out would let in everything else.
        """
        blocked = (*_without(self.blocked, unwanted), unwanted)
        return self.model_copy(update={"blocked": blocked})

    def forgetting(self, named: str) -> AllowList:
        """Return the list without an id."""
        return self.model_copy(
            update={
                "allowed": _without(self.allowed, named),
                "blocked": _without(self.blocked, named),
            }
        )


def _without(ids: Sequence[str], named: str) -> tuple[str, ...]:
    return tuple(each for each in ids if each.casefold() != named.casefold())


class Ceilings(BaseModel):
    """The most one request may ask for; None: what the API allows. `side` is in pixels."""

    model_config = ConfigDict(frozen=True, extra="forbid", revalidate_instances="always")

    samples: Annotated[int, Field(ge=1, le=MAX_SAMPLES)] | None = None
    side: Annotated[int, Field(ge=MIN_SIDE, le=MAX_SIDE, multiple_of=8)] | None = None
    steps: Annotated[int, Field(ge=1, le=MAX_STEPS)] | None = None
    upscale: Annotated[int, Field(ge=0, le=3)] | None = None
    """0: no enlarging at all."""


@dataclass(frozen=True, slots=True)
class Kind:
    """The type of a setting's value, and where it can be set."""

    adapter: TypeAdapter[Any]
    scopes: frozenset[Scope]


_SERVER_ONLY = frozenset({Scope.SERVER})
_BY_CHANNEL = frozenset({Scope.SERVER, Scope.CHANNEL})
_BY_ROLE = frozenset({Scope.SERVER, Scope.ROLE})
_EVERYWHERE = frozenset(Scope)
Snowflake = Annotated[int, Field(gt=0, lt=2**63)]
MAX_PLACES = 100
_SNOWFLAKES: TypeAdapter[tuple[int, ...]] = TypeAdapter(
    Annotated[tuple[Snowflake, ...], Field(min_length=1, max_length=MAX_PLACES)]
)
_DEFAULTS: TypeAdapter[dict[str, Any]] = TypeAdapter(
    Annotated[dict[str, Any], AfterValidator(checked_defaults), Field(min_length=1)]
)

KINDS: Mapping[Setting, Kind] = {
    Setting.SAFETY: Kind(TypeAdapter(SafetyRule), _EVERYWHERE),
    Setting.FLAGGED: Kind(TypeAdapter(Flagged), _BY_CHANNEL),
    Setting.CHANNELS: Kind(_SNOWFLAKES, _SERVER_ONLY),
    Setting.ROLES: Kind(_SNOWFLAKES, _SERVER_ONLY),
    Setting.MODERATORS: Kind(_SNOWFLAKES, _SERVER_ONLY),
    Setting.DEFAULTS: Kind(_DEFAULTS, _BY_CHANNEL),
    Setting.MODELS: Kind(TypeAdapter(AllowList), _SERVER_ONLY),
    Setting.SCHEDULERS: Kind(TypeAdapter(AllowList), _SERVER_ONLY),
    Setting.LORAS: Kind(TypeAdapter(AllowList), _SERVER_ONLY),
    Setting.CEILINGS: Kind(TypeAdapter(Ceilings), _BY_CHANNEL),
    Setting.PROGRESS: Kind(TypeAdapter(Audience), _BY_CHANNEL),
    Setting.REUSE: Kind(TypeAdapter(Audience), _BY_CHANNEL),
    Setting.LOG_CHANNEL: Kind(TypeAdapter(Snowflake), _SERVER_ONLY),
    Setting.LANGUAGE: Kind(TypeAdapter(Tongue), _SERVER_ONLY),
    Setting.NAME_RULES: Kind(TypeAdapter(bool), _SERVER_ONLY),
    Setting.QUOTA: Kind(TypeAdapter(QuotaRule), _BY_ROLE),
    Setting.QUOTA_EXEMPT: Kind(_SNOWFLAKES, _SERVER_ONLY),
}


class Decision(NamedTuple):
    """A value for a setting at a place."""

    setting: Setting
    place: Place
    value: Any


class StoredSetting(NamedTuple):
    """A value that is set; `set_at_ms` in Unix milliseconds."""

    place: Place
    setting: Setting
    value: Any
    set_by: UserId
    set_at_ms: int


_ONLY_THERE: Mapping[frozenset[Scope], str] = {
    _SERVER_ONLY: N_("can be set for the server only"),
    _BY_CHANNEL: N_("can be set for the server or channel only"),
    _BY_ROLE: N_("can be set for the server or role only"),
}


def check_scope(setting: Setting, place: Place) -> None:
    """Let pass the places where a setting can be set.

    Raises:
        InvalidRequest: this is not one of them.
    """
    scopes = KINDS[setting].scopes
    if place.scope not in scopes:
        raise InvalidRequest([Problem(setting, _(_ONLY_THERE[scopes]))])


def checked_value(setting: Setting, place: Place, value: object) -> Any:
    """Validate a value for a setting at a place.

    Raises:
        InvalidRequest: it cannot be set there, or is no such value.
    """
    check_scope(setting, place)
    try:
        return KINDS[setting].adapter.validate_python(value)
    except ValidationError as error:
        words = "; ".join(" ".join([*_where(each), complaint(each)]) for each in error.errors())
        raise InvalidRequest([Problem(setting, words)]) from None


def _where(error: ErrorDetails) -> Iterator[str]:
    """Yield the name of the field in which something is wrong, if it is one of ours."""
    if error["type"] != "extra_forbidden":
        yield from [each for each in error["loc"] if isinstance(each, str)][:1]


_NO_WHOLE_NUMBER = N_("should be a whole number")
_ONE_OF = N_("should be {expected}")
_NO_TRUTH = N_("should be true or false")
_NO_NAMES = N_("must be names and values in braces")

_COMPLAINTS: Mapping[str, str] = {
    "extra_forbidden": N_("has something in it that does not belong there"),
    "missing": N_("is missing"),
    "model_type": _NO_NAMES,
    "dict_type": _NO_NAMES,
    "tuple_type": N_("should be a list in square brackets"),
    "string_type": N_("should be a text in quotation marks"),
    "string_pattern_mismatch": N_("must be an id without spaces or commas"),
    "string_too_short": N_("must not be empty"),
    "string_too_long": N_("is too long"),
    "too_long": N_("has too many entries"),
    "too_short": N_("must not be empty"),
    "enum": _ONE_OF,
    "literal_error": _ONE_OF,
    "bool_type": _NO_TRUTH,
    "bool_parsing": _NO_TRUTH,
    "int_type": _NO_WHOLE_NUMBER,
    "int_parsing": _NO_WHOLE_NUMBER,
    "int_from_float": _NO_WHOLE_NUMBER,
    "greater_than": N_("should be greater than {gt}"),
    "greater_than_equal": N_("should be {ge} or more"),
    "less_than": N_("should be less than {lt}"),
    "less_than_equal": N_("should be {le} or less"),
    "multiple_of": N_("should be a multiple of {multiple_of}"),
}
"""By the types that pydantic has for them."""

_NOT_UNDERSTOOD = N_("is not understood")


def complaint(error: ErrorDetails) -> str:
    """Say what is wrong with a value, without repeating anything of it."""
    context = error.get("ctx", {})
    if error["type"] == "value_error":
        return str(context["error"])
    if "expected" in context:
        expected = re.findall("'[^']*'", context["expected"])
        context = {"expected": listed(expected, "or")}
    return _(_COMPLAINTS.get(error["type"], _NOT_UNDERSTOOD), **context)


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """All that one server has set."""

    guild_id: GuildId
    stored: Mapping[tuple[Place, Setting], StoredSetting] = field(
        default_factory=dict[tuple[Place, Setting], StoredSetting]
    )
    in_use: frozenset[Setting] = frozenset()
    """What is set anywhere: each command asks for a dozen, of which most servers set none."""

    @classmethod
    def of(cls, guild_id: GuildId, stored: Sequence[StoredSetting]) -> GuildSettings:
        """Order what was stored."""
        return cls(
            guild_id,
            {(each.place, each.setting): each for each in stored},
            frozenset(each.setting for each in stored),
        )

    def at(self, setting: Setting, place: Place = SERVER) -> StoredSetting | None:
        """Return what is set at exactly that place."""
        return self.stored.get((place, setting))

    def nearest(self, setting: Setting, asker: Asker) -> StoredSetting | None:
        """Return what holds for someone: the thread's or channel's value, else the server's."""
        return next(self.along(setting, asker.channel_ids), None)

    def along(self, setting: Setting, channel_ids: Sequence[ChannelId]) -> Iterator[StoredSetting]:
        """Yield what is set at the channels, nearest first, and then at the server."""
        if setting not in self.in_use:
            return
        for place in (*(Place(Scope.CHANNEL, each) for each in channel_ids), SERVER):
            if (found := self.at(setting, place)) is not None:
                yield found

    def of_roles(self, setting: Setting, role_ids: frozenset[RoleId]) -> Sequence[StoredSetting]:
        """Return what is set for any of some roles, in a fixed order."""
        if setting not in self.in_use:
            return []
        found = (self.at(setting, Place(Scope.ROLE, each)) for each in sorted(role_ids))
        return [each for each in found if each is not None]

    def value(self, setting: Setting, asker: Asker, default: T) -> T:
        """Return the value that holds for someone, `default` where none is set."""
        found = self.nearest(setting, asker) if setting in self.in_use else None
        return default if found is None else found.value

    def is_moderator(self, asker: Asker) -> bool:
        """Tell whether someone may decide these: Manage Server, or a role the server named."""
        named = self.at(Setting.MODERATORS)
        roles = frozenset(named.value) if named else frozenset[int]()
        return asker.guild_id == self.guild_id and (
            asker.manages_server or bool(roles & asker.role_ids)
        )
