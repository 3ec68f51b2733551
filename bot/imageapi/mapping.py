"""Turns a request into the body of `POST /v4/dreambooth` or of one below it; no I/O.

Types are those of the endpoint's page: whole numbers and choices travel as text, `guidance_scale`
and `seed` as numbers, and null asks for the API's default (contract, sections 1 and 3.1).
"""

from __future__ import annotations

from bot.domain.endpoint import NOT_TAKEN, Endpoint
from bot.domain.request import GenerationRequest
from bot.domain.start import StartLinks

BodyValue = str | int | float | None


def to_body(
    request: GenerationRequest,
    *,
    key: str,
    track_id: str | None,
    webhook: str | None,
    links: StartLinks | None = None,
) -> dict[str, BodyValue]:
    """Return all attributes of the endpoint's page: 31 of the first, in its order."""
    body = _from_words(request, key=key, track_id=track_id, webhook=webhook)
    return body if links is None else _from_a_picture(request, body, links)


def _from_a_picture(
    request: GenerationRequest, body: dict[str, BodyValue], links: StartLinks
) -> dict[str, BodyValue]:
    """Return the body without what the endpoint's page has no row for, and with its own rows.

    The page of inpainting calls the steps by another name (contract, section 3.3).
    """
    rows = {name: v for name, v in body.items() if name not in NOT_TAKEN[request.endpoint]}
    rows |= {"init_image": links.picture, "strength": request.strength}
    if request.endpoint is Endpoint.MASK:
        rows |= {"mask_image": links.mask, "steps": rows.pop("num_inference_steps")}
    return rows


def _from_words(
    request: GenerationRequest, *, key: str, track_id: str | None, webhook: str | None
) -> dict[str, BodyValue]:
    """Return the body of text to image.

    `base64` stays off because the API answers it with links to text files (contract, section 4.6),
    and `temp` on because we keep our own copy: links need to live a day at most.
    """
    return {
        "key": key,
        "model_id": request.model_id,
        "prompt": request.prompt,
        "negative_prompt": request.negative_prompt,
        "width": str(request.width),
        "height": str(request.height),
        "samples": str(request.samples),
        "num_inference_steps": str(request.num_inference_steps),
        "safety_checker": yes_no(request.safety_checker),
        "safety_checker_type": request.safety_checker_type.value,
        "enhance_prompt": yes_no(request.enhance_prompt),
        "seed": request.seed,
        "guidance_scale": request.guidance_scale,
        "tomesd": yes_no(request.tomesd),
        "use_karras_sigmas": yes_no(request.use_karras_sigmas),
        "algorithm_type": request.algorithm_type.value,
        "vae": request.vae,
        "lora_strength": _strengths(request),
        "lora_model": ",".join(request.lora_model) or None,
        "multi_lingual": yes_no(request.multi_lingual),
        "panorama": yes_no(request.panorama),
        "self_attention": yes_no(request.self_attention),
        "upscale": "no" if request.upscale is None else str(request.upscale),
        "clip_skip": str(request.clip_skip),
        "base64": "no",
        "embeddings_model": request.embeddings_model,
        "scheduler": request.scheduler.value,
        "webhook": webhook,
        "track_id": track_id,
        "highres_fix": yes_no(request.highres_fix),
        "temp": "yes",
    }


def yes_no(value: bool) -> str:
    """Return a boolean as the API spells it."""
    return "yes" if value else "no"


def words_of(request: GenerationRequest) -> tuple[str, ...]:
    """Return every free text of a request.

    An error message may quote them ("Model not found: …"), and what a member typed must not be
    read as the API's own words.
    """
    texts = (
        request.prompt,
        request.negative_prompt,
        request.model_id,
        *request.lora_model,
        request.embeddings_model,
        request.vae,
    )
    return tuple(text for text in texts if text)


def _strengths(request: GenerationRequest) -> str | None:
    """Return one strength a LoRA: the list must be parallel to `lora_model`."""
    given = request.lora_strength
    if not given:
        return None
    spread = given if len(given) > 1 else given * len(request.lora_model)
    return ",".join(_decimal(strength) for strength in spread)


def _decimal(number: float) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".")
