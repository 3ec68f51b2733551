"""What a member wants, by options and by flags in the prompt, before defaults are laid under it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.aspect import Aspect, aspect_rule, parse_aspect, sized
from bot.domain.flag_names import ASPECT, HEIGHT, NEGATIVE, PRESET, WIDTH
from bot.domain.inline_flags import read_flags
from bot.domain.option_texts import attributes_of, option_of, shown
from bot.domain.prompt_rules.letters import is_visible
from bot.domain.request import GenerationRequest, rule_of
from bot.domain.size import Size
from bot.errors import InvalidRequest, Problem
from bot.speech import _

Attributes = Mapping[str, Any]

_USUAL_SIZE = Size(*(GenerationRequest.model_fields[n].default for n in ("width", "height")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A member's own choices; `attributes` have the prompt, without flags, if there is one."""

    attributes: Attributes
    aspect: Aspect | None = None
    """A shape, whose size follows from what else holds."""
    preset: str = ""
    """The name of a preset to lay under the choices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Below:
    """What holds where the member chose nothing: layers of attributes, nearest first."""

    layers: Sequence[Attributes] = field(default_factory=tuple[Attributes])

    def value(self, name: str, otherwise: Any) -> Any:
        """Return an attribute of the nearest layer that has it."""
        return next((layer[name] for layer in self.layers if name in layer), otherwise)


def read_wish(chosen: Attributes, *, preset: str = "") -> Wish:
    """Take the flags out of the chosen prompt and lay them beside the chosen attributes.

    Raises:
        InvalidRequest: a flag is not understood, or says something else than an option does; or
            nothing of the prompt could be seen.
    """
    written = read_flags(str(chosen.get("prompt", "")))
    if written.prompt and not is_visible(written.prompt):
        raise InvalidRequest([Problem("prompt", rule_of("prompt"))])
    if not written.flags:
        return Wish(attributes=chosen, preset=preset)
    flags = dict(written.flags)
    aspect, named = _aspect(flags), flags.pop(PRESET, preset)
    if preset and named != preset:
        raise InvalidRequest([Problem(f"--{PRESET}", _("names another preset; keep one"))])
    typed = attributes_of(_with_size(flags))
    attributes = {**chosen, "prompt": written.prompt}
    _refuse_contradictions(attributes, typed, aspect)
    negative = [part for each in (chosen, typed) if (part := each.get(NEGATIVE))]
    if negative:
        typed[NEGATIVE] = ", ".join(negative)
    return Wish(attributes={**attributes, **typed}, aspect=aspect, preset=named)


def shaped(wish: Wish, below: Below) -> Attributes:
    """Return the size that follows from the wish's shape, if it has one.

    It has about as many pixels as the picture would have had; a ceiling shrinks it as it shrinks
    what is inherited, since the member chose the shape alone.
    """
    if wish.aspect is None:
        return {}
    near = Size(below.value("width", _USUAL_SIZE.width), below.value("height", _USUAL_SIZE.height))
    size = sized(wish.aspect, near)
    return {"width": size.width, "height": size.height}


def _aspect(flags: dict[str, str]) -> Aspect | None:
    text = flags.pop(ASPECT, None)
    try:
        return None if text is None else parse_aspect(text)
    except ValueError:
        raise InvalidRequest([Problem(f"--{ASPECT}", aspect_rule())]) from None


def _with_size(flags: dict[str, str]) -> dict[str, str]:
    """Return the flags with one size in the place of width and height."""
    width, height = flags.pop(WIDTH, None), flags.pop(HEIGHT, None)
    if width is None and height is None:
        return flags
    if width is None or height is None or "size" in flags:
        words = _("go together, and without --size")
        raise InvalidRequest([Problem(f"--{WIDTH} --{HEIGHT}", words)])
    return {**flags, "size": f"{width}x{height}"}


def _refuse_contradictions(chosen: Attributes, typed: Attributes, aspect: Aspect | None) -> None:
    """Refuse what was chosen twice and differently: there is no telling which one is meant."""
    clashing = [
        option_of(name)
        for name in typed
        if name != NEGATIVE and name in chosen and shown(chosen[name]) != shown(typed[name])
    ]
    problems = [
        Problem(option, _("is given by option and by flag, and differently; keep one"))
        for option in dict.fromkeys(clashing)
    ]
    if aspect is not None and "width" in {**chosen, **typed}:
        problems.append(Problem(f"--{ASPECT}", aspect_rule()))
    if problems:
        raise InvalidRequest(problems)
