"""How pictures to start from are told of, and what a line to copy can hold of them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.endpoint import Endpoint
from bot.domain.job import JobStatus
from bot.domain.outcome import EndReason
from bot.ui import wording
from bot.ui.details import details
from bot.ui.imagine_line import imagine_line
from bot.ui.source_words import AREAS, OPTIONS, starts_from, to_give_again
from tests.factories.jobs import a_job, a_request

PICTURE: dict[str, Any] = {"init_image": "a" * 64, "strength": 0.4}
MASK: dict[str, Any] = {**PICTURE, "mask_image": "b" * 64}
DEFAULTS = {"model_id": "midjourney"}


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ({}, ""),
        (PICTURE, "from a picture · strength 0.4"),
        (MASK, "a part of a picture · strength 0.4"),
    ],
)
def test_messages_name_the_start_and_never_its_file(start: dict[str, object], words: str):
    told = wording.differences(a_request(**start), DEFAULTS)
    assert told == words


def test_the_start_is_named_in_the_details_alone():
    assert [starts_from(a_request(**each)) for each in ({}, PICTURE, MASK)] == [
        "",
        "a picture (aaaaaaaaaaaa)",
        "a picture (aaaaaaaaaaaa), of which a part is drawn anew",
    ]
    assert [bool(to_give_again(a_request(**each))) for each in ({}, PICTURE, MASK)] == [
        False,
        True,
        True,
    ]


def test_the_details_list_no_option_that_the_endpoint_does_not_take():
    text = details(a_job(**MASK), a_request()).text
    for unlisted in ("panorama", "upscale", "algorithm_type", "init_image", "b" * 12):
        assert unlisted not in text
    assert "strength `0.4`" in text


def test_the_line_is_that_of_the_command_and_has_its_options_only():
    usual = a_request(panorama=True, num_inference_steps=21, width=768)
    line = imagine_line(a_request(**PICTURE, num_inference_steps=30), usual)
    assert line.text == "/remix prompt:a fox size:512x512 steps:30 seed:7 strength:0.4"
    assert line.unsaid == ()
    assert imagine_line(a_request(**MASK), a_request()).text.startswith("/inpaint prompt:a fox ")


def test_a_start_that_is_gone_is_told_as_what_it_is():
    job = a_job(status=JobStatus.FAILED, **PICTURE)
    told = wording.failure(job.model_copy(update={"end_reason": EndReason.START_GONE}))
    assert "no longer kept" in told
    assert "does not count against your quota" in told


def test_texts_are_within_discords_limits():
    assert all(len(text) <= 100 for text in (*OPTIONS.values(), *AREAS.values()))
    assert {str(each) for each in Endpoint} == {"imagine", "remix", "inpaint"}
