"""Presets: options and words around the prompt, kept under a name by a member or a server."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from bot.domain.endpoint import OF_PICTURES
from bot.domain.ids import DIRECT_MESSAGES, GuildId, UserId
from bot.domain.inline_flags import written_flags
from bot.domain.option_texts import as_options
from bot.domain.personal import NOBODY
from bot.domain.request import MAX_PROMPT, GenerationRequest, build_request, clean_text
from bot.domain.wish import Below, read_wish, shaped
from bot.errors import InvalidRequest, Problem
from bot.speech import N_, _, ngettext, number

MAX_NAME = 50
MAX_OWN = 50
MAX_OF_SERVER = 100

PLACEHOLDER = "{prompt}"
"""Where the prompt goes in a template; other braces are text."""

_TEMPLATE_RULE = N_(
    "must say with {prompt} where the prompt goes, or be flags alone, such as "
    "{prompt}, watercolour --ar 3:2 --steps 41"
)
_TAKES_NO_PRESET = N_("a preset cannot use another one")
_SAYS_NOTHING = N_("says nothing; give options, or words around them")
_NOT_OF_A_PICTURE = OF_PICTURES | {"prompt", "seed", "safety_checker", "safety_checker_type"}
"""What makes a picture that very one, or was decided by rules and not by its member."""


class Shelf(NamedTuple):
    """Whose presets: a server's with nobody as their member, or a member's with no server."""

    guild_id: GuildId
    user_id: UserId

    @classmethod
    def of_member(cls, user_id: UserId) -> Self:
        """Return where a member's own are."""
        return cls(DIRECT_MESSAGES, user_id)

    @classmethod
    def of_server(cls, guild_id: GuildId) -> Self:
        """Return where a server's are."""
        return cls(guild_id, NOBODY)

    @property
    def is_servers(self) -> bool:
        """Tell whether they are a server's."""
        return self.user_id == NOBODY

    @property
    def room(self) -> int:
        """How many presets it holds."""
        return MAX_OF_SERVER if self.is_servers else MAX_OWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """Options as attributes, and a template with `{prompt}` in it, or "" where there is none."""

    shelf: Shelf
    name: str
    attributes: Mapping[str, Any]
    template: str = ""

    @property
    def key(self) -> str:
        """What is the same for names that look the same."""
        return key_of(self.name)

    @property
    def text(self) -> str:
        """The text that would save it again."""
        flags = written_flags(dict(as_options(self.attributes)))
        return " ".join(part for part in (self.template, flags) if part)

    def around(self, prompt: str) -> str:
        """Return the template with a prompt in it.

        Raises:
            InvalidRequest: together they are too long, or there is no prompt.
        """
        if not self.template or not prompt:
            return prompt
        filled = self.template.replace(PLACEHOLDER, prompt)
        if len(filled) > MAX_PROMPT:
            raise InvalidRequest([Problem("prompt", _too_long(len(filled)))])
        return filled


def _too_long(length: int) -> str:
    return ngettext(
        "has {count} character together with the preset's text, and may have {most}; write less",
        "has {count} characters together with the preset's text, and may have {most}; write less",
        length,
        most=number(MAX_PROMPT),
    )


def key_of(name: str) -> str:
    """Return what is the same for names that differ in case or in how they are encoded."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return unicodedata.normalize("NFKC", " ".join(folded.split()))


def new_preset(
    shelf: Shelf, name: str, text: str, picture: GenerationRequest | None, usual: Mapping[str, Any]
) -> Preset:
    """Make a preset of what is typed, laid over the options of a picture where one is given.

    Args:
        shelf: whose it is to be.
        name: what it is called.
        text: words with `{prompt}` in them, flags, or both.
        picture: what an earlier picture was asked with.
        usual: the program's defaults; what does not differ from them is not taken of a picture.

    Raises:
        InvalidRequest: it cannot be called so, or the text or an option is no good.
    """
    wish = read_wish({"prompt": clean_text(text)})
    template = wish.attributes["prompt"]
    problems: list[Problem] = []
    if wish.preset:
        problems.append(Problem("text", _(_TAKES_NO_PRESET)))
    if template and (PLACEHOLDER not in template or len(template) > MAX_PROMPT):
        problems.append(Problem("text", _(_TEMPLATE_RULE)))
    if problems:
        raise InvalidRequest(problems)
    base = {} if picture is None else taken_from(picture, usual)
    typed = {**wish.attributes, **shaped(wish, Below(layers=[base, usual]))}
    attributes = checked({**base, **{n: v for n, v in typed.items() if n != "prompt"}})
    if not attributes and not template:
        raise InvalidRequest([Problem("text", _(_SAYS_NOTHING))])
    return Preset(shelf=shelf, name=checked_name(name), attributes=attributes, template=template)


def checked_name(name: str) -> str:
    """Return a name as it is kept.

    Raises:
        InvalidRequest: nothing of it could be read, or it is too long.
    """
    cleaned = " ".join(clean_text(name).split())
    readable = any(unicodedata.category(each)[0] in "LNPS" for each in cleaned)
    if not readable or len(cleaned) > MAX_NAME:
        rule = _("must have something to read in it, and at most {most} characters", most=MAX_NAME)
        raise InvalidRequest([Problem("name", rule)])
    return cleaned


def checked(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Validate a preset's options, which must agree with each other.

    Raises:
        InvalidRequest: they do not, or one breaks a limit.
    """
    request = build_request({"prompt": "-", "model_id": "-", "seed": 0, **attributes})
    return {name: value for name, value in request if name in attributes}


def taken_from(request: GenerationRequest, usual: Mapping[str, Any]) -> dict[str, Any]:
    """Return what sets a picture apart, by its options, from one that nobody chose anything for."""
    plain = build_request({"prompt": "-", "seed": 0, **usual})
    apart = {
        name: value
        for name, value in request
        if name not in _NOT_OF_A_PICTURE and value != getattr(plain, name) and value is not None
    }
    sides = {"width": request.width, "height": request.height}
    return {**apart, **(sides if sides.keys() & apart.keys() else {})}
