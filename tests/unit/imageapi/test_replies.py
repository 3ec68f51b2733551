"""One row for each reply about a job in the contract, sections 4.1 to 4.3 and 4.5."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.ids import ProviderJobId
from bot.domain.outcome import Drawn, Reply, StillProcessing, UsedSettings
from bot.errors import ModelNotFound, ProviderError, ProviderSuspended, ProviderUnavailable
from bot.imageapi.replies import read_acknowledgement, read_reply
from tests.unit.imageapi.answers import LINK, OTHER_LINK, answer, question

META_2023: dict[str, Any] = {
    "prompt": "mdjrny-v4 style a fox DSLR photography",
    "model_id": "midjourney",
    "negative_prompt": "anime ((out of frame))",
    "scheduler": "DDPMScheduler",
    "safetychecker": "no",
    "W": 512,
    "H": 768,
    "guidance_scale": 7.5,
    "seed": 3292243727,
    "steps": 20,
    "n_samples": 1,
    "full_url": "no",
    "upscale": "no",
    "multi_lingual": "no",
    "panorama": "no",
    "self_attention": "no",
    "embeddings": None,
    "lora": None,
    "outdir": "out",
    "file_prefix": "4118bb93",
}
USED = UsedSettings(
    prompt="mdjrny-v4 style a fox DSLR photography",
    negative_prompt="anime ((out of frame))",
    model_id="midjourney",
    scheduler="DDPMScheduler",
    steps=20,
    seed=3292243727,
    width=512,
    height=768,
    guidance_scale=7.5,
)
PROCESSING_2023: dict[str, Any] = {
    "status": "processing",
    "tip": "Your image is processing in background",
    "eta": 13.067986918399999,
    "messege": "Try to fetch request after seconds estimated",
    "webhook_status": "",
    "fetch_result": "https://stablediffusionapi.com/api/v3/dreambooth/fetch/29763508",
    "id": 29763508,
    "output": [],
    "meta": META_2023,
    "future_links": [OTHER_LINK],
}
SUCCESS_2023: dict[str, Any] = {
    "status": "success",
    "generationTime": 14.079592943191528,
    "id": 13441520,
    "output": [LINK],
    "meta": META_2023,
}


def without(body: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in names}


def drawn(*links: str, job_id: str | None = "7", used: UsedSettings | None = None) -> Drawn:
    return Drawn(links, None if job_id is None else ProviderJobId(job_id), used)


def still(job_id: str = "7", eta: float | None = None) -> StillProcessing:
    return StillProcessing(ProviderJobId(job_id), eta)


def linkless(job_id: str = "7") -> StillProcessing:
    return StillProcessing(ProviderJobId(job_id), None, without_links=True)


JOB_REPLIES: list[tuple[str, object, Reply]] = [
    (
        "success with everything",
        SUCCESS_2023,
        drawn(
            LINK,
            job_id="13441520",
            used=USED.model_copy(update={"generation_seconds": 14.079592943191528}),
        ),
    ),
    (
        "processing with everything",
        PROCESSING_2023,
        StillProcessing(ProviderJobId("29763508"), 13.067986918399999, USED),
    ),
    (
        "processing, older: no webhook_status, no future_links",
        without(PROCESSING_2023, "webhook_status", "future_links", "meta"),
        still("29763508", 13.067986918399999),
    ),
    (
        "processing, controlnet: output is text",
        {"status": "processing", "id": 7, "eta": 10, "output": ""},
        still(eta=10),
    ),
    (
        "processing, 2026: message, eta whole, id text",
        {"status": "processing", "message": "Try", "id": "7", "eta": 10, "tip_1": "x"},
        still(eta=10),
    ),
    ("processing, eta as text", {"status": "processing", "id": 7, "eta": "2.48"}, still(eta=2.48)),
    ("processing, eta in words", {"status": "processing", "id": 7, "eta": "soon"}, still()),
    ("processing, eta negative", {"status": "processing", "id": 7, "eta": -5}, still(eta=0)),
    ("processing, eta for ever", {"status": "processing", "id": 7, "eta": 1e300}, still(eta=3600)),
    ("processing, eta not a number", b'{"status":"processing","id":7,"eta":NaN}', still()),
    (
        "processing without id: the address to fetch has it",
        without(PROCESSING_2023, "id", "meta"),
        still("29763508", 13.067986918399999),
    ),
    (
        "processing with links: they are not all there yet",
        {"status": "processing", "id": 7, "output": [LINK]},
        still(),
    ),
    (
        "success, several pictures",
        {"status": "success", "id": 7, "output": [LINK, OTHER_LINK]},
        drawn(LINK, OTHER_LINK),
    ),
    ("success, output is text", {"status": "success", "id": 7, "output": LINK}, drawn(LINK)),
    (
        "success, output is an object",
        {"status": "success", "id": 7, "output": {"0": LINK, "1": OTHER_LINK}},
        drawn(LINK, OTHER_LINK),
    ),
    (
        "success, slashes escaped once",
        b'{"status":"success","id":7,"output":["https:\\/\\/pub-8b49.r2.dev\\/a.png"]}',
        drawn("https://pub-8b49.r2.dev/a.png"),
    ),
    (
        "success, slashes escaped twice",
        {"status": "success", "id": 7, "output": [LINK.replace("/", "\\/")]},
        drawn(LINK),
    ),
    ("success, id is text", {"status": "success", "id": "7", "output": [LINK]}, drawn(LINK)),
    (
        "success without id",
        {"status": "success", "id": "", "output": [LINK]},
        drawn(LINK, job_id=None),
    ),
    ("success with no links", {"status": "success", "id": 7, "output": []}, linkless()),
    ("success with empty text", {"status": "success", "id": 7, "output": ""}, linkless()),
    ("success with null", {"status": "success", "id": 7, "output": None}, linkless()),
    (
        "success with unusable links",
        {"status": "success", "id": 7, "output": ["", "ftp://x/y", "https://a b", "/rel", 5, None]},
        linkless(),
    ),
    ("status in capitals", {"status": "Success", "id": 7, "output": [LINK]}, drawn(LINK)),
    ("no status, links", {"id": 7, "output": [LINK]}, drawn(LINK)),
    ("no status, id", {"id": 7}, still()),
    ("new status, id", {"status": "warming_up", "id": 7}, still()),
    ("a status that is a number", {"status": 1, "id": 7}, still()),
    (
        "Latin-1 where UTF-8 is announced",
        '{"status":"processing","id":7,"tip":"déjà vu"}'.encode("latin-1"),
        still(),
    ),
    ("UTF-16", '{"status":"processing","id":7}'.encode("utf-16"), still()),
    ("a byte order mark", b"\xef\xbb\xbf" + b'{"status":"processing","id":7}', still()),
    (
        "half a surrogate pair in meta",
        b'{"status":"processing","id":7,"meta":{"prompt":"a \\ud83e"}}',
        StillProcessing(ProviderJobId("7"), None, UsedSettings(prompt="a")),
    ),
    (
        "flagged, 2026",
        {"status": "success", "id": 7, "output": [LINK], "nsfw_content_detected": True},
        drawn(LINK, used=UsedSettings(flagged=True)),
    ),
    (
        "flagged, a list of booleans",
        {"status": "success", "id": 7, "output": [LINK], "nsfw_content_detected": [False, True]},
        drawn(LINK, used=UsedSettings(flagged=True)),
    ),
    (
        "not flagged, an empty list",
        {"status": "success", "id": 7, "output": [LINK], "nsfw_content_detected": []},
        drawn(LINK, used=UsedSettings(flagged=False)),
    ),
    (
        "flag unknown",
        {"status": "success", "id": 7, "output": [LINK], "nsfw_content_detected": None},
        drawn(LINK),
    ),
    (
        "meta is a list, as PHP writes an empty object",
        {"status": "success", "id": 7, "output": [LINK], "meta": []},
        drawn(LINK),
    ),
    (
        "meta of a later age, in text",
        {
            "status": "success",
            "id": 7,
            "output": [LINK],
            "meta": {"width": "640", "height": "512", "num_inference_steps": "20", "seed": "5"},
        },
        drawn(LINK, used=UsedSettings(width=640, height=512, steps=20, seed=5)),
    ),
]


@pytest.mark.parametrize(
    ("body", "expected"),
    [pytest.param(body, expected, id=name) for name, body, expected in JOB_REPLIES],
)
def test_a_reply_about_a_job_is_understood(body: object, expected: Reply) -> None:
    assert read_reply(answer(body), question()) == expected


@pytest.mark.parametrize("status", [200, 201, 400, 500])
def test_the_body_decides_and_not_the_http_code(status: int) -> None:
    assert isinstance(read_reply(answer(SUCCESS_2023, status), question()), Drawn)
    assert isinstance(read_reply(answer(PROCESSING_2023, status), question()), StillProcessing)


FETCH_REPLIES: list[tuple[str, object, Reply]] = [
    (
        "done",
        {"status": "success", "id": 13443927, "output": [LINK]},
        drawn(LINK, job_id="13443927"),
    ),
    (
        "not done, 2023",
        {"status": "processing", "messege": "Request processing", "output": ""},
        still("42"),
    ),
    (
        "not done, 2026",
        {"status": "processing", "message": "Request processing", "output": "", "tip": "x"},
        still("42"),
    ),
    ("done without links", {"status": "success", "output": []}, linkless("42")),
]


@pytest.mark.parametrize(
    ("body", "expected"),
    [pytest.param(body, expected, id=name) for name, body, expected in FETCH_REPLIES],
)
def test_a_fetch_reply_is_understood_without_its_id(body: object, expected: Reply) -> None:
    assert read_reply(answer(body), question("42")) == expected


@pytest.mark.parametrize(
    "body",
    [
        {"status": "success", "message": "model load started"},
        {"status": "processing", "message": "…"},
        {"status": "ok"},
        {"message": "Model reload started"},
        b"",
    ],
)
def test_a_reload_is_acknowledged_by_anything_but_an_error(body: object) -> None:
    read_acknowledgement(answer(body), question("42"))


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        ({"status": "error", "message": "Model not found"}, 200, ModelNotFound),
        ({"status": "error", "message": "Invalid Api Key"}, 200, ProviderSuspended),
        ({"message": "Server Error"}, 500, ProviderUnavailable),
        (b"<html>", 200, ProviderUnavailable),
        (b"", 500, ProviderUnavailable),
    ],
)
def test_a_reload_that_is_refused_says_why(
    body: object, status: int, expected: type[ProviderError]
) -> None:
    with pytest.raises(expected):
        read_acknowledgement(answer(body, status), question("42"))
