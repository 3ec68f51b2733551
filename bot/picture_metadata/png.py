"""Text chunks of PNG files (PNG specification, sections 5.3 and 11.3.3)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bot.picture_metadata import exif
from bot.picture_metadata.keys import KEYS, MAX_TEXT_BYTES

SIGNATURE = b"\x89PNG\r\n\x1a\n"

MAX_CHUNKS = 20_000
_FRAME_BYTES = 12
"""Length, type and checksum."""

_EXIF, _EXIF_READ = b"eXIf", ""
_TEXT_KINDS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_WORDS = _TEXT_KINDS | {_EXIF}


class Chunk(NamedTuple):
    """Where a chunk lies; `start` and `end` are those of the whole."""

    kind: bytes
    start: int
    end: int

    def body(self, data: bytes) -> bytes:
        """Return what it holds."""
        return data[self.start + 8 : self.end - 4]


def texts_in(data: bytes) -> dict[str, str]:
    """Return the texts of the keys we know.

    The first one of a key counts, be it broken: unpacking the next and the next would have no end.
    """
    found: dict[str, str | None] = {}
    for chunk in chunks(data):
        if chunk.kind == _EXIF and _EXIF_READ not in found:
            found = {**exif.texts_in(chunk.body(data)), **found, _EXIF_READ: None}
        elif (key := _key(chunk, data)) in KEYS and key not in found:
            found[key] = _text(chunk.kind, chunk.body(data)[len(key) + 1 :])
    return {key: text for key, text in found.items() if text is not None}


def with_texts(data: bytes, texts: Mapping[str, str]) -> bytes:
    """Return the file with these texts right behind its header, and no others.

    What the API writes of its own is for itself.
    """
    found = list(chunks(data))
    if len(found) < 2 or found[0].kind != b"IHDR" or found[-1].kind != b"IEND":
        return data
    header, *others = found
    pieces = [data[: header.end], *(_packed(key, text) for key, text in texts.items())]
    pieces += [data[each.start : each.end] for each in others if each.kind not in _WORDS]
    return b"".join(pieces)


def chunks(data: bytes) -> Iterator[Chunk]:
    """Yield the chunks that are wholly there, up to the last one."""
    start = len(SIGNATURE)
    for _ in range(MAX_CHUNKS):
        end = start + _FRAME_BYTES + int.from_bytes(data[start : start + 4])
        if end > len(data):
            return
        chunk = Chunk(data[start + 4 : start + 8], start, end)
        yield chunk
        if chunk.kind == b"IEND":
            return
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
        kind, body = b"tEXt", key.encode() + b"\0" + text.encode()
    else:
        kind, body = b"iTXt", key.encode() + b"\0\0\0\0\0" + text.encode(errors="replace")
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
