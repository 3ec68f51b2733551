from __future__ import annotations

import asyncio
import io
import socket
from collections.abc import AsyncIterator

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from PIL import Image
from pydantic import SecretStr

from bot.errors import DownloadError
from bot.imageapi import ImageApiClient
from tests.fakes.loop_time import LoopTime
from tests.integration.imageapi.conftest import (
    KEY,
    LIMITS,
    RawServer,
    Responder,
    hang_up,
    http,
    raw,
)


def png(colour: str = "navy") -> bytes:
    image = Image.new("RGB", (64, 48), colour)
    image.putpixel((0, 0), (255, 255, 255))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


PNG = png()


def link(server: RawServer, path: str = "/generations/a-0.png") -> str:
    return f"http://127.0.0.1:{server.port}{path}"


async def test_a_picture_comes_with_its_type_and_size(
    api: ImageApiClient, raw_server: RawServer
) -> None:
    raw_server.answers(http(PNG, Content_Type="text/plain"))

    picture = await api.download(link(raw_server))

    assert picture.data == PNG
    assert (picture.media_type, picture.width, picture.height) == ("image/png", 64, 48)
    assert not picture.blank


async def test_nothing_secret_is_sent_along(api: ImageApiClient, raw_server: RawServer) -> None:
    raw_server.answers(http(PNG, Set_Cookie="a=b"))

    await api.download(link(raw_server))
    await api.download(link(raw_server))

    for seen in raw_server.seen:
        assert seen.method == "GET"
        assert KEY not in str(seen)
        assert not {"cookie", "authorization", "referer", "key"} & set(seen.headers)


@pytest.mark.parametrize(
    ("status", "retryable"),
    [
        (404, True), (425, True), (429, True), (408, True), (500, True), (503, True), (204, True),
        (401, False), (403, False), (410, False), (400, False), (451, False), (304, False),
    ],
)  # fmt: skip
async def test_the_code_tells_whether_the_link_may_work_later(
    api: ImageApiClient, raw_server: RawServer, status: int, retryable: bool
) -> None:
    raw_server.answers(http(status=status))

    with pytest.raises(DownloadError) as raised:
        await api.download(link(raw_server))

    assert raised.value.retryable is retryable
    assert len(raw_server.seen) == 1


@pytest.mark.parametrize(
    ("responder", "retryable"),
    [
        pytest.param(hang_up, True, id="hung up"),
        pytest.param(raw(b"nonsense\r\n\r\n"), True, id="no HTTP"),
        pytest.param(
            raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + PNG), True, id="cut off"
        ),
        pytest.param(http(PNG[:-40]), True, id="a piece of a picture"),
        pytest.param(http(b""), True, id="nothing"),
        pytest.param(http(b"<html>no picture</html>"), False, id="a page"),
        pytest.param(http(PNG, Content_Encoding="gzip"), False, id="compressed"),
        pytest.param(http(PNG + b"x" * 300_000), False, id="too long, as it says"),
        pytest.param(
            raw(b"HTTP/1.1 200 OK\r\n\r\n" + PNG + b"x" * 300_000), False, id="too long, unsaid"
        ),
        pytest.param(
            raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"),
            False,
            id="far too long, as it says",
        ),
    ],
)
async def test_what_cannot_be_used_says_whether_to_ask_again(
    api: ImageApiClient, raw_server: RawServer, responder: Responder, retryable: bool
) -> None:
    raw_server.answers(responder)

    with pytest.raises(DownloadError) as raised:
        await api.download(link(raw_server))

    assert raised.value.retryable is retryable


async def test_a_download_ends_at_its_deadline(
    api: ImageApiClient, raw_server: RawServer, loop_time: LoopTime
) -> None:
    raw_server.answers(raw_server.silent)
    download = asyncio.create_task(api.download(link(raw_server)))
    await raw_server.arrived.wait()

    loop_time.leap(LIMITS.downloads.total_seconds + 1)

    with pytest.raises(DownloadError, match="no picture within 60 s") as raised:
        await download

    assert raised.value.retryable


async def test_redirects_are_followed_relative_ones_too(
    api: ImageApiClient, raw_server: RawServer
) -> None:
    raw_server.answers(
        http(status=302, Location=link(raw_server, "/b?signed=x%2Fy")),
        http(status=307, Location="/c"),
        http(status=301, Location="d.png"),
        http(PNG),
    )

    assert (await api.download(link(raw_server))).data == PNG
    assert [seen.path for seen in raw_server.seen][2:] == ["/c", "/d.png"]


async def test_redirects_have_an_end(api: ImageApiClient, raw_server: RawServer) -> None:
    raw_server.answers(http(status=302, Location="/again"))

    with pytest.raises(DownloadError, match="too many redirects") as raised:
        await api.download(link(raw_server))

    assert not raised.value.retryable
    assert len(raw_server.seen) == 4


