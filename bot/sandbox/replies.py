"""The bodies the API answers with (contract, section 4), in both of its ages."""

from __future__ import annotations

from typing import Any

from bot.sandbox.answers import Answer, Json, json_answer
from bot.sandbox.jobs import Job, JobState
from bot.sandbox.models import ModelCatalogue
from bot.sandbox.parameters import Kind, Parameters, ParametersRefused
from bot.sandbox.settings import Profile

ENHANCEMENT = (
    " DSLR photography, sharp focus, Unreal Engine 5, Octane Render, Redshift, "
    "((cinematic lighting)), f/1.4, ISO 200, 1/160s, 8K, RAW, unedited, symmetrical balance, "
    "in-frame"
)
NEGATIVE_ADDITION = (
    " ((out of frame)), ((extra fingers)), mutated hands, ((poorly drawn hands)), ((poorly drawn "
    "face)), (((mutation))), (((deformed))), (((tiling))), ((naked)), ((tile)), ((fleshpile)), "
    "((ugly)), (((abstract))), blurry, ((bad anatomy)), ((bad proportions)), ((extra limbs)), "
    "cloned face, glitchy, ((extra breasts)), ((double torso)), ((extra arms)), ((extra hands)), "
    "((mangled fingers)), ((missing breasts)), (missing lips), ((ugly face)), ((fat)), "
    "((extra legs))"
)
LATER_NEGATIVE_ADDITION = (
    "(child:1.5), ((((underage)))), ((((child)))), (((kid))), (((preteen))), (teen:1.5) ugly, "
    "tiling, poorly drawn hands, poorly drawn feet, poorly drawn face, out of frame, extra limbs"
)
"""The newer list; the vendor joins it on without a separator."""

MAX_ECHOED_STEPS = 20
INPAINT_ECHOED_STEPS = 50

_KEY_TIP = (
    "1. Make sure you are passing Content-Type: application/json in header. 2. Make sure you are "
    "doing POST request with valid JSON. 3. Make sure your JSON does not have error, use jsonlint "
    "to validate json array. 4. Make sure you have valid API key."
)
_PROCESSING_TIP = (
    "Your image is processing in background, you can get this image using fetch API: here is link "
    "for fetch api : https://stablediffusionapi.com/docs/community-models-api-v4/"
    "dreamboothfetchqueimg"
)
_SPAM_TIP = (
    "you are sending same request multiple times, spam filter is enabled, please wait for 30 "
    "seconds and try again"
)
_QUEUE_TIP = "your queue is full, please wait for 30 seconds and try again"
_MONTHLY = (
    "Your monthly limit exceeded, upgrade subscription now on "
    "https://stablediffusionapi.com/pricing"
)


