"""The chunks of WEBP files (WebP container specification)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

MAX_CHUNKS = 1000

_EXTENDED, _EXIF = b"VP8X", b"EXIF"
_SHOW = frozenset({_EXTENDED, b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
"""What the picture needs."""

_HAS_WORDS = 0x08 | 0x04
"""Says in the extended header that EXIF and XMP follow."""


def is_webp(data: bytes) -> bool:
    """Tell whether a file begins as a WEBP does."""
    return data.startswith(b"RIFF") and data[8:12] == b"WEBP"


def exif_in(data: bytes) -> bytes:
    """Return the EXIF of a file; empty where it has none."""
    for kind, body in islice(_chunks(data), MAX_CHUNKS):
        if kind == _EXIF:
            return body.removeprefix(b"Exif\0\0")
    return b""


def without_words(data: bytes) -> bytes:
    """Return the picture and nothing else."""
    pieces = [_packed(kind, body) for kind, body in _chunks(data) if kind in _SHOW]
    if not pieces:
        return data
    content = b"".join([b"WEBP", *pieces])
    return b"RIFF" + len(content).to_bytes(4, "little") + content


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the chunks that are wholly there."""
    start = 12
    while start + 8 <= len(data):
        size = int.from_bytes(data[start + 4 : start + 8], "little")
        if start + 8 + size > len(data):
            return
        yield data[start : start + 4], data[start + 8 : start + 8 + size]
        start += 8 + size + size % 2


def _packed(kind: bytes, body: bytes) -> bytes:
    if kind == _EXTENDED and body:
        body = bytes([body[0] & ~_HAS_WORDS]) + body[1:]
    return kind + len(body).to_bytes(4, "little") + body + bytes(len(body) % 2)
