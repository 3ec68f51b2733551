"""The request as the API understands it: lenient about spelling, strict about limits.

Strings, numbers and booleans are all taken for each other; null and empty text mean "the default";
unknown fields are ignored (contract, section 1). Stated independently of `bot.domain`, so that the
two can be tested against each other.
"""

from __future__ import annotations

import random
from enum import StrEnum
from typing import Annotated, Any, Literal, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

SCHEDULERS = (
    "DDPMScheduler",
    "DDIMScheduler",
    "PNDMScheduler",
    "LMSDiscreteScheduler",
    "EulerDiscreteScheduler",
    "EulerAncestralDiscreteScheduler",
    "DPMSolverMultistepScheduler",
    "HeunDiscreteScheduler",
    "KDPM2DiscreteScheduler",
    "DPMSolverSinglestepScheduler",
    "KDPM2AncestralDiscreteScheduler",
    "UniPCMultistepScheduler",
    "DDIMInverseScheduler",
    "DEISMultistepScheduler",
    "IPNDMScheduler",
    "KarrasVeScheduler",
    "ScoreSdeVeScheduler",
    "LCMScheduler",
)
MAX_SEED = 2**32 - 1
SIDE_STEP = 8


class Kind(StrEnum):
    """The three ways of asking for pictures."""

    TEXT2IMG = "text2img"
    IMG2IMG = "img2img"
    INPAINT = "inpaint"


class CensorStyle(StrEnum):
    """How the safety checker replaces a flagged picture."""

    BLUR = "blur"
    SENSITIVE_CONTENT_TEXT = "sensitive_content_text"
    PIXELATE = "pixelate"
    BLACK = "black"


def _scheduler(value: object) -> object:
    if value not in SCHEDULERS:
        raise ValueError("scheduler")
    return value


def _in_steps(side: int) -> int:
    if side % SIDE_STEP:
        raise PydanticCustomError("multiple_of", "steps", {"multiple_of": SIDE_STEP})
    return side


def _commas(value: object) -> object:
    """Read a comma list, a bare number, or a JSON list."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return cast("object", value) if isinstance(value, (list, tuple)) else (value,)


def _upscale(value: object) -> object:
    """Read 1, 2, 3, or the yes/no of the sibling pages (yes means twice)."""
    words = {"no": 0, "false": 0, "yes": 2, "true": 2}
    return words.get(str(value).strip().lower(), value)


Text = Annotated[str, Field(min_length=1, strict=False)]
Side = Annotated[int, Field(ge=256, le=1024), AfterValidator(_in_steps)]
Address = Annotated[str, Field(min_length=1)]


class Parameters(BaseModel):
    """One validated submission. Flags are booleans; `upscale` is 0 where it was "no"."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    kind: Kind = Kind.TEXT2IMG
    model_id: Text
    prompt: Text
    negative_prompt: str = ""
    width: Side = 512
    height: Side = 512
    samples: Annotated[int, Field(ge=1, le=4)] = 1
    num_inference_steps: Annotated[int, Field(ge=1, le=51)] = 20
    safety_checker: bool = False
    safety_checker_type: CensorStyle = CensorStyle.SENSITIVE_CONTENT_TEXT
    enhance_prompt: bool = True
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)]
    guidance_scale: Annotated[float, Field(ge=1, le=20, allow_inf_nan=False)] = 7.5
    tomesd: bool = True
    use_karras_sigmas: bool = True
    algorithm_type: Literal["none", "dpmsolver+++"] = "none"
    vae: str | None = None
    lora_model: Annotated[tuple[str, ...], BeforeValidator(_commas)] = ()
    lora_strength: Annotated[tuple[float, ...], BeforeValidator(_commas)] = ()
    multi_lingual: bool = False
    panorama: bool = False
    self_attention: bool = False
    upscale: Annotated[int, BeforeValidator(_upscale), Field(ge=0, le=3)] = 0
    clip_skip: Annotated[int, Field(ge=1, le=8)] = 1
    base64: bool = False
    embeddings_model: str | None = None
    scheduler: Annotated[str, BeforeValidator(_scheduler)] = "DDPMScheduler"
    webhook: Annotated[str, Field(pattern=r"^https?://")] | None = None
    track_id: Any = None
    highres_fix: bool = False
    temp: bool = False
    strength: Annotated[float, Field(ge=0, le=1)] = 0.7
    init_image: Address | None = None
    mask_image: Address | None = None

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, body: dict[str, Any]) -> dict[str, Any]:
        given = {name: value for name, value in body.items() if value is not None and value != ""}
        if given.get("kind") is Kind.INPAINT and "steps" in given:
            given["num_inference_steps"] = given["steps"]
        given.setdefault("seed", random.randint(0, MAX_SEED))
        return given

    def shown(self) -> dict[str, Any]:
        """Return what determines the picture, as JSON types."""
        return self.model_dump(
            mode="json", exclude={"webhook", "track_id", "init_image", "mask_image"}
        )


