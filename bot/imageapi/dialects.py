"""The two ages of the vendor that can be spoken to: where each endpoint is, and how it is written.

`mapping.py` writes a body as the V4 page does. The successor at `/v6/images` has the same names
with typed values, and lacks some of them (contract, section 3.7). Both answer in the same words,
V4 with HTTP 200 and the successor with real codes, which `replies.py` reads alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.abilities import EVERYTHING, Abilities
from bot.domain.endpoint import Endpoint
from bot.imageapi.mapping import BodyValue

Body = Mapping[str, BodyValue]


class Dialect(StrEnum):
    """What the operator chooses from."""

    V4 = "v4"
    """Community Models V4: the endpoint's page of 2023."""
    V6 = "v6"
    """Its successor: `/v6/images`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """Paths below the base address, and what becomes of a body written for V4.

    The id of a job to fetch travels in the body: the vendor's ids are text that a path must not
    be built of.
    """

    submit: Mapping[Endpoint, str]
    fetch: str
    reload: str
    write: Callable[[Body], Body]
    models: str = "v4/dreambooth/model_list"
    """The successor has no list of its own (contract, section 2.1)."""
    host: str = "v3/base64_crop"
    abilities: Abilities = EVERYTHING


def as_successor(body: Body) -> dict[str, BodyValue]:
    """Return a V4 body with the successor's types, without what it no longer knows."""
    return {
        name: _TYPES[name](value) if name in _TYPES and value is not None else value
        for name, value in body.items()
        if name not in _SUCCESSOR.lacking
    }


def _is_yes(value: BodyValue) -> bool:
    return value == "yes"


def _enlarges(value: BodyValue) -> bool:
    """Tell whether a V4 factor enlarges: the successor knows only twice, or not at all."""
    return value in {"2", "3"}


_SUCCESSOR = Abilities(
    lacking=frozenset({"panorama", "self_attention", "tomesd", "embeddings_model"}), upscale=2
)
_WHOLE_NUMBERS = ("width", "height", "samples", "num_inference_steps", "steps", "clip_skip")
_YES_NO = (
    "safety_checker",
    "enhance_prompt",
    "use_karras_sigmas",
    "multi_lingual",
    "highres_fix",
    "base64",
    "temp",
)
_TYPES: Mapping[str, Callable[..., BodyValue]] = {
    **dict.fromkeys(_WHOLE_NUMBERS, int),
    **dict.fromkeys(_YES_NO, _is_yes),
    "upscale": _enlarges,
}

ENDPOINTS: Mapping[Dialect, Endpoints] = {
    Dialect.V4: Endpoints(
        submit={
            Endpoint.WORDS: "v4/dreambooth",
            Endpoint.PICTURE: "v4/dreambooth/img2img",
            Endpoint.MASK: "v4/dreambooth/inpaint",
        },
        fetch="v4/dreambooth/fetch",
        reload="v4/dreambooth/model_reload",
        write=dict,
    ),
    Dialect.V6: Endpoints(
        submit={
            Endpoint.WORDS: "v6/images/text2img",
            Endpoint.PICTURE: "v6/images/img2img",
            Endpoint.MASK: "v6/images/inpaint",
        },
        fetch="v6/images/fetch",
        reload="v6/images/model_reload",
        write=as_successor,
        abilities=_SUCCESSOR,
    ),
}
