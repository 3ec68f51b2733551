"""Answers that faults put in place of the right one: refusals without a job, and spoilt replies.

None stands for "no answer at all": the connection is dropped.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from bot.sandbox.answers import Answer, Json, json_answer
from bot.sandbox.faults import Fault, Injection
from bot.sandbox.parameters import prompt_refused
from bot.sandbox.replies import Replies

ELSEWHERE = "/elsewhere"
"""Where `redirect` points; what arrives there is recorded and proves that a client followed."""

_GATEWAY_PAGE = b"""<html>\r
<head><title>502 Bad Gateway</title></head>\r
<body>\r
<center><h1>502 Bad Gateway</h1></center>\r
<hr><center>cloudflare</center>\r
</body>\r
</html>\r
"""
_CHALLENGE_PAGE = b"<!DOCTYPE html><html><title>Just a moment...</title><body></body></html>"

_FIXED: dict[Fault, Answer | None] = {
    Fault.MISSING_STATUS: json_answer({"message": "Server Error"}),
    Fault.UNKNOWN_STATUS: json_answer({"status": "deploying_gpu", "logs": "please stand by"}),
    Fault.HTML_502: Answer(_GATEWAY_PAGE, 502, "text/html"),
    Fault.HTML_200: Answer(_CHALLENGE_PAGE, 200, "text/html"),
    Fault.INVALID_JSON: Answer(b'{"status":"success","id":134415'),
    Fault.REDIRECT: Answer(b"", 307, "text/html", {"Location": ELSEWHERE}),
    Fault.DROP_BEFORE: None,
}

_WORDED: dict[Fault, Callable[[Replies], Answer]] = {
    Fault.FAILED: Replies.failed,
    Fault.EMPTY_MESSAGE: Replies.empty_error,
    Fault.RATE_LIMIT: Replies.repeated,
    Fault.MONTHLY_LIMIT: Replies.monthly_limit,
    Fault.NO_CREDIT: Replies.no_credit,
    Fault.INVALID_KEY: Replies.invalid_key,
    Fault.MODEL_NOT_FOUND: lambda replies: replies.model_not_found("this-model"),
    Fault.VALIDATION: lambda replies: replies.validation(
        prompt_refused("The prompt may not be greater than 12 characters.")
    ),
}


def refusal(fault: Fault, replies: Replies) -> Answer | None:
    """Return the answer of a fault that takes no job."""
    return _FIXED[fault] if fault in _FIXED else _WORDED[fault](replies)


def _late_output(body: Json) -> Answer:
    return json_answer({**body, "output": []})


def _string_output(body: Json) -> Answer:
    return json_answer({**body, "output": body["output"][0] if body["output"] else ""})


def _wrong_types(_body: Json) -> Answer:
    wrong: Json = {
        "status": "success",
        "generationTime": "soon",
        "id": {"n": 1},
        "output": [17, None, {"url": 1}],
        "meta": "none",
        "eta": {},
        "nsfw_content_detected": "perhaps",
    }
    return json_answer(wrong)


def _wrong_encoding(body: Json) -> Answer:
    text = json.dumps({**body, "tip": "déjà vu"}, ensure_ascii=False)
    return Answer(text.encode("latin-1", errors="replace"))


_SPOILERS: dict[Fault, Callable[[Json], Answer]] = {
    Fault.SUCCESS_LATE_OUTPUT: _late_output,
    Fault.OUTPUT_STRING: _string_output,
    Fault.WRONG_TYPES: _wrong_types,
    Fault.WRONG_ENCODING: _wrong_encoding,
}


def spoil(body: Json, injection: Injection | None) -> Answer | None:
    """Return the submit's reply as the fault leaves it."""
    if injection is None or injection.fault is Fault.SLOW:
        return json_answer(body)
    if injection.fault is Fault.DROP_AFTER:
        return None
    if injection.fault is Fault.HUGE_BODY:
        return json_answer({**body, "tip": "x" * (injection.count * 1024 * 1024)})
    return _SPOILERS[injection.fault](body)
