"""Looks for what should be gone: in every byte of every file, not only where queries look."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path


def forms_of(number: int) -> list[bytes]:
    """Return how a large id may stand in a file: in digits, in a record, as a row's own number."""
    return [str(number).encode(), number.to_bytes(8, "big"), _varint(number)]


def _varint(number: int) -> bytes:
    """Encode as SQLite does with a row's number of more than 56 bits: the ninth byte has eight."""
    sevens = [(number >> (8 + 7 * n)) & 0x7F | 0x80 for n in reversed(range(8))]
    return bytes([*sevens, number & 0xFF])


def traces(directory: Path, *needles: bytes) -> dict[str, int]:
    """Count the needles in every file below a directory, by the file's name."""
    found: dict[str, int] = {}
    for path in sorted(each for each in directory.rglob("*") if each.is_file()):
        data = path.read_bytes()
        if count := sum(data.count(needle) for needle in needles):
            found[path.name] = count
    return found


def unpacked(parts: Iterable[bytes]) -> dict[str, bytes]:
    """Put the files of several ZIPs into one folder; none may be there twice."""
    files: dict[str, bytes] = {}
    for part in parts:
        with zipfile.ZipFile(io.BytesIO(part)) as archive:
            assert archive.testzip() is None
            for name in archive.namelist():
                assert name not in files
                files[name] = archive.read(name)
    return files
