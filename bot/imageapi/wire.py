"""The API's replies as models (contract, section 4).

Every field has been seen in more than one type, so each is coerced and none can make a reply
unreadable; only a body that is not a JSON object is refused.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bot.domain.request import clean_text

MAX_TEXT = 8000
MAX_LINKS = 8
MAX_LINK = 2048
_MAX_DEPTH = 4
_MAX_WORDS = 20


class WireStatus(StrEnum):
    """What `status` says; replies of every age are read by these names."""

    SUCCESS = "success"
    PROCESSING = "processing"
    FAILED = "failed"
    ERROR = "error"
    MISSING = "missing"
    """No `status` at all; some replies have none (contract, sections 4.4 and 4.7)."""
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, value: object) -> WireStatus:
        text = value.strip().lower() if isinstance(value, str) else ""
        known = cls.__members__.get(_ALIASES.get(text, text).upper())
        return known if known is not None else cls.UNKNOWN


_ALIASES = {"ok": "success", "fail": "failed", "queued": "processing", "pending": "processing"}
"""`ok` is what the load endpoints say; the others are cheap to understand."""


@dataclass(frozen=True, slots=True)
class Words:
    """A message: its text, and the attributes it is about when it came as a dict of lists."""

    text: str = ""
    fields: frozenset[str] = frozenset()


def _words(value: object) -> Words:
    fields: frozenset[str] = frozenset()
    if isinstance(value, dict):
        table = cast("dict[str, object]", value)
        fields = frozenset(name for name in table if name.isascii())
        lines = [f"{name}: {'; '.join(told)}" for name in table if (told := _strings(table[name]))]
    else:
        lines = ["; ".join(_strings(value)[:_MAX_WORDS])]
    return Words(_clean("\n".join(lines[:_MAX_WORDS])[:MAX_TEXT]), fields)


def _strings(value: object, depth: int = 0) -> list[str]:
    """Return every text in a value, however it is nested."""
    if isinstance(value, str):
        return [value[:MAX_TEXT]] if value.strip() else []
    if depth >= _MAX_DEPTH:
        return []
    if isinstance(value, dict):
        value = list(cast("dict[str, object]", value).values())
    if isinstance(value, list):
        return [text for item in cast("list[object]", value) for text in _strings(item, depth + 1)]
    return []


def _links(value: object) -> tuple[str, ...]:
    """Return the usable links of `output`: a list, one text, nothing, or an object of links."""
    links = (text.strip().replace("\\/", "/") for text in _strings(value))
    return tuple(dict.fromkeys(link for link in links if _is_link(link)))[:MAX_LINKS]


def _is_link(text: str) -> bool:
    return (
        text.lower().startswith(("https://", "http://"))
        and len(text) <= MAX_LINK
        and all(char.isprintable() and not char.isspace() for char in text)
    )


def _number(value: object) -> float | None:
    if isinstance(value, str):
        value = value.strip()
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _whole(value: object) -> int | None:
    number = value if isinstance(value, int) and not isinstance(value, bool) else _number(value)
    if number is None or abs(number) >= 2**63:
        return None
    return int(number)


def _text(value: object) -> str | None:
    return _clean(value[:MAX_TEXT]) if isinstance(value, str) else None


def _clean(text: str) -> str:
    """Do what `clean_text` does, at once where nothing is to be dropped: lists are long."""
    return text.strip() if text.isprintable() else clean_text(text)


def _id(value: object) -> str | None:
    """Return an id as text; it comes as a number or as text, and empty when there is none."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    if isinstance(value, int) and abs(value) >= 2**63:
        return None
    text = str(value).strip()
    return text if 0 < len(text) <= 100 and text.isascii() and text.isprintable() else None


def _flag(value: object) -> bool | None:
    """Return the safety checker's word: a boolean, or a list with one entry a picture."""
    if isinstance(value, list):
        return any(_flag(item) for item in cast("list[object]", value))
    if isinstance(value, str):
        return value.strip().lower() not in {"", "0", "no", "false", "none", "null"}
    return None if value is None else bool(value)


def _status(value: object) -> WireStatus:
    return WireStatus.MISSING if value is None else WireStatus(value)


def _object(value: object) -> object:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


Status = Annotated[WireStatus, BeforeValidator(_status)]
Message = Annotated[Words, BeforeValidator(_words)]
Links = Annotated[tuple[str, ...], BeforeValidator(_links)]
Id = Annotated[str | None, BeforeValidator(_id)]
Number = Annotated[float | None, BeforeValidator(_number)]
Whole = Annotated[int | None, BeforeValidator(_whole)]
Text = Annotated[str | None, BeforeValidator(_text)]
Flag = Annotated[bool | None, BeforeValidator(_flag)]


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    def __repr__(self) -> str:
        """Show no content: a reply may quote the key, and tracebacks may show variables."""
        return f"<{type(self).__name__}>"


class WireMeta(_Wire):
    """`meta`: the settings used, under the vendor's other names (contract, section 4.1)."""

    prompt: Text = None
    negative_prompt: Text = None
    model_id: Text = None
    scheduler: Text = None
    steps: Whole = None
    num_inference_steps: Whole = None
    seed: Whole = None
    W: Whole = None
    H: Whole = None
    width: Whole = None
    height: Whole = None
    guidance_scale: Number = None


class WireReply(_Wire):
    """Success, processing, failed, error, fetch and webhook bodies alike."""

    status: Status = WireStatus.MISSING
    id: Id = None
    track_id: Id = None
    message: Message = Words()
    messege: Message = Words()
    error: Message = Words()
    eta: Number = None
    output: Links = ()
    link: Links = ()
    """Where a picture is that was handed over."""
    fetch_result: Text = None
    retry_after: Number = None
    generation_seconds: Number = Field(default=None, alias="generationTime")
    nsfw_content_detected: Flag = None
    meta: Annotated[WireMeta | None, BeforeValidator(_object)] = None

    @property
    def words(self) -> Words:
        """The message under whichever name has one."""
        return next((w for w in (self.message, self.messege, self.error) if w.text), Words())


class WireModel(_Wire):
    """One item of the model list (contract, section 4.7)."""

    model_id: Id = None
    status: Text = None
    model_name: Text = None
    instance_prompt: Text = None
    description: Text = None
    screenshots: Links = ()
    api_calls: Whole = None
    model_category: Text = None
    model_subcategory: Text = None
    is_nsfw: Flag = None
