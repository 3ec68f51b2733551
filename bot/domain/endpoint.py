"""Where a request goes: to be drawn from words alone, from a picture, or from parts of one.

Each is an endpoint of its own at the image API, and none takes all that the others take (contract,
sections 3.1 to 3.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any


class Endpoint(StrEnum):
    """The endpoints, by the names of the commands that ask for them."""

    WORDS = "imagine"
    PICTURE = "remix"
    """img2img: all of a picture is drawn anew, the more the stronger."""
    MASK = "inpaint"
    """Only what is white in a mask is drawn anew."""


OF_PICTURES = frozenset({"init_image", "mask_image", "strength"})
"""The attributes of a request that starts from a picture; no flag and no default decides them."""

_NOT_FROM_A_PICTURE = frozenset(
    {
        "multi_lingual",
        "panorama",
        "self_attention",
        "upscale",
        "embeddings_model",
        "highres_fix",
    }
)

NOT_TAKEN: Mapping[Endpoint, frozenset[str]] = {
    Endpoint.WORDS: OF_PICTURES,
    Endpoint.PICTURE: _NOT_FROM_A_PICTURE,
    Endpoint.MASK: _NOT_FROM_A_PICTURE | {"algorithm_type"},
}
"""The attributes that an endpoint's page has no row for."""

MAX_STEPS: Mapping[Endpoint, int] = {Endpoint.WORDS: 51, Endpoint.PICTURE: 50, Endpoint.MASK: 50}


def endpoint_of(attributes: Mapping[str, Any]) -> Endpoint:
    """Return where a request with these attributes goes."""
    if attributes.get("init_image") is None:
        return Endpoint.WORDS
    return Endpoint.PICTURE if attributes.get("mask_image") is None else Endpoint.MASK


def not_taken(names: Iterable[str], endpoint: Endpoint) -> list[str]:
    """Return which of some attributes an endpoint does not take."""
    return [name for name in names if name in NOT_TAKEN[endpoint]]


def fitted(inherited: Mapping[str, Any], endpoint: Endpoint) -> dict[str, Any]:
    """Return what an endpoint takes of attributes that nobody chose for it."""
    kept = {name: value for name, value in inherited.items() if name not in NOT_TAKEN[endpoint]}
    steps = kept.get("num_inference_steps")
    if isinstance(steps, int):
        kept["num_inference_steps"] = min(steps, MAX_STEPS[endpoint])
    return kept
