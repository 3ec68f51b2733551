"""What the options of the commands that ask for pictures say of themselves."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.endpoint import NOT_TAKEN, Endpoint

OPTIONS: Mapping[str, str] = {
    "prompt": "What the picture should show",
    "negative_prompt": "What it should not show",
    "model": "The model that draws; type to search, or give the id of your own",
    "size": "square, portrait, landscape, wide, or WIDTHxHEIGHT (256 to 1024, steps of 8)",
    "samples": "How many pictures",
    "steps": "How long it refines: more steps, more detail, more time",
    "guidance_scale": "How closely it follows the prompt: 1 loosely, 20 strictly; 7.5 is usual",
    "seed": "The same seed and options give the same picture again",
    "scheduler": "The method that removes the noise",
    "lora_model": "One or several LoRAs, separated by commas",
    "lora_strength": "How strong the LoRAs are: one number, or one for each, separated by commas",
    "embeddings_model": "An embedding (textual inversion) to use",
    "vae": "The id of a custom VAE",
    "clip_skip": "How many of the text encoder's last layers to skip",
    "enhance_prompt": "Let the service add words that make pictures better",
    "tomesd": "Draw faster by merging similar parts",
    "use_karras_sigmas": "Spread the noise levels after Karras; usually nicer",
    "multi_lingual": "Translate the prompt; left out: where it is plainly not in English",
    "panorama": "Draw a wide panorama",
    "self_attention": "Higher quality, takes longer",
    "highres_fix": "Refine large pictures in a second pass",
    "algorithm_type": "Solver variant; only with DPMSolverMultistepScheduler",
    "upscale": "Enlarge the finished picture so many times",
    "safety_checker": "Hide pictures that are not safe for work",
    "safety_checker_type": "What a hidden picture looks like",
}


def options_of(endpoint: Endpoint) -> dict[str, str]:
    """Return what the options say that an endpoint shares with `/imagine`."""
    return {name: text for name, text in OPTIONS.items() if name not in NOT_TAKEN[endpoint]}
