"""The segments of JPEG files (ITU T.81, annex B; EXIF 2.32, section 4.7)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

SIGNATURE = b"\xff\xd8\xff"

MAX_SEGMENTS = 1000
_MAX_BODY = 0xFFFF - 2
_EXIF = b"Exif\0\0"
_APP0, _APP1, _APP2, _APP14 = 0xE0, 0xE1, 0xE2, 0xEE
_SCAN, _END = 0xDA, 0xD9

_MARKER = re.compile(rb"\xff[\x02-\xcf\xd9-\xfe]")
"""The beginning of a segment; other pairs belong to the pixels or fill a gap."""

_WORDS = frozenset({*range(_APP0, _APP0 + 16), 0xFE})
"""Segments of programs, and comments."""

_COLOURS = {_APP0: b"JFIF\0", _APP2: b"ICC_PROFILE\0", _APP14: b"Adobe"}
"""Those of them without which the pixels would look otherwise."""


class Segment(NamedTuple):
    """Where a segment lies, a scan with its pixels; `start` and `end` are those of the whole."""

    marker: int
    start: int
    end: int

    def begins(self, data: bytes, mark: bytes) -> bool:
        """Tell whether what it holds begins so."""
        return data.startswith(mark, self.start + 4)

    def shows(self, data: bytes) -> bool:
        """Tell whether the picture needs it."""
        if self.marker not in _WORDS:
            return True
        return self.marker in _COLOURS and self.begins(data, _COLOURS[self.marker])


def exif_in(data: bytes) -> bytes:
    """Return the EXIF of a file; empty where it has none."""
    for each in islice(segments(data), MAX_SEGMENTS):
        if each.marker == _APP1 and each.begins(data, _EXIF):
            return data[each.start + 4 + len(_EXIF) : each.end]
    return b""


def with_exif(data: bytes, exif: bytes) -> bytes:
    """Return the picture with this EXIF and no other words; too much of it is left out."""
    body = _EXIF + exif
    fits = exif and len(body) <= _MAX_BODY
    own = b"\xff\xe1" + (len(body) + 2).to_bytes(2) + body if fits else b""
    found = [each for each in segments(data) if each.shows(data)]
    if not found:
        return data
    kept = [data[each.start : each.end] for each in found]
    first = 1 if found[0].marker == _APP0 else 0  # JFIF wants to be the first
    return b"".join([data[:2], *kept[:first], own, *kept[first:], b"\xff\xd9"])


def segments(data: bytes) -> Iterator[Segment]:
    """Yield the segments that are wholly there, up to the end of the picture."""
    found = _MARKER.search(data, 2)
    while found is not None and data[found.start() + 1] != _END:
        start = found.start()
        marker, size = data[start + 1], int.from_bytes(data[start + 2 : start + 4])
        end = start + 2 + size
        if size < 2 or end > len(data):
            return
        found = _MARKER.search(data, end)
        if marker == _SCAN:
            end = found.start() if found else len(data)
        yield Segment(marker, start, end)
