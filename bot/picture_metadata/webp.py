"""The EXIF chunk of WEBP files (WebP container specification)."""

from __future__ import annotations

MAX_CHUNKS = 1000


def is_webp(data: bytes) -> bool:
    """Tell whether a file begins as a WEBP does."""
    return data.startswith(b"RIFF") and data[8:12] == b"WEBP"


def exif_in(data: bytes) -> bytes:
    """Return the EXIF of a file; empty where it has none."""
    start = 12
    for _ in range(MAX_CHUNKS):
        size = int.from_bytes(data[start + 4 : start + 8], "little")
        if start + 8 + size > len(data) or len(data) <= start:
            break
        if data.startswith(b"EXIF", start):
            return data[start + 8 : start + 8 + size].removeprefix(b"Exif\0\0")
        start += 8 + size + size % 2
    return b""
