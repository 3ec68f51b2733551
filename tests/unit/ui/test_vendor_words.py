"""What the image service says is repeated to members only where it speaks to people."""

from __future__ import annotations

import pytest

from bot.domain.job import JobStatus
from bot.domain.outcome import EndReason
from bot.ui import wording
from bot.ui.details import details
from bot.ui.history_words import entry
from bot.ui.vendor_words import presentable
from tests.factories.jobs import a_job, a_request

INNER_LIFE = [
    "'NoneType' object has no attribute 'device'",
    'Traceback (most recent call last): File "/srv/worker.py", line 3, in run',
    "CUDA trouble in /srv/models/sd/unet.py",
    "ValueError: prompt is None",
    "torch.cuda.OutOfMemoryError: no memory left",
    "a KeyError was raised",
    "Undefined index in C:\\inetpub\\app.php",
    "SQLSTATE[42S02]: table not found",
    "<class 'int'> is odd",
    "token 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b is odd",
]
FOR_PEOPLE = [
    "The prompt must not be empty.",
    "width must be at most 1024 (you sent 2048)",
    "Error: the model my-trained-model-2 is loading, try https://docs.example.com/models/loading",
    "this model does not work with Euler/Karras and/or clip_skip 9",
]


@pytest.mark.parametrize("said", INNER_LIFE)
def test_what_its_programs_say_to_each_other_is_not_repeated(said: str) -> None:
    assert presentable(said) is None


@pytest.mark.parametrize("said", FOR_PEOPLE)
def test_what_it_says_to_people_is_repeated(said: str) -> None:
    assert presentable(said) == said


@pytest.mark.parametrize("reason", EndReason)
@pytest.mark.parametrize("said", INNER_LIFE)
def test_no_text_about_the_end_of_a_job_repeats_it(reason: EndReason, said: str) -> None:
    ended = a_job(status=JobStatus.FAILED).model_copy(
        update={"end_reason": reason, "end_detail": said}
    )
    texts = (
        wording.failure(ended),
        wording.closed_acknowledgement(ended),
        details(ended, a_request()).text,
    )
    assert not any(said[:12] in text for text in (*texts, entry(ended, 0)))


def test_a_reason_for_people_is_told() -> None:
    ended = a_job(status=JobStatus.FAILED).model_copy(
        update={"end_reason": EndReason.API_REJECTED, "end_detail": FOR_PEOPLE[0]}
    )
    assert f"It said: {FOR_PEOPLE[0]}" in wording.failure(ended)
