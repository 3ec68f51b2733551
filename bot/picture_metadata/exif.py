"""EXIF with nothing in it but texts about how a picture was made.

The web UI writes its text as the user's comment, ComfyUI its graphs as camera and maker; our own
record is the maker's note. Only these are read, each within the file's own bounds.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Literal

from bot.domain.inscription import INFOTEXT_KEY, RECORD_KEY, Inscription
from bot.picture_metadata.keys import KEYS, MAX_TEXT_BYTES

_ORDERS: dict[bytes, Literal["little", "big"]] = {b"II*\0": "little", b"MM\0*": "big"}
_EXIF_FOLDER, _NOTE, _COMMENT = 0x8769, 0x927C, 0x9286
_NAMED = frozenset({0x010D, 0x010E, 0x010F, 0x0110})
"""Document, description, maker and model: where ComfyUI writes `key:{json}` into a WEBP."""

_BYTE, _ASCII, _LONG, _UNDEFINED = 1, 2, 4, 7
_MAX_ENTRIES = 500
_TEXTS = _NAMED | {_NOTE, _COMMENT}
_NOTE_MARK = b"imagine\0"
_UNICODE = b"UNICODE\0"
_SURELY = "Steps:"
"""Stands in every comment that we could read on."""

_MARKS = (b"ASCII\0\0\0", b"\0" * 8)


def packed(inscription: Inscription) -> bytes:
    """Return EXIF that holds the texts, as the web UI lays it out: the comment in UTF-16."""
    note = _NOTE_MARK + inscription.record.encode(errors="replace")
    comment = _UNICODE + inscription.infotext.encode("utf-16-be", errors="replace")
    folder = 8 + 2 + 12 + 4
    contents = folder + 2 + 2 * 12 + 4
    return b"".join(
        (
            struct.pack(">4sI", b"MM\0*", 8),
            struct.pack(">HHHIII", 1, _EXIF_FOLDER, _LONG, 1, folder, 0),
            struct.pack(">HHHII", 2, _NOTE, _UNDEFINED, len(note), contents),
            struct.pack(">HHIII", _COMMENT, _UNDEFINED, len(comment), contents + len(note), 0),
            note,
            comment,
        )
    )


def texts_in(exif: bytes) -> dict[str, str]:
    """Return the texts, by the keys that PNG files have them."""
    order = _ORDERS.get(exif[:4])
    if order is None:
        return {}
    entries = dict(_entries(exif, int.from_bytes(exif[4:8], order), order))
    folder = entries.pop(_EXIF_FOLDER, b"")
    entries |= dict(_entries(exif, int.from_bytes(folder, order), order)) if folder else {}
    return dict(_texts(entries))


def _texts(entries: dict[int, bytes]) -> Iterator[tuple[str, str]]:
    for tag in _NAMED & entries.keys():
        key, colon, text = entries[tag].partition(b":")
        if colon and (name := key.decode("latin-1").lower()) in KEYS:
            yield name, text.rstrip(b"\0").decode(errors="replace")
    if (note := entries.get(_NOTE, b"")).startswith(_NOTE_MARK):
        yield RECORD_KEY, note.removeprefix(_NOTE_MARK).decode(errors="replace")
    if comment := entries.get(_COMMENT):
        yield INFOTEXT_KEY, _decoded(comment)


def _entries(
    exif: bytes, start: int, order: Literal["little", "big"]
) -> Iterator[tuple[int, bytes]]:
    """Yield the entries that interest us, with their bytes."""
    count = int.from_bytes(exif[start : start + 2], order)
    for n in range(min(count, _MAX_ENTRIES)):
        entry = exif[start + 2 + 12 * n : start + 14 + 12 * n]
        tag, kind = int.from_bytes(entry[:2], order), int.from_bytes(entry[2:4], order)
        size, at = int.from_bytes(entry[4:8], order), int.from_bytes(entry[8:12], order)
        if tag == _EXIF_FOLDER and kind == _LONG:
            yield tag, entry[8:12]
        elif tag in _TEXTS and kind in {_BYTE, _ASCII, _UNDEFINED}:
            yield tag, exif[at : at + min(size, MAX_TEXT_BYTES)]


def _decoded(comment: bytes) -> str:
    """Decode a comment; which end of a UTF-16 letter comes first, no program agrees on."""
    if not comment.startswith(_UNICODE):
        mark = next((each for each in _MARKS if comment.startswith(each)), b"")
        return comment.removeprefix(mark).decode(errors="replace").rstrip("\0")
    body = comment.removeprefix(_UNICODE)
    if body[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return body.decode("utf-16", errors="replace")
    texts = [body.decode(order, errors="replace") for order in ("utf-16-be", "utf-16-le")]
    return next((text for text in texts if _SURELY in text), texts[0]).rstrip("\0")
