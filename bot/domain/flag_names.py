"""The flags that a prompt may carry: each option's own name, and the short ones the field knows."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.option_texts import YES_NO
from bot.domain.request_defaults import OWN_OPTIONS

ASPECT = "ar"
PRESET = "preset"
WIDTH, HEIGHT = "width", "height"
"""What is said by flag only; the first two and the last pair lead to options."""

NEGATIVE = "negative_prompt"

OPTIONS = OWN_OPTIONS

_SHORT: Mapping[str, tuple[str, ...]] = {
    ASPECT: ("aspect", "aspect_ratio"),
    WIDTH: ("w",),
    HEIGHT: ("h",),
    PRESET: (),
    NEGATIVE: ("no", "neg", "negative"),
    "model": ("m", "model_id", "checkpoint"),
    "samples": ("n", "count", "images"),
    "steps": ("step", "num_inference_steps"),
    "guidance_scale": ("cfg", "cfg_scale", "guidance"),
    "scheduler": ("sampler",),
    "lora_model": ("lora", "loras"),
    "lora_strength": ("lora_weight", "lora_scale"),
    "embeddings_model": ("embedding", "embeddings"),
    "clip_skip": ("clip",),
    "enhance_prompt": ("enhance",),
    "use_karras_sigmas": ("karras",),
    "multi_lingual": ("multilingual", "translate"),
    "panorama": ("pano",),
    "highres_fix": ("highres", "hires", "hires_fix"),
    "algorithm_type": ("algorithm",),
    "upscale": ("up",),
    "safety_checker": ("safety",),
}

FLAGS: Mapping[str, str] = {
    **{name: name for name in (*OPTIONS, *_SHORT)},
    **{short: option for option, names in _SHORT.items() for short in names},
}
"""What each flag means: an option of `/imagine`, or one of the names above."""

SWITCHES = YES_NO
"""Flags that mean yes by themselves."""

LISTS = frozenset({"lora_model", "lora_strength"})
"""Flags whose value goes on after a comma."""

EXAMPLES: Mapping[str, str] = {
    ASPECT: "3:2",
    "size": "640x832",
    "samples": "2",
    "steps": "31",
    "guidance_scale": "7.5",
    "seed": "7",
    "scheduler": "DDIM",
    "lora_strength": "0.8",
    "clip_skip": "2",
    "upscale": "2",
    WIDTH: "640",
    HEIGHT: "832",
}
"""Values for the refusal of a flag that has none."""


def meaning(name: str) -> str | None:
    """Return what a flag means, whatever its case and its dashes."""
    return FLAGS.get(spelt(name))


def spelt(name: str) -> str:
    """Return a flag's name as the names here are spelt."""
    return name.casefold().replace("-", "_")
