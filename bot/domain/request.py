"""What a member asks the image API for: one validated model for every way of asking.

The names are the API's own, except that LoRA ids and strengths are tuples here and comma-separated
text on the wire. Limits are those of the endpoint's page; where it is silent (sides in steps of 8,
no less than 256) those of the current documentation.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from bot.domain.endpoint import MAX_STEPS as STEPS_OF
from bot.domain.endpoint import NOT_TAKEN, Endpoint, endpoint_of
from bot.domain.parameters import AlgorithmType, SafetyCheckerType, Scheduler
from bot.domain.size import MAX_SIDE, MIN_SIDE, SIDE_STEP, Size, size_rule
from bot.errors import InvalidRequest, Problem
from bot.speech import _, listed, number

MAX_PROMPT = 2000
MAX_SEED = 2**32 - 1
MAX_SAMPLES = 4
MAX_STEPS = STEPS_OF[Endpoint.WORDS]
MAX_LORAS = 8
MAX_ID = 100

_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_text(text: str) -> str:
    """Drop what no prompt needs and a reader could be fooled by.

    Control characters, lone surrogates and bidirectional overrides become spaces; letters of every
    script, emoji and their joiners stay.
    """
    if text.isprintable():
        return text.strip()
    return "".join(" " if _is_unwanted(c) else c for c in text).strip()


def _is_unwanted(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cs"} or char in _BIDI_CONTROLS


def _clean(value: object) -> object:
    return clean_text(value) if isinstance(value, str) else value


def _clean_or_none(value: object) -> object:
    return (clean_text(value) or None) if isinstance(value, str) else value


PromptText = Annotated[str, BeforeValidator(_clean), Field(min_length=1, max_length=MAX_PROMPT)]
OptionalText = Annotated[str, BeforeValidator(_clean), Field(max_length=MAX_PROMPT)]
ApiId = Annotated[
    str, BeforeValidator(_clean), Field(min_length=1, max_length=MAX_ID, pattern=r"^[^\s,]+$")
]
OptionalApiId = Annotated[
    Annotated[str, Field(max_length=MAX_ID, pattern=r"^[^\s,]+$")] | None,
    BeforeValidator(_clean_or_none),
]
Side = Annotated[int, Field(ge=MIN_SIDE, le=MAX_SIDE, multiple_of=SIDE_STEP)]
Strength = Annotated[float, Field(ge=0, le=2, allow_inf_nan=False)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
MIN_CHANGE = 0.05
"""The least `strength`: below it, the fewest steps come to none."""


class GenerationRequest(BaseModel):
    """The 26 attributes a member decides on, and what it starts from; valid by construction."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prompt: PromptText
    negative_prompt: OptionalText = ""
    model_id: ApiId
    width: Side = 512
    height: Side = 512
    samples: Annotated[int, Field(ge=1, le=MAX_SAMPLES)] = 1
    num_inference_steps: Annotated[int, Field(ge=1, le=MAX_STEPS)] = 31
    guidance_scale: Annotated[float, Field(ge=1, le=20, allow_inf_nan=False)] = 7.5
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)]
    scheduler: Scheduler = Scheduler.UNI_PC_MULTISTEP
    algorithm_type: AlgorithmType = AlgorithmType.NONE
    use_karras_sigmas: bool = True
    lora_model: Annotated[tuple[ApiId, ...], Field(max_length=MAX_LORAS)] = ()
    lora_strength: Annotated[tuple[Strength, ...], Field(max_length=MAX_LORAS)] = ()
    embeddings_model: OptionalApiId = None
    vae: OptionalApiId = None
    clip_skip: Annotated[int, Field(ge=1, le=8)] = 2
    enhance_prompt: bool = True
    tomesd: bool = True
    multi_lingual: bool = False
    panorama: bool = False
    self_attention: bool = False
    highres_fix: bool = False
    upscale: Annotated[int, Field(ge=1, le=3)] | None = None
    safety_checker: bool = True
    safety_checker_type: SafetyCheckerType = SafetyCheckerType.SENSITIVE_CONTENT_TEXT
    init_image: Sha256 | None = None
    """Our copy of the picture it starts from, where it starts from one."""
    mask_image: Sha256 | None = None
    strength: Annotated[float, Field(ge=MIN_CHANGE, le=1, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _options_agree(self) -> Self:
        if self.algorithm_type is not AlgorithmType.NONE and not takes_algorithm(self.scheduler):
            raise PydanticCustomError("algorithm_type", "algorithm_type")
        if self.lora_strength and not strengths_fit(self.lora_model, self.lora_strength):
            raise PydanticCustomError("lora_strength", "lora_strength")
        self._refuse_what_its_endpoint_does_not_take()
        return self

    def _refuse_what_its_endpoint_does_not_take(self) -> None:
        if self.num_inference_steps > STEPS_OF[self.endpoint]:
            raise PydanticCustomError("num_inference_steps", "num_inference_steps")
        for name in NOT_TAKEN[self.endpoint]:
            if getattr(self, name) != type(self).model_fields[name].default:
                raise PydanticCustomError("init_image", "init_image")

    @property
    def endpoint(self) -> Endpoint:
        """Where it goes."""
        return endpoint_of({"init_image": self.init_image, "mask_image": self.mask_image})

    @property
    def size(self) -> Size:
        """Width and height together, as members choose them."""
        return Size(self.width, self.height)

    def replace(self, **changes: Any) -> GenerationRequest:
        """Return a validated copy with some attributes changed.

        Raises:
            InvalidRequest: the changed request breaks a limit.
        """
        return build_request({**self.model_dump(), **changes})


def takes_algorithm(scheduler: Scheduler) -> bool:
    """Tell whether this scheduler reads `algorithm_type` (only one does)."""
    return scheduler == Scheduler.DPM_SOLVER_MULTISTEP


def strengths_fit(loras: tuple[str, ...], strengths: tuple[float, ...]) -> bool:
    """Tell whether there is one strength for all LoRAs, or one for each."""
    return bool(loras) and len(strengths) in {1, len(loras)}


def build_request(values: Mapping[str, Any]) -> GenerationRequest:
    """Validate attributes into a request.

    Raises:
        InvalidRequest: with one problem an attribute, in words that say what to change.
    """
    try:
        return GenerationRequest.model_validate(values)
    except ValidationError as error:
        names = (str(e["loc"][0]) if e["loc"] else e["type"] for e in error.errors())
        raise InvalidRequest(list(dict.fromkeys(map(_problem, names)))) from None


def salvage_request(values: Mapping[str, Any]) -> GenerationRequest:
    """Build a request from whatever of these attributes still makes sense."""
    kept: dict[str, Any] = {"prompt": "(lost)", "model_id": "unknown", "seed": 0}
    for name, value in values.items():
        try:
            build_request({**kept, name: value})
        except InvalidRequest:
            continue
        kept[name] = value
    return build_request(kept)


def _problem(attribute: str) -> Problem:
    return Problem(OPTION_OF.get(attribute, attribute), rule_of(attribute))


def rule_of(name: str) -> str:
    """Say what must be given for an attribute, or for `size`."""
    rule = RULES.get(name)
    return rule() if rule else _("is not understood")


OPTION_OF = {
    "init_image": "image",
    "mask_image": "mask",
    "model_id": "model",
    "width": "size",
    "height": "size",
    "num_inference_steps": "steps",
}
"""The option's name where it is not the attribute's."""

_YES_NO = (
    "use_karras_sigmas",
    "enhance_prompt",
    "tomesd",
    "multi_lingual",
    "panorama",
    "self_attention",
    "highres_fix",
    "safety_checker",
)


def _one_of(values: Iterable[str]) -> str:
    return _("must be {values}", values=listed(values, "or"))


def _id_rule() -> str:
    return _("must be one id without spaces, at most {most} characters", most=MAX_ID)


def _side_rule() -> str:
    return _(
        "width and height must each be from {least} to {most} and a multiple of {step}",
        least=MIN_SIDE,
        most=MAX_SIDE,
        step=SIDE_STEP,
    )


def _whole(least: int, most: int) -> str:
    return _("must be a whole number from {least} to {most}", least=least, most=most)


def _steps_rule() -> str:
    return _(
        "must be a whole number from 1 to {most}; to {fewer} where it starts from a picture",
        most=MAX_STEPS,
        fewer=STEPS_OF[Endpoint.PICTURE],
    )


def _algorithm_rule() -> str:
    return _(
        "works only with scheduler {scheduler}; choose that scheduler or leave algorithm_type out",
        scheduler=Scheduler.DPM_SOLVER_MULTISTEP,
    )


def _strength_rule() -> str:
    return _(
        "must be a number from {least} (hardly changed) to 1 (hardly kept)",
        least=MIN_CHANGE,
    )


RULES: Mapping[str, Callable[[], str]] = {
    "prompt": lambda: _("say what to draw, in 1 to {most} characters", most=number(MAX_PROMPT)),
    "negative_prompt": lambda: _("must be at most {most} characters", most=number(MAX_PROMPT)),
    "model_id": _id_rule,
    "size": size_rule,
    "width": _side_rule,
    "height": _side_rule,
    "samples": lambda: _whole(1, MAX_SAMPLES),
    "num_inference_steps": _steps_rule,
    "guidance_scale": lambda: _("must be a number from 1 to 20"),
    "seed": lambda: _whole(0, MAX_SEED),
    "scheduler": lambda: _("must be one of the schedulers in the list"),
    "algorithm_type": _algorithm_rule,
    "lora_model": lambda: _("must be up to {most} LoRA ids, separated by commas", most=MAX_LORAS),
    "lora_strength": lambda: _(
        "must be one number from 0 to 2 for all LoRAs, or one for each, separated by commas; "
        "it needs lora_model"
    ),
    "embeddings_model": _id_rule,
    "vae": _id_rule,
    "clip_skip": lambda: _whole(1, 8),
    "upscale": lambda: _one_of(("1", "2", "3")),
    "safety_checker_type": lambda: _one_of(SafetyCheckerType),
    **dict.fromkeys(_YES_NO, lambda: _one_of(("yes", "no"))),
    "init_image": lambda: _("must be a kept picture, and goes with options that take one only"),
    "mask_image": lambda: _("must be a kept picture"),
    "strength": _strength_rule,
}
"""What to change, in the language that is spoken."""
