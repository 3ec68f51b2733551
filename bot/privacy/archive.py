"""ZIP files that hold so many bytes at most. Synchronous; run it in a thread."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from io import BufferedRandom
from pathlib import Path

_END_BYTES = 22
_HEADER_BYTES = 30 + 46
"""Of each file: before its bytes and in the directory at the end, each time with its name."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file to be packed. What is `packed` already, as pictures are, is stored as it is."""

    name: str
    data: bytes
    packed: bool = False


class Archive:
    """A ZIP in a file without a name, which vanishes with the process whatever happens to that."""

    def __init__(self, folder: Path, limit_bytes: int, moment: tuple[int, ...]) -> None:
        # On the data's own disk: what others use for such files may lie in memory.
        self._file: BufferedRandom = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - see `close`
        self._zip = zipfile.ZipFile(self._file, "w")
        self._room = limit_bytes - _END_BYTES
        self._moment = moment

    def add(self, entry: Entry) -> bool:
        """Pack a file; False, and nothing was done, where it does not fit any more."""
        size = len(entry.data if entry.packed else zlib.compress(entry.data))
        needed = size + _HEADER_BYTES + 2 * len(entry.name.encode())
        if needed > self._room:
            return False
        info = zipfile.ZipInfo(entry.name, self._moment[:6])  # pyright: ignore[reportArgumentType]
        how = zipfile.ZIP_STORED if entry.packed else zipfile.ZIP_DEFLATED
        self._zip.writestr(info, entry.data, how)
        self._room -= needed
        return True

    def finish(self) -> BufferedRandom:
        """Return the file, complete and at its beginning; whoever takes it closes it."""
        self._zip.close()
        self._file.seek(0)
        return self._file

    def close(self) -> None:
        """Throw it away."""
        self._zip.close()
        self._file.close()
