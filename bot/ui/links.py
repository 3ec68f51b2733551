"""Addresses that others gave us, before Discord is asked to show what is there."""

from __future__ import annotations

from urllib.parse import urlsplit

_LONGEST = 512
_BY_ITSELF = frozenset({"http", "https"})


def picture_link(address: str | None) -> str | None:
    """Return the address of a picture that Discord would take; None for anything else.

    Discord fetches it, not we, and refuses a whole message for one address that is none.
    """
    if not address or len(address) > _LONGEST or not address.isascii():
        return None
    if any(not char.isprintable() or char.isspace() or char in '<>"\\^`{|}' for char in address):
        return None
    try:
        parts = urlsplit(address)
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    is_plain = parts.username is None and parts.password is None
    return address if is_whole and is_plain and parts.scheme in _BY_ITSELF else None
