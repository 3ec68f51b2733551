"""Chunks of PNG files."""

from __future__ import annotations

import zlib


def png_chunk(kind: bytes, body: bytes) -> bytes:
    """Return a chunk with its length and checksum."""
    content = kind + body
    return len(body).to_bytes(4) + content + zlib.crc32(content).to_bytes(4)
