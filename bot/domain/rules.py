"""What a server lets a member ask for: where, who, which models, how much.

Only what the member chose is refused. An inherited value, from a default or from the picture
that is made again, is brought within the server's limits and its option named.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.asker import Asker
from bot.domain.guild_settings import AllowList, Audience, Ceilings, GuildSettings, Setting
from bot.domain.ids import UserId
from bot.domain.option_texts import option_of
from bot.domain.request import GenerationRequest
from bot.domain.safety import SafetyDecision, decide_safety
from bot.domain.size import MIN_SIDE, SIDE_STEP
from bot.domain.strictness import USUAL, Strictness, strictness_of
from bot.errors import InvalidRequest, NotAllowed, Problem
from bot.speech import _, in_a_row, ngettext

_ANYTHING = AllowList()
_NO_CEILINGS = Ceilings()
_LISTED = {
    Setting.MODELS: "model_id",
    Setting.SCHEDULERS: "scheduler",
    Setting.LORAS: "lora_model",
}
"""The attributes whose values a server can allow and block."""

_CHECKER, _CHECKER_TYPE = "safety_checker", "safety_checker_type"
SAFETY = frozenset({_CHECKER, _CHECKER_TYPE})
"""What a member only ever asks for: it is brought within the rules, whoever set it."""


@dataclass(frozen=True, slots=True)
class Permitted:
    """A request as it may go out here."""

    request: GenerationRequest
    safety: SafetyDecision
    lowered: tuple[str, ...] = ()
    """Inherited options that a ceiling changed."""


def permit(
    request: GenerationRequest,
    *,
    chosen: Collection[str],
    settings: GuildSettings,
    asker: Asker,
    floor: Strictness,
) -> Permitted:
    """Bring a request within what holds for this member here.

    Args:
        request: what is asked for, inherited values included.
        chosen: the attributes that the member chose.
        settings: what the server has set.
        asker: who asks, and where.
        floor: the loosest safety checker that the operator permits there.

    Raises:
        NotAllowed: the member may not use the bot here.
        InvalidRequest: a chosen option goes too far, or a model, scheduler or LoRA is not allowed,
            which nothing else can stand in for.
    """
    _refuse_place(settings, asker)
    excess = _excess(request, settings.value(Setting.CEILINGS, asker, _NO_CEILINGS))
    problems = [*_unlisted(request, settings, asker), *_too_much(excess, chosen)]
    if problems:
        raise InvalidRequest(problems)
    safety = decide_safety(
        settings, asker, floor=floor, asked=_asked(request, chosen, settings, asker, floor)
    )
    changes = (
        excess if safety.level is strictness_of(request) else excess | safety.level.attributes()
    )
    lowered = tuple(dict.fromkeys(option_of(name) for name in excess))
    return Permitted(request.replace(**changes) if changes else request, safety, lowered)


def usable_defaults(
    defaults: Mapping[str, Any], settings: GuildSettings, asker: Asker
) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """Leave out a member's own defaults that this server's lists bar; name their options.

    Members take their defaults with them, so that they must not keep them from asking somewhere.
    """
    barred = [
        name
        for setting, name in _LISTED.items()
        if name in defaults and _barred(settings.value(setting, asker, _ANYTHING), defaults[name])
    ]
    kept = {name: value for name, value in defaults.items() if name not in barred}
    return kept, tuple(map(option_of, barred))


def may_reuse(settings: GuildSettings, asker: Asker, owner_id: UserId) -> bool:
    """Tell whether a member may use the parameters of somebody's public picture."""
    return asker.user_id == owner_id or reuse_audience(settings, asker) is Audience.EVERYONE


def reuse_audience(settings: GuildSettings, asker: Asker) -> Audience:
    """Return who may use the parameters of a picture that is shown at the asker's place."""
    return settings.value(Setting.REUSE, asker, Audience.EVERYONE)