@pytest.fixture
async def neighbour() -> AsyncIterator[int]:
    """Another server of the same machine, which must never hear from us."""
    heard: list[object] = []

    def hear(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(writer)
        writer.close()

    server = await asyncio.start_server(hear, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    assert not heard


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{port}/a.png",
        "http://localhost:{port}/a.png",
        "http://127.1:{port}/a.png",
        "http://2130706433:{port}/a.png",
        "http://0x7f000001:{port}/a.png",
        "http://0177.0.0.1:{port}/a.png",
        "http://[::ffff:127.0.0.1]:{port}/a.png",
        "http://[::1]:{port}/a.png",
        "http://0.0.0.0:{port}/a.png",
        "http://localhost.:{port}/a.png",
        "http://①②⑦.0.0.1:{port}/a.png",
        "//127.0.0.1:{port}/a.png",
        "ftp://127.0.0.1:{port}/a.png",
        "file:///etc/passwd",
        "http://user:pw@127.0.0.1:{port}/a.png",
        "http://127.0.0.1:{port}:80/a.png",
        "http://[broken/a.png",
        "http://169.254.169.254/latest/meta-data/",
    ],
)
@pytest.mark.parametrize("by_redirect", [True, False])
async def test_neither_a_link_nor_a_redirect_leads_into_the_private_network(
    api: ImageApiClient, raw_server: RawServer, neighbour: int, target: str, by_redirect: bool
) -> None:
    target = target.format(port=neighbour)
    raw_server.answers(http(status=302, Location=target))

    with pytest.raises(DownloadError):
        await api.download(link(raw_server) if by_redirect else target)

    assert len(raw_server.seen) == by_redirect


class Names(AbstractResolver):
    """Resolves every name to these addresses, in turn: as a rebinding DNS server does."""

    def __init__(self, *turns: list[str]) -> None:
        self.turns = list(turns)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        del family
        self.asked += 1
        addresses = self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]
        return [
            ResolveResult(
                hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0
            )
            for address in addresses
        ]

    async def close(self) -> None:
        pass


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["1.1.1.1", "127.0.0.1"], ["::ffff:127.0.0.1"], ["10.0.0.1"]]
)
async def test_a_name_is_judged_by_every_address_it_has(
    raw_server: RawServer, neighbour: int, addresses: list[str]
) -> None:
    names = Names(addresses)
    async with ImageApiClient(raw_server.url, SecretStr(KEY), limits=LIMITS, resolver=names) as api:
        with pytest.raises(DownloadError, match="private network") as raised:
            await api.download(f"http://cdn.example:{neighbour}/a.png")

    assert not raised.value.retryable
    assert names.asked == 1


async def test_the_address_that_was_checked_is_the_one_connected_to(raw_server: RawServer) -> None:
    """The home server's name may be private; it is asked for once and used as answered."""
    names = Names(["127.0.0.1"], ["10.255.255.1"])
    raw_server.answers(http(PNG))
    home = f"http://home.example:{raw_server.port}/api"
    async with ImageApiClient(home, SecretStr(KEY), limits=LIMITS, resolver=names) as api:
        picture = await api.download(f"http://home.example:{raw_server.port}/a.png")

    assert picture.data == PNG
    assert names.asked == 1


async def test_a_name_that_does_not_resolve_may_do_so_later(api: ImageApiClient) -> None:
    with pytest.raises(DownloadError) as raised:
        await api.download("http://nowhere.invalid/a.png")

    assert raised.value.retryable


async def test_nobody_listening_may_be_there_later() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        home = f"http://127.0.0.1:{taken.getsockname()[1]}"
        async with ImageApiClient(home + "/api", SecretStr(KEY), limits=LIMITS) as api:
            with pytest.raises(DownloadError) as raised:
                await api.download(home + "/a.png")

    assert raised.value.retryable


async def test_an_https_api_gives_https_links_only() -> None:
    async with ImageApiClient("https://x.example/api", SecretStr(KEY), limits=LIMITS) as api:
        with pytest.raises(DownloadError, match="https") as raised:
            await api.download("http://x.example/a.png")

    assert not raised.value.retryable


async def test_a_link_is_not_repeated_in_the_error(
    api: ImageApiClient, raw_server: RawServer
) -> None:
    raw_server.answers(hang_up)

    with pytest.raises(DownloadError) as raised:
        await api.download(link(raw_server, "/a.png?signature=s1gned"))

    assert "s1gned" not in str(raised.value)


async def test_cancelling_a_download_cancels_it(api: ImageApiClient, raw_server: RawServer) -> None:
    raw_server.answers(raw_server.silent)
    download = asyncio.create_task(api.download(link(raw_server)))
    await raw_server.arrived.wait()

    download.cancel()

    with pytest.raises(asyncio.CancelledError):
        await download


async def test_many_pictures_at_once_all_arrive(api: ImageApiClient, raw_server: RawServer) -> None:
    raw_server.answers(http(PNG))

    pictures = await asyncio.gather(*(api.download(link(raw_server)) for _ in range(40)))

    assert {picture.data for picture in pictures} == {PNG}