class Replies:
    """Words every reply in one profile's way."""

    def __init__(self, profile: Profile, catalogue: ModelCatalogue, base_url: str) -> None:
        self.is_modern = profile is Profile.V6_2026
        self._catalogue = catalogue
        self._base_url = base_url

    def _misspelt(self, text: str) -> Json:
        return {"message" if self.is_modern else "messege": text}

    def _answer(self, body: Json, modern_status: int) -> Answer:
        return json_answer(body, modern_status if self.is_modern else 200)

    def _error(self, message: object, modern_status: int, **more: object) -> Answer:
        return self._answer({"status": "error", "message": message, **more}, modern_status)

    def success(self, job: Job) -> Json:
        """Return the reply to a submission whose pictures are ready."""
        body: Json = {
            "status": "success",
            "generationTime": job.generation_seconds,
            "id": job.id,
            "output": list(job.links),
            "meta": self.meta(job, later=self.is_modern),
        }
        if job.parameters.base64:
            del body["generationTime"]
        return self._with_flag(body, job)

    def _with_flag(self, body: Json, job: Job) -> Json:
        """Add what only newer replies carry (contract, section 4.5)."""
        if self.is_modern or job.carries_flag:
            body["nsfw_content_detected"] = job.carries_flag or job.flagged
        return body

    def processing(self, job: Job, eta: float, future_links: list[str]) -> Json:
        """Return the reply to a submission that is queued."""
        family = "v6/images/fetch" if self.is_modern else "v3/dreambooth/fetch"
        return {
            "status": "processing",
            "tip": _PROCESSING_TIP,
            "eta": eta,
            **self._misspelt("Try to fetch request after seconds estimated"),
            "webhook_status": "",
            "fetch_result": f"{self._base_url}/{family}/{job.id}",
            "id": job.id,
            "output": [],
            "meta": self.meta(job, later=True),
            "future_links": future_links,
        }

    def hosted(self, link: str, request_id: int) -> Answer:
        """Return the reply to a picture that was handed over."""
        body = {"status": "success", "messege": "image uploaded", "link": link}
        return json_answer({**body, "request_id": request_id})

    def fetched(self, job: Job) -> Answer:
        """Return what a fetch says; no `meta` when done, hardly anything when not."""
        if job.state is JobState.FAILED:
            return self.failed()
        if job.state is JobState.PROCESSING:
            waiting = self._misspelt("Request processing")
            return json_answer({"status": "processing", **waiting, "output": ""})
        body: Json = {"status": "success", "id": job.id, "output": list(job.links)}
        return json_answer(self._with_flag(body, job))

    def webhook(self, job: Job) -> Json:
        """Return what is posted when the job ended."""
        track_id = job.parameters.track_id
        if job.state is JobState.FAILED:
            message = "Processing failed: Failed, Try Again"
            return {
                "status": "failed",
                "id": str(job.id),
                "message": message,
                "track_id": track_id,
            }
        body: Json = {
            "status": "success",
            "id": job.id,
            "output": list(job.links),
            "track_id": track_id,
            "meta": self.meta(job, later=True),
            "generationTime": job.generation_seconds,
        }
        return self._with_flag(body, job)

    def meta(self, job: Job, *, later: bool) -> Json:
        """Return the parameters as used, under the vendor's other names."""
        p = job.parameters
        checker = "safety_checker" if later else "safetychecker"
        return {
            "prompt": self._used_prompt(p),
            "model_id": p.model_id,
            "negative_prompt": p.negative_prompt
            + (LATER_NEGATIVE_ADDITION if later else NEGATIVE_ADDITION),
            "scheduler": p.scheduler,
            checker: _yes(p.safety_checker),
            "W": p.width,
            "H": p.height,
            "guidance_scale": p.guidance_scale,
            "seed": p.seed,
            "steps": _echoed_steps(p),
            "n_samples": p.samples,
            "full_url": "no",
            "upscale": str(p.upscale) if p.upscale else "no",
            "multi_lingual": _yes(p.multi_lingual),
            "panorama": _yes(p.panorama),
            "self_attention": _yes(p.self_attention),
            "embeddings": p.embeddings_model,
            "lora": ",".join(p.lora_model) or None,
            **_source_meta(p),
            **(_later_meta(job) if later else _early_meta(job)),
        }

    def _used_prompt(self, p: Parameters) -> str:
        """Prefix and suffix as the server adds them, with its leading space and all."""
        suffix = ENHANCEMENT if p.enhance_prompt else ""
        return f"{self._catalogue.trigger(p.model_id)} {p.prompt}{suffix}"

    def failed(self) -> Answer:
        """Return the reply of a job that could not be drawn."""
        words = self._misspelt("Failed, Try Again")
        return self._answer({"status": "failed", "id": "", **words, "output": ""}, 500)

    def empty_error(self) -> Answer:
        """Return an error without a word of explanation."""
        return self._answer({"status": "error", **self._misspelt("")}, 500)

    def model_not_found(self, model_id: str) -> Answer:
        """Return the reply for an unknown or sleeping model."""
        text = f"Model not found: {model_id}" if self.is_modern else "Model not found"
        return self._answer({"status": "error", **self._misspelt(text)}, 400)

    def invalid_key(self) -> Answer:
        """Return the reply to a wrong key, bad JSON or a missing content type."""
        words = "Invalid API key" if self.is_modern else "Invalid Api Key"
        return self._error(words, 401, tip=_KEY_TIP)

    def validation(self, refused: ParametersRefused) -> Answer:
        """Return what is wrong with a request."""
        message = refused.laravel()
        if not self.is_modern and "model_id" in message:
            return self._error("Model id not found", 400)
        return self._error(refused.sentence() if self.is_modern else message, 400)

    def repeated(self) -> Answer:
        """Return the spam filter's reply."""
        more = {"retry_after": 30} if self.is_modern else {"tips": _SPAM_TIP}
        return self._error("Rate limit exceeded", 429, **more)

    def queue_full(self, limit: int) -> Answer:
        """Return the reply when the account has too many unfinished jobs."""
        if self.is_modern:
            words = f"Rate limit exceeded. Maximum {limit} queued requests allowed."
            return self._error(words, 429, retry_after=30)
        return self._error("Rate limit exceeded", 429, tips=_QUEUE_TIP)

    def monthly_limit(self) -> Answer:
        """Return the reply when the plan is used up."""
        return self._error(_MONTHLY, 403)

    def no_credit(self) -> Answer:
        """Return the reply when the wallet is empty."""
        words = "Insufficient credits. Please add more credits to continue."
        return self._error(words, 402)

    def unreachable_image(self) -> Answer:
        """Return the reply when `init_image` or `mask_image` gives no picture."""
        return self._error("Unable to fetch image from provided URL", 400)

    def unknown_request(self) -> Answer:
        """Return the reply to a fetch of an id that never was."""
        return self._error("Request id not found", 400)

    def reload(self, model_id: str) -> Answer:
        """Return the reply of `model_reload`."""
        return json_answer({"status": "success", "message": f"model load started: {model_id}"})

    def load(self, in_flight: int, seconds: float) -> Answer:
        """Return the queue's length; note `ok` where others say `success`."""
        return json_answer({"queue_num": in_flight, "queue_time": seconds, "status": "ok"})


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"


def _echoed_steps(p: Parameters) -> int:
    if p.kind is Kind.INPAINT:
        return INPAINT_ECHOED_STEPS
    return min(p.num_inference_steps, MAX_ECHOED_STEPS)


def _source_meta(p: Parameters) -> dict[str, Any]:
    if p.kind is Kind.TEXT2IMG:
        return {}
    if p.kind is Kind.IMG2IMG:
        return {"init_image": p.init_image, "strength": p.strength}
    return {"init_image": p.init_image, "mask_image": p.mask_image}


def _early_meta(job: Job) -> dict[str, Any]:
    return {"outdir": "out", "file_prefix": job.file_prefix}


def _later_meta(job: Job) -> dict[str, Any]:
    p = job.parameters
    return {
        "tomesd": _yes(p.tomesd),
        "use_karras_sigmas": _yes(p.use_karras_sigmas),
        "vae": p.vae,
        "lora_strength": _echoed_strength(p),
        "clip_skip": p.clip_skip,
        "temp": _yes(p.temp),
        "base64": _yes(p.base64),
        "file_prefix": f"{job.file_prefix}.png",
    }


def _echoed_strength(p: Parameters) -> float | str:
    """Null comes back as 1, one number as a number, several as text."""
    if len(p.lora_strength) > 1:
        return ",".join(f"{strength:g}" for strength in p.lora_strength)
    return p.lora_strength[0] if p.lora_strength else 1
