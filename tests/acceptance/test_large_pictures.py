"""A picture that Discord takes only smaller is shown smaller, and had in full by a link."""

from __future__ import annotations

import re

import aiohttp
import pytest

from bot.domain.guild_settings import Audience, Setting
from bot.domain.ids import UserId
from bot.picture_metadata import inscribe
from tests.acceptance.conftest import OpenStage
from tests.acceptance.stage import Stage, pictures_in
from tests.ports import free_port

LINK = re.compile(r"\((?:<)(http://127\.0\.0\.1:\d+/files/[\w-]+)(?:>)\)")


@pytest.fixture(autouse=True)
def small_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Discord takes next to nothing: the sandbox's pictures are small."""
    monkeypatch.setattr("bot.ui.uploads.REQUEST_LIMIT_BYTES", 4_000)


@pytest.fixture
async def public(open_with: OpenStage) -> Stage:
    """A bot whose HTTP server everybody reaches."""
    port = free_port()
    return await open_with(http_port=port, webhook_base_url=f"http://127.0.0.1:{port}")


async def fetched(link: str) -> tuple[int, bytes]:
    async with aiohttp.ClientSession() as http, http.get(link) as response:
        return response.status, await response.read()


async def theirs(link: str) -> bytes:
    """Return the API's own file."""
    status, data = await fetched(link)
    assert status == 200
    return data


async def test_the_full_picture_is_had_from_the_bots_own_server(public: Stage) -> None:
    job = await public.finished(size="768x512")

    message = public.message(job)
    assert "Shown smaller, to fit what Discord takes here. In full: [the picture](" in (
        message.content
    )
    assert message.attachments[0].size <= 4_000
    [shown] = await pictures_in(message)
    assert shown.format == "JPEG"
    [kept] = await public.app.services.history.pictures(job)
    [link] = LINK.findall(message.content)
    assert await fetched(link) == (200, kept.data)


async def test_the_link_outlives_a_restart_and_dies_with_the_picture(public: Stage) -> None:
    job = await public.finished()
    [link] = LINK.findall(public.message(job).content)

    await public.restart()
    assert (await fetched(link))[0] == 200

    await public.app.services.history.delete(UserId(public.member.id), job.id)
    assert (await fetched(link))[0] == 404


async def test_each_of_four_pictures_has_its_link_and_the_message_fits(public: Stage) -> None:
    job = await public.finished("a harbour " * 190, samples=4)

    message = public.message(job)
    links = LINK.findall(message.content)
    assert len(set(links)) == len(message.attachments) == 4
    assert len(message.content) <= 2000
    assert [(await fetched(link))[0] for link in links] == [200] * 4


async def test_without_a_server_of_our_own_it_is_the_apis_link(stage: Stage) -> None:
    job = await stage.finished()

    content = stage.message(job).content
    assert f"In full: [the picture](<{job.output[0]}>) (this link works for a day)" in content


async def test_the_full_picture_says_nothing_of_how_it_was_made(public: Stage) -> None:
    job = await public.finished()

    assert b"sandbox\0" in await theirs(job.output[0])
    [link] = LINK.findall(public.message(job).content)
    _, whole = await fetched(link)
    assert inscribe(whole, None) == whole


async def test_the_apis_link_stays_away_where_parameters_are_the_requesters(stage: Stage) -> None:
    await stage.decide(Setting.REUSE, Audience.REQUESTER)
    job = await stage.finished()

    content = stage.message(job).content
    assert job.output[0] not in content
    assert "Whole, it waits in `/history`." in content


async def test_what_fits_is_shown_whole_and_without_a_word(
    public: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.ui.uploads.REQUEST_LIMIT_BYTES", 10_000_000)

    job = await public.finished()

    message = public.message(job)
    assert "smaller" not in message.content
    [kept] = await public.app.services.history.pictures(job)
    shown = await message.attachments[0].read()
    assert inscribe(shown, None) == inscribe(kept.data, None)
