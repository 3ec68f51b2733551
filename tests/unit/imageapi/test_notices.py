from __future__ import annotations

import json

import pytest

from bot.domain.ids import ProviderJobId
from bot.domain.outcome import Drawn, StillProcessing
from bot.errors import ProviderFailed, ProviderUnavailable
from bot.imageapi import read_webhook

LINK = "https://cdn.stablediffusionapi.com/generations/0-d00b.png"
DONE = {"status": "success", "id": 7, "output": [LINK], "track_id": "123456789012345678"}


def notice(**changes: object) -> bytes:
    return json.dumps({**DONE, **changes}).encode()


def test_a_finished_job_is_announced_with_its_links() -> None:
    read = read_webhook(notice())

    assert read is not None
    assert (read.track_id, read.provider_job_id) == ("123456789012345678", "7")
    assert read.news == Drawn((LINK,), ProviderJobId("7"))


@pytest.mark.parametrize(
    ("changes", "track_id", "job_id"),
    [
        ({"track_id": 123456789012345678}, "123456789012345678", "7"),
        ({"id": "7"}, "123456789012345678", "7"),
        ({"track_id": None, "id": None}, None, None),
        ({"track_id": "null"}, "null", "7"),
        ({"track_id": ["x"], "id": {"x": 1}}, None, None),
        ({"track_id": True, "id": 10**30}, None, None),
    ],
)
def test_ids_come_in_any_type(
    changes: dict[str, object], track_id: str | None, job_id: str | None
) -> None:
    read = read_webhook(notice(**changes))

    assert read is not None
    assert (read.track_id, read.provider_job_id) == (track_id, job_id)


def test_a_failed_job_is_announced_without_meta_or_links() -> None:
    read = read_webhook(
        b'{"status":"failed","id":"7","message":"Processing failed: x","track_id":"1"}'
    )

    assert read is not None
    assert isinstance(read.news, ProviderFailed)
    assert read.news.__traceback__ is None


@pytest.mark.parametrize(
    ("changes", "without_links"),
    [({"status": "processing"}, False), ({"output": []}, True), ({"output": ""}, True)],
)
def test_what_is_not_final_is_no_end(changes: dict[str, object], without_links: bool) -> None:
    read = read_webhook(notice(**changes))

    assert read is not None
    assert read.news == StillProcessing(ProviderJobId("7"), None, without_links=without_links)


def test_a_success_without_links_or_id_says_that_only_asking_will_tell() -> None:
    read = read_webhook(notice(output=[], id=None))

    assert read is not None
    assert isinstance(read.news, ProviderUnavailable)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b'"x"', b"\xff\xfe"])
def test_what_is_no_object_is_no_notice(body: bytes) -> None:
    assert read_webhook(body) is None
