"""An HTTP answer as a value, so that replies are decided and spoilt without a socket."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """Bytes, code and headers."""

    body: bytes
    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    def response(self) -> web.Response:
        """Return it as aiohttp wants it."""
        return web.Response(
            body=self.body,
            status=self.status,
            content_type=self.content_type,
            headers=self.headers,
        )


def json_answer(body: object, status: int = 200) -> Answer:
    """Return a JSON answer with PHP's escaped slashes, as the vendor's are."""
    text = json.dumps(body, ensure_ascii=False).replace("/", "\\/")
    return Answer(text.encode(), status)


class Refused(Exception):
    """Ends a request with an answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"HTTP {answer.status}")
        self.answer = answer