class ParametersRefused(Exception):
    """The request breaks documented limits; one or more findings a field."""

    def __init__(self, findings: list[ErrorDetails]) -> None:
        super().__init__(f"{len(findings)} findings")
        self.findings = findings

    def laravel(self) -> dict[str, list[str]]:
        """Return the V4 message: a dict of lists, worded as Laravel does."""
        message: dict[str, list[str]] = {}
        for finding in self.findings:
            field = _field(finding)
            words = _LARAVEL.get(finding["type"], _LARAVEL_OTHER)
            message.setdefault(field, []).append(_worded(words, field, finding))
        return message

    def sentence(self) -> str:
        """Return the V6 message: one sentence about the first finding."""
        finding = self.findings[0]
        field = _field(finding)
        if finding["type"] in {"greater_than_equal", "less_than_equal"}:
            return f"{field} must be between {_RANGES.get(field, 'its limits')}"
        return _worded(_PLAIN.get(finding["type"], _PLAIN_OTHER), field, finding)


def read_parameters(kind: Kind, body: dict[str, Any]) -> Parameters:
    """Validate a body.

    Raises:
        ParametersRefused: with every finding.
    """
    try:
        parameters = Parameters.model_validate({**body, "kind": kind})
    except ValidationError as error:
        raise ParametersRefused(error.errors(include_url=False)) from None
    missing = [name for name in _NEEDED[kind] if getattr(parameters, name) is None]
    if missing:
        raise ParametersRefused([_missing(name) for name in missing])
    return parameters


def prompt_refused(reason: str) -> ParametersRefused:
    """Return a refusal of the prompt for a reason of our own."""
    return ParametersRefused(
        [{"type": "value_error", "loc": ("prompt",), "msg": reason, "input": None}]
    )


_NEEDED: dict[Kind, tuple[str, ...]] = {
    Kind.TEXT2IMG: (),
    Kind.IMG2IMG: ("init_image",),
    Kind.INPAINT: ("init_image", "mask_image"),
}

_RANGES = {
    "width": "256 and 1024",
    "height": "256 and 1024",
    "samples": "1 and 4",
    "guidance_scale": "1 and 20",
    "num_inference_steps": "1 and 51",
    "clip_skip": "1 and 8",
    "strength": "0 and 1",
    "seed": f"0 and {MAX_SEED}",
    "upscale": "1 and 3",
}

_LARAVEL = {
    "missing": "The {words} field is required.",
    "string_too_short": "The {words} field is required.",
    "int_parsing": "The {words} must be an integer.",
    "int_type": "The {words} must be an integer.",
    "int_from_float": "The {words} must be an integer.",
    "float_parsing": "The {words} must be a number.",
    "bool_parsing": "The {words} field must be yes or no.",
    "bool_type": "The {words} field must be yes or no.",
    "greater_than_equal": "The {words} must be at least {ge:g}.",
    "less_than_equal": "The {words} may not be greater than {le:g}.",
    "multiple_of": "The {words} must be divisible by {multiple_of}.",
}
_LARAVEL_OTHER = "The selected {words} is invalid."

_PLAIN = {
    "missing": "{field} is required",
    "string_too_short": "{field} is required",
    "multiple_of": "{field} must be divisible by {multiple_of}",
    "int_parsing": "{field} must be an integer",
    "bool_parsing": "{field} must be a boolean",
}
_PLAIN_OTHER = "{field} is invalid"


def _field(finding: ErrorDetails) -> str:
    return str(finding["loc"][0]) if finding["loc"] else "body"


def _worded(template: str, field: str, finding: ErrorDetails) -> str:
    if finding["type"] == "value_error" and field == "prompt":
        return finding["msg"]
    return template.format(field=field, words=field.replace("_", " "), **finding.get("ctx", {}))


def _missing(name: str) -> ErrorDetails:
    return {"type": "missing", "loc": (name,), "msg": "Field required", "input": None}
