"""How long a block lasts, and which pictures count as flagged."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.flagged import is_flagged, is_spoiler, is_withheld
from bot.domain.guild_settings import Flagged
from bot.domain.job import Picture
from bot.domain.moderation import parse_duration
from bot.domain.outcome import UsedSettings
from bot.errors import InvalidRequest
from tests.factories.jobs import a_job


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90m", timedelta(minutes=90)),
        ("12 hours", timedelta(hours=12)),
        (" 7D ", timedelta(days=7)),
        ("2weeks", timedelta(weeks=2)),
        ("366d", timedelta(days=366)),
    ],
)
def test_a_duration_is_read_as_people_write_it(text: str, length: timedelta):
    assert parse_duration(text) == length


@pytest.mark.parametrize(
    "text", ["", "0h", "-1d", "soon", "7", "1y", "9999w", "1h 30m", "١h\u202e"]
)
def test_nonsense_is_refused_and_says_what_is_understood(text: str):
    with pytest.raises(InvalidRequest, match="must be like 90m, 12h, 7d or 2w"):
        parse_duration(text)


def a_picture(*, blank: bool = False) -> Picture:
    return Picture(
        position=0,
        sha256="0" * 64,
        media_type="image/png",
        width=8,
        height=8,
        size_bytes=1,
        blank=blank,
    )


@pytest.mark.parametrize(
    ("blank", "flag", "checker", "flagged"),
    [
        (True, None, True, True),
        (False, True, True, True),
        (False, False, True, False),
        (False, None, True, False),
        (True, True, False, False),
    ],
)
def test_flagged_is_what_the_api_flags_or_leaves_blank_while_it_looks(
    blank: bool, flag: bool | None, checker: bool, flagged: bool
):
    job = a_job(used=UsedSettings(flagged=flag), safety_checker=checker)
    assert is_flagged(job, a_picture(blank=blank)) is flagged


@pytest.mark.parametrize("choice", Flagged)
def test_the_server_chose_what_becomes_of_it(choice: Flagged):
    job, picture = a_job(flagged=choice), a_picture(blank=True)
    fates: dict[str, Any] = {"withheld": is_withheld, "spoiler": is_spoiler}
    assert {name for name, is_so in fates.items() if is_so(job, picture)} == {choice} & fates.keys()
