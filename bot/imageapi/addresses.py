"""Which addresses a picture's link may lead to.

Links come from the API's replies and from webhooks that anybody could have forged, so they must
not reach into the network the bot runs in. The check is made on the resolved address, by the
resolver that the connection itself uses: what was checked is what is connected to.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass

from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.errors import DownloadError

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_SPECIAL = (ipaddress.IPv4Network("192.0.0.0/24"), ipaddress.IPv4Network("192.88.99.0/24"))
"""Assigned for protocols, which some Python versions count as global."""


def is_public(address: str) -> bool:
    """Tell whether an address is one of the open internet, whatever notation hides it."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return _is_public_v4(ip) if isinstance(ip, ipaddress.IPv4Address) else _is_public_v6(ip)


def _is_public_v4(ip: ipaddress.IPv4Address) -> bool:
    special = ip.is_multicast or ip.is_reserved or any(ip in network for network in _SPECIAL)
    return ip.is_global and not special


def _is_public_v6(ip: ipaddress.IPv6Address) -> bool:
    """Judge an address that stands for an IPv4 one by that, and refuse obsolete tunnels.

    NAT64 addresses are what names resolve to where a network has IPv6 only.
    """
    if ip in _NAT64:
        return _is_public_v4(ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF))
    if ip.ipv4_mapped is not None:
        return _is_public_v4(ip.ipv4_mapped)
    tunnelled = ip.sixtofour is not None or ip.teredo is not None
    special = ip.is_multicast or ip.is_reserved or ip.is_site_local
    return ip.is_global and not (tunnelled or special)


@dataclass(frozen=True, slots=True)
class LinkRules:
    """What a link may look like, given the API's own base address."""

    home: URL

    def is_home(self, host: str, port: int) -> bool:
        """Tell whether this is the API's own host and port, which may be anywhere."""
        return (host.lower(), port) == ((self.home.raw_host or "").lower(), self.home.port)

    def check(self, link: URL) -> None:
        """Refuse what can be refused without asking DNS.

        Raises:
            DownloadError: final.
        """
        allowed = {"https", "http"} if self.home.scheme == "http" else {"https"}
        if link.scheme not in allowed or not link.raw_host or link.port is None:
            raise DownloadError("the link is not https", retryable=False)
        if link.user is not None or link.password is not None:
            raise DownloadError("the link carries a password", retryable=False)
        if _is_numeric(link.raw_host):
            self.check_address(link.raw_host, link.port, link.raw_host)

    def check_address(self, host: str, port: int, address: str) -> None:
        """Refuse an address outside the open internet.

        Raises:
            DownloadError: final.
        """
        if not self.is_home(host, port) and not is_public(address):
            raise DownloadError("the link leads into a private network", retryable=False)


def _is_numeric(host: str) -> bool:
    """Tell what aiohttp connects to without asking its resolver.

    Numbers that are no proper address, such as 127.1, are refused with the private ones.
    """
    return ":" in host or host.replace(".", "").isdigit()


class GuardedResolver(AbstractResolver):
    """Resolves names and refuses those with any address that is not public."""

    def __init__(self, inner: AbstractResolver, rules: LinkRules) -> None:
        self._inner = inner
        self._rules = rules

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses to connect to.

        Raises:
            DownloadError: final; no connection is attempted.
        """
        found = await self._inner.resolve(host, port, family)
        for each in found:
            self._rules.check_address(host, port, each["host"])
        return found

    async def close(self) -> None:
        """Close the resolver inside."""
        await self._inner.close()
