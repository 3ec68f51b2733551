"""Whoever was given a picture's address sees it, whole, for as long as it may be shown."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import pytest
from yarl import URL

from bot.domain.asker import Asker
from bot.domain.guild_settings import Flagged
from bot.domain.ids import GuildId, JobId, UserId
from bot.domain.job import JobStatus
from bot.domain.ports import PictureData
from tests.factories.jobs import ALICE, GENEROUS, a_request, an_origin
from tests.factories.pictures import encoded, noise, opened
from tests.integration.webhooks.conftest import Stage

PICTURE = noise(64)


async def kept(
    stage: Stage,
    job_id: int = 7,
    *,
    data: bytes = PICTURE,
    media_type: str = "image/png",
    blank: bool = False,
    flagged: Flagged = Flagged.SPOILER,
) -> str:
    """Store a finished job's picture; return its address."""
    jobs = stage.app.stores.jobs
    origin = an_origin(flagged=flagged)
    await stage.app.services.jobs.submit(JobId(job_id), origin, a_request(), GENEROUS)
    await stage.until(JobId(job_id), JobStatus.PROCESSING)
    picture = PictureData(data, media_type, 64, 64, blank)
    await stage.app.stores.pictures.keep(JobId(job_id), 0, picture)
    assert await jobs.advance(JobId(job_id), JobStatus.READY, output=("https://api.example/1",))
    assert await jobs.advance(JobId(job_id), JobStatus.DELIVERED)
    return address(stage, job_id)


def address(stage: Stage, job_id: int = 7, position: int = 0) -> str:
    assert stage.app.addresses is not None
    return stage.app.addresses.pictures.of(JobId(job_id), position)


async def got(stage: Stage, url: str, method: str = "GET", **headers: str) -> Any:
    async with stage.http.request(method, url, headers=headers) as response:
        return response.status, response.headers, await response.read()


@pytest.mark.parametrize(
    ("encoding", "media_type", "ending"),
    [("PNG", "image/png", "png"), ("JPEG", "image/jpeg", "jpg"), ("WEBP", "image/webp", "webp")],
)
async def test_a_picture_is_had_whole(
    waiting: Stage, encoding: str, media_type: str, ending: str
) -> None:
    data = encoded(opened(PICTURE), encoding)
    status, headers, body = await got(
        waiting, await kept(waiting, data=data, media_type=media_type)
    )
    assert (status, body) == (200, data)
    assert headers["Content-Type"] == media_type
    assert headers["Content-Disposition"] == f'inline; filename="imagine-7-1.{ending}"'
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "no-cache" in headers["Cache-Control"]


async def test_whoever_does_not_take_it_in_time_is_left(
    waiting: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.webhooks.pictures.SEND_SECONDS", 0.2)
    data = noise(2500)
    url = URL(await kept(waiting, data=data))
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(f"GET {url.path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    taken = 0
    with contextlib.suppress(ConnectionError):
        while piece := await reader.read(2**16):
            taken += len(piece)
            await asyncio.sleep(0.01)  # takes it slowly
    writer.close()
    assert 0 < taken < len(data)


async def test_it_can_be_looked_up_and_had_in_part(waiting: Stage) -> None:
    url = await kept(waiting)
    status, headers, body = await got(waiting, url, "HEAD")
    assert (status, headers["Content-Length"], body) == (200, str(len(PICTURE)), b"")
    status, _, body = await got(waiting, url, Range="bytes=0-7")
    assert (status, body) == (206, PICTURE[:8])


async def test_what_is_no_picture_is_not_given_out(waiting: Stage) -> None:
    url = await kept(waiting, data=b"<script>", media_type="text/html")
    assert (await got(waiting, url))[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        "/files/",
        "/files/..",
        "/files/../imagine.db",
        "/files/%2e%2e%2fimagine.db",
        "/files/" + "A" * 44,
        "/files/images/00/00.png",
    ],
)
async def test_nothing_else_is_had(waiting: Stage, path: str) -> None:
    root = (await kept(waiting)).partition("/files/")[0]
    status, _, body = await got(waiting, root + path)
    assert status == 404
    assert b"SQLite" not in body


async def test_another_picture_of_the_job_is_not_had(waiting: Stage) -> None:
    await kept(waiting)
    assert (await got(waiting, address(waiting, position=1)))[0] == 404
    assert (await got(waiting, address(waiting, job_id=8)))[0] == 404


async def test_a_withheld_picture_is_never_given_out(waiting: Stage) -> None:
    withheld = await kept(waiting, 7, blank=True, flagged=Flagged.WITHHELD)
    covered = await kept(waiting, 8, blank=True, flagged=Flagged.SPOILER)
    assert (await got(waiting, withheld))[0] == 404
    assert (await got(waiting, covered))[0] == 200


async def test_it_is_gone_with_our_copy(waiting: Stage) -> None:
    url = await kept(waiting)
    await waiting.app.stores.pictures.forget(JobId(7))
    assert (await got(waiting, url))[0] == 404


async def test_it_is_gone_when_its_member_deletes_or_erases_it(waiting: Stage) -> None:
    deleted, erased = await kept(waiting, 7), await kept(waiting, 8)
    await waiting.app.services.history.delete(ALICE, JobId(7))
    assert (await got(waiting, deleted))[0] == 404
    assert (await got(waiting, erased))[0] == 200
    await waiting.app.services.privacy.erasures.ask(ALICE)
    await waiting.app.services.privacy.erasures.work_off()
    assert (await got(waiting, erased))[0] == 404


async def test_it_is_gone_when_a_moderator_takes_it_down(waiting: Stage) -> None:
    url = await kept(waiting)
    moderator = Asker(user_id=UserId(5), guild_id=GuildId(10), manages_server=True)
    await waiting.app.services.moderation.remove(moderator, JobId(7))
    assert (await got(waiting, url))[0] == 404


async def test_a_file_that_vanished_is_not_there(waiting: Stage) -> None:
    url = await kept(waiting)
    for file in (waiting.app.settings.data_dir / "images").rglob("*.png"):
        file.unlink()
    assert (await got(waiting, url))[0] == 404