def _refuse_place(settings: GuildSettings, asker: Asker) -> None:
    channels: tuple[int, ...] = settings.value(Setting.CHANNELS, asker, ())
    if channels and not set(channels) & set(asker.channel_ids):
        places = in_a_row(f"<#{each}>" for each in channels[:10])
        raise NotAllowed(_("This server has pictures made in {channels}.", channels=places))
    roles: tuple[int, ...] = settings.value(Setting.ROLES, asker, ())
    if roles and not set(roles) & asker.role_ids:
        names = in_a_row(f"<@&{each}>" for each in roles[:10])
        raise NotAllowed(
            _(
                "This server lets members with one of these roles make pictures: {roles}.",
                roles=names,
            )
        )


def _unlisted(
    request: GenerationRequest, settings: GuildSettings, asker: Asker
) -> Iterator[Problem]:
    for setting, name in _LISTED.items():
        option, value = option_of(name), getattr(request, name)
        barred = _barred(settings.value(setting, asker, _ANYTHING), value)
        if barred and len(request.lora_model) > 1 and option == "lora_model":
            yield Problem(option, _barred_words(barred))
        elif barred:
            yield Problem(option, _("is not allowed in this server; choose another"))


def _barred_words(barred: Sequence[int]) -> str:
    return ngettext(
        "number {numbers} of these is not allowed in this server",
        "numbers {numbers} of these are not allowed in this server",
        len(barred),
        numbers=in_a_row(map(str, barred)),
    )


def _barred(listed: AllowList, value: str | tuple[str, ...]) -> list[int]:
    """Return which of some ids may not be used, counted from 1."""
    ids = value if isinstance(value, tuple) else (value,)
    return [number for number, each in enumerate(ids, 1) if not listed.permits(each)]


def _excess(request: GenerationRequest, ceilings: Ceilings) -> dict[str, Any]:
    """Return the attributes that ask for too much, with the most that is allowed."""
    most = {"samples": ceilings.samples, "num_inference_steps": ceilings.steps}
    excess: dict[str, Any] = {
        name: limit
        for name, limit in most.items()
        if limit is not None and getattr(request, name) > limit
    }
    if ceilings.upscale is not None and (request.upscale or 0) > ceilings.upscale:
        excess["upscale"] = ceilings.upscale or None
    longest = max(request.width, request.height)
    if ceilings.side is not None and longest > ceilings.side:
        excess["width"] = _scaled(request.width, ceilings.side, longest)
        excess["height"] = _scaled(request.height, ceilings.side, longest)
    return excess


def _scaled(side: int, limit: int, longest: int) -> int:
    """Shorten a side as the longest one is, in whole steps, and never below what the API takes."""
    steps = side * limit // (longest * SIDE_STEP)
    return max(MIN_SIDE, steps * SIDE_STEP)


def _too_much(excess: Mapping[str, Any], chosen: Collection[str]) -> Iterator[Problem]:
    for option in dict.fromkeys(option_of(name) for name in excess if name in chosen):
        match option:
            case "size":
                limit = max(excess["width"], excess["height"])
                words = _("must have sides of at most {limit} in this server", limit=limit)
                yield Problem(option, words)
            case "upscale" if excess["upscale"] is None:
                yield Problem(option, _("is not allowed in this server; leave it out"))
            case _:
                value = excess[next(name for name in excess if option_of(name) == option)]
                yield Problem(option, _("must be at most {limit} in this server", limit=value))


def _asked(
    request: GenerationRequest,
    chosen: Collection[str],
    settings: GuildSettings,
    asker: Asker,
    floor: Strictness,
) -> Strictness | None:
    """Return what the member chose of the safety checker.

    "Yes" alone chooses no style: it asks for what holds here, or for the usual where that is off.
    """
    if _CHECKER_TYPE in chosen or (_CHECKER in chosen and not request.safety_checker):
        return strictness_of(request)
    if _CHECKER not in chosen:
        return None
    here = decide_safety(settings, asker, floor=floor).level
    return USUAL if here is Strictness.OFF else here
