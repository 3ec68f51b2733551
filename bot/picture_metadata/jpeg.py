"""The EXIF segment of JPEG files (EXIF 2.32, section 4.7)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

SIGNATURE = b"\xff\xd8\xff"

MAX_SEGMENTS = 1000
_MAX_BODY = 0xFFFF - 2
_EXIF = b"Exif\0\0"
_APP0, _APP1, _SCAN, _END = 0xE0, 0xE1, 0xDA, 0xD9


class Segment(NamedTuple):
    """Where a segment lies; `start` and `end` are those of the whole."""

    marker: int
    start: int
    end: int

    def is_exif(self, data: bytes) -> bool:
        """Tell whether it holds EXIF."""
        return self.marker == _APP1 and data.startswith(_EXIF, self.start + 4)


def exif_in(data: bytes) -> bytes:
    """Return the EXIF of a file; empty where it has none."""
    for each in segments(data):
        if each.is_exif(data):
            return data[each.start + 4 + len(_EXIF) : each.end]
    return b""


def with_exif(data: bytes, exif: bytes) -> bytes:
    """Return the file with this EXIF in place of its own, or with none; too much is left out."""
    body = _EXIF + exif
    fits = exif and len(body) <= _MAX_BODY
    own = b"\xff\xe1" + (len(body) + 2).to_bytes(2) + body if fits else b""
    found = list(segments(data))
    kept = [data[each.start : each.end] for each in found if not each.is_exif(data)]
    first = 1 if found and found[0].marker == _APP0 else 0  # JFIF wants to be the first
    rest = data[found[-1].end if found else 2 :]
    return b"".join([data[:2], *kept[:first], own, *kept[first:], rest])


def segments(data: bytes) -> Iterator[Segment]:
    """Yield what stands before the picture itself."""
    start = 2
    for _ in range(MAX_SEGMENTS):
        if len(data) < start + 4 or data[start] != 0xFF or data[start + 1] in {_SCAN, _END}:
            return
        end = start + 2 + int.from_bytes(data[start + 2 : start + 4])
        if end < start + 4 or end > len(data):
            return
        yield Segment(data[start + 1], start, end)
        start = end
