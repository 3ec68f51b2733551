from __future__ import annotations

import pytest
from yarl import URL

from bot.errors import DownloadError
from bot.imageapi.addresses import LinkRules, is_public

PUBLIC = ["1.1.1.1", "104.16.0.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1"]
NOT_PUBLIC = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.8",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "2002:7f00:0001::1",
    "2002:c0a8:0101::1",
    "2001:0:7f00:1::1",
    "2001:db8::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "127.1",
    "2130706433",
    "017700000001",
    "0x7f000001",
    "localhost",
    "",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_nothing_else_is_public_in_whatever_notation(address: str) -> None:
    assert not is_public(address)


VENDOR = LinkRules(URL("https://stablediffusionapi.com/api"))
LOCAL = LinkRules(URL("http://127.0.0.1:8081/api"))


@pytest.mark.parametrize(
    "link",
    [
        "https://pub-8b49af329fae499aa563997f5d4068a4.r2.dev/generations/a-0.png",
        "https://1.1.1.1/a.png",
        "https://cdn.example:8443/a.png?signature=x%2Fy",
    ],
)
def test_https_links_to_the_internet_pass(link: str) -> None:
    VENDOR.check(URL(link))


@pytest.mark.parametrize(
    "link",
    [
        "http://pub.r2.dev/a.png",
        "ftp://pub.r2.dev/a.png",
        "file:///etc/passwd",
        "//pub.r2.dev/a.png",
        "/a.png",
        "",
        "https://user:password@pub.r2.dev/a.png",
        "https://127.0.0.1/a.png",
        "https://127.1/a.png",
        "https://2130706433/a.png",
        "https://0177.0.0.1/a.png",
        "https://[::1]/a.png",
        "https://[::ffff:7f00:1]/a.png",
        "https://[fe80::1%25eth0]/a.png",
        "https://169.254.169.254/latest/meta-data",
    ],
)
def test_other_links_are_refused_for_good(link: str) -> None:
    with pytest.raises(DownloadError) as raised:
        VENDOR.check(URL(link))

    assert not raised.value.retryable


def test_plain_http_is_for_those_whose_api_is_plain_http() -> None:
    LOCAL.check(URL("http://1.1.1.1/a.png"))
    LOCAL.check(URL("https://1.1.1.1/a.png"))


def test_the_apis_own_host_and_port_may_be_anywhere() -> None:
    LOCAL.check(URL("http://127.0.0.1:8081/pictures/a.png"))


@pytest.mark.parametrize(
    "link", ["http://127.0.0.1:8082/a.png", "http://127.0.0.1/a.png", "http://127.0.0.2:8081/a.png"]
)
def test_its_neighbours_may_not(link: str) -> None:
    with pytest.raises(DownloadError):
        LOCAL.check(URL(link))
