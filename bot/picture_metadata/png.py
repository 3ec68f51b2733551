"""The chunks of PNG files (PNG specification, sections 5.3 and 11)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from bot.picture_metadata import exif
from bot.picture_metadata.keys import KEYS, MAX_TEXT_BYTES

SIGNATURE = b"\x89PNG\r\n\x1a\n"

MAX_CHUNKS = 20_000
_FRAME_BYTES = 12
"""Length, type and checksum."""

_HEADER, _END, _EXIF = b"IHDR", b"IEND", b"eXIf"
_EXIF_READ = ""
_TEXT_KINDS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_SHOW = frozenset(
    {
        *(b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI"),
        *(b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT"),
    }
)
"""What a picture needs to look as it does, besides the critical chunks; the last three move it."""


class Chunk(NamedTuple):
    """Where a chunk lies; `start` and `end` are those of the whole."""

    kind: bytes
    start: int
    end: int

    def body(self, data: bytes) -> bytes:
        """Return what it holds."""
        return data[self.start + 8 : self.end - 4]

    @property
    def shows(self) -> bool:
        """Tell whether the picture needs it: critical kinds begin with a capital."""
        return self.kind in _SHOW or self.kind[:1].isupper()


def texts_in(data: bytes) -> dict[str, str]:
    """Return the texts of the keys we know.

    The first one of a key counts, be it broken: unpacking the next and the next would have no end.
    """
    found: dict[str, str | None] = {}
    for chunk in islice(chunks(data), MAX_CHUNKS):
        if chunk.kind == _EXIF and _EXIF_READ not in found:
            found = {**exif.texts_in(chunk.body(data)), **found, _EXIF_READ: None}
        elif (key := _key(chunk, data)) in KEYS and key not in found:
            found[key] = _text(chunk.kind, chunk.body(data)[len(key) + 1 :])
    return {key: text for key, text in found.items() if text is not None}


def with_texts(data: bytes, texts: Mapping[str, str]) -> bytes:
    """Return the picture with these texts right behind its header, and no other words."""
    found = [each for each in chunks(data) if each.shows and each.kind != _END]
    if not found or found[0].kind != _HEADER:
        return data
    header, *others = found
    pieces = [data[: header.end], *(_packed(key, text) for key, text in texts.items())]
    pieces += [data[each.start : each.end] for each in others]
    return b"".join([*pieces, _chunk(_END, b"")])


def chunks(data: bytes) -> Iterator[Chunk]:
    """Yield the chunks that are wholly there, up to the last one."""
    start = len(SIGNATURE)
    kind = b""
    while kind != _END:
        end = start + _FRAME_BYTES + int.from_bytes(data[start : start + 4])
        if end > len(data):
            return
        kind = data[start + 4 : start + 8]
        yield Chunk(kind, start, end)
        start = end


def _key(chunk: Chunk, data: bytes) -> str:
    """Return the key of a text; nothing for other chunks."""
    if chunk.kind not in _TEXT_KINDS:
        return ""
    beginning = data[chunk.start + 8 : min(chunk.end - 4, chunk.start + 8 + 80)]
    key, end, _ = beginning.partition(b"\0")
    return key.decode("latin-1") if end else ""


def _packed(key: str, text: str) -> bytes:
    """Return a text chunk: the plain kind for ASCII, which everything reads, else the other."""
    if text.isascii():
        return _chunk(b"tEXt", key.encode() + b"\0" + text.encode())
    return _chunk(b"iTXt", key.encode() + b"\0\0\0\0\0" + text.encode(errors="replace"))


def _chunk(kind: bytes, body: bytes) -> bytes:
    content = kind + body
    return len(body).to_bytes(4) + content + zlib.crc32(content).to_bytes(4)


def _text(kind: bytes, body: bytes) -> str | None:
    """Read what stands behind the key; None where it is broken or larger than anybody needs."""
    if kind == b"tEXt":
        return _decoded(body) if len(body) <= MAX_TEXT_BYTES else None
    if kind == b"zTXt":
        return _unpacked(body[1:])
    is_packed, rest = body[:1] == b"\1", body[2:].split(b"\0", 2)
    if len(rest) < 3:
        return None
    return _unpacked(rest[2]) if is_packed else _decoded(rest[2][:MAX_TEXT_BYTES])


def _unpacked(packed: bytes) -> str | None:
    try:
        text = zlib.decompressobj().decompress(packed, MAX_TEXT_BYTES + 1)
    except zlib.error:
        return None
    return _decoded(text) if len(text) <= MAX_TEXT_BYTES else None


def _decoded(text: bytes) -> str:
    """Decode a text; plain ones are Latin-1 by the book, and UTF-8 from many programs."""
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode("latin-1")
