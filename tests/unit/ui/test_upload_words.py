"""What members read when pictures had to be made smaller or left out."""

from __future__ import annotations

import discord
import pytest

from bot.domain.guild_settings import Tongue
from bot.domain.job import Job, Picture
from bot.speech import speaking
from bot.translations import learn_all
from bot.ui.permissions import missing_to_post
from bot.ui.upload_words import Links, fitting
from bot.ui.uploads import Upload
from bot.ui.wording import MESSAGE_LIMIT, may_not_post
from tests.factories.jobs import a_job

API = tuple(f"https://api.example/pictures/{n}.png" for n in range(4))
OWN = Links({0: "https://bot.example/files/x"}, API)


def pictures(*positions: int) -> list[Picture]:
    common = {"sha256": "0" * 64, "media_type": "image/png", "width": 1, "height": 1}
    return [Picture(position=n, size_bytes=9, **common) for n in positions]  # pyright: ignore[reportArgumentType]


def drawn(samples: int = 1) -> Job:
    return a_job(samples=samples)


def test_nothing_is_said_where_all_is_whole() -> None:
    assert fitting(drawn(), Upload(), OWN) == ""


def test_a_smaller_picture_is_linked_in_full() -> None:
    said = fitting(drawn(), Upload(smaller=pictures(0)), OWN)
    assert said == (
        "\n-# Shown smaller, to fit what Discord takes here. "
        "In full: [the picture](<https://bot.example/files/x>)"
    )


def test_the_apis_own_links_are_said_to_fade() -> None:
    one = fitting(drawn(), Upload(smaller=pictures(0)), Links({}, API))
    assert one.endswith(f"[the picture](<{API[0]}>) (this link works for a day)")
    two = fitting(drawn(4), Upload(left_out=pictures(1, 3)), Links({}, API))
    assert two == (
        "\n-# Discord takes no file of this size here. In full: "
        f"[picture 2](<{API[1]}>) · [picture 4](<{API[3]}>) (these links work for a day)"
    )


def test_without_any_link_it_is_said_where_it_waits() -> None:
    said = fitting(drawn(), Upload(smaller=pictures(0)), Links({}, ()))
    assert said.endswith("Whole, it waits in `/history`.")


def test_links_that_would_leave_their_brackets_are_not_shown() -> None:
    for link in ("https://x.example/>) @everyone", "https://x.example/" + "a" * 400, ""):
        said = fitting(drawn(), Upload(left_out=pictures(0)), Links({}, (link,)))
        assert said == (
            "\n-# Discord takes no file of this size here. Whole, it waits in `/history`."
        )


@pytest.mark.parametrize("locale", Tongue)
def test_the_longest_note_leaves_room_for_words_in_every_language(locale: str) -> None:
    learn_all()
    links = Links({}, [f"https://api.example/{n}".ljust(350, "a") for n in range(4)])
    upload = Upload(smaller=pictures(0, 1), left_out=pictures(2, 3))
    with speaking(locale):
        said = fitting(drawn(4), upload, links)
        barred = may_not_post(missing_to_post(discord.Permissions.none(), in_thread=True))
    assert links.api[3] in said
    assert len(said) + len(barred) <= MESSAGE_LIMIT - 100
