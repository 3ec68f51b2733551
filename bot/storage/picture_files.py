"""The directory of pictures: files named by what is in them. Synchronous; run it in a thread."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from bot.storage.durable import sync_file

_EXTENSIONS = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "image/gif": ".gif",
}
_PART = ".part"
_ABANDONED_SECONDS = 3600.0
"""Age at which an unfinished file belongs to a process that is gone."""


def file_name(sha256: str, media_type: str) -> str:
    """Return the name of the file that holds these bytes."""
    return sha256 + _EXTENSIONS.get(media_type, ".bin")


class PictureFiles:
    """Writes, reads and removes them, spread over folders by the first two digits."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def path(self, name: str) -> Path:
        """Return where the file of that name lies."""
        return self._directory / name[:2] / name

    def write(self, name: str, data: bytes) -> None:
        """Write a file that survives a power cut; it appears whole or not at all."""
        path = self.path(name)
        if self.holds(name, len(data)):
            return
        self._make_folder(path.parent)
        part = path.with_name(f"{name}.{secrets.token_hex(4)}{_PART}")
        try:
            part.write_bytes(data)
            sync_file(part)
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        sync_file(path.parent)

    def holds(self, name: str, size_bytes: int) -> bool:
        """Tell whether the file is there with all its bytes."""
        try:
            return self.path(name).stat().st_size == size_bytes
        except OSError:
            return False

    def remove(self, name: str) -> int:
        """Remove a file; return how many bytes that freed."""
        path = self.path(name)
        with contextlib.suppress(FileNotFoundError):
            size = path.stat().st_size
            path.unlink()
            return size
        return 0

    def folders(self) -> list[str]:
        """Return the folders' names."""
        if not self._directory.is_dir():
            return []
        return sorted(entry.name for entry in self._directory.iterdir() if len(entry.name) == 2)

    def names(self, folder: str) -> list[str]:
        """Return the names of the finished files in a folder; unfinished old ones are removed."""
        return list(self._finished(self._directory / folder))

    def _finished(self, folder: Path) -> Iterator[str]:
        for path in folder.iterdir():
            if path.suffix != _PART:
                yield path.name
            else:
                self._remove_if_abandoned(path)

    def _remove_if_abandoned(self, part: Path) -> None:
        with contextlib.suppress(FileNotFoundError):  # it was finished just now
            if time.time() - part.stat().st_mtime > _ABANDONED_SECONDS:
                part.unlink()

    def _make_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            sync_file(folder.parent)
