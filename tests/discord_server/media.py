"""Files: what is known of them, where they are served, and how messages refer to them."""

from __future__ import annotations

import hashlib
import io
import mimetypes
import re
import time
from dataclasses import dataclass
from typing import Any

from PIL import Image, UnidentifiedImageError
from pydantic import ConfigDict

from tests.discord_server.errors import Json
from tests.discord_server.records import FileRecord

SPOILER_FLAG = 1 << 3
ONE_DAY = 24 * 3600
SCHEME = "attachment://"


@dataclass(slots=True)
class StoredFile:
    """A file the bot or a member uploaded, bytes and all."""

    __pydantic_config__ = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    id: int
    channel_id: int
    filename: str
    content_type: str
    sha256: str
    width: int | None
    height: int | None
    description: str | None
    ephemeral: bool
    url: str
    data: bytes

    def payload(self) -> Json:
        """Describe it as an attachment of a message."""
        payload: Json = {
            "id": str(self.id),
            "filename": self.filename,
            "size": len(self.data),
            "url": self.url,
            "proxy_url": self.url,
            "content_type": self.content_type,
        }
        if self.width is not None:
            payload |= {"width": self.width, "height": self.height}
        if self.description is not None:
            payload["description"] = self.description
        if self.ephemeral:
            payload["ephemeral"] = True
        if self.filename.startswith("SPOILER_"):
            payload["flags"] = SPOILER_FLAG
        return payload

    def record(self) -> FileRecord:
        """Describe it to a test."""
        return FileRecord(
            attachment_id=self.id,
            filename=self.filename,
            size=len(self.data),
            sha256=self.sha256,
            content_type=self.content_type,
            description=self.description,
            width=self.width,
            height=self.height,
            url=self.url,
        )


def clean_filename(name: str) -> str:
    """Keep what Discord keeps of a file's name."""
    return re.sub(r"[^\w.-]", "", name.replace(" ", "_"), flags=re.ASCII) or "unknown"


def store_file(
    *,
    file_id: int,
    channel_id: int,
    filename: str,
    data: bytes,
    base_url: str,
    description: str | None = None,
    ephemeral: bool = False,
) -> StoredFile:
    """Take in a file and give it an address that looks like one of Discord's signed ones."""
    kind = "ephemeral-attachments" if ephemeral else "attachments"
    now = int(time.time())
    query = f"ex={now + ONE_DAY:x}&is={now:x}&hm={'0' * 64}&"
    content_type = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    width, height = _dimensions(data) if content_type.startswith("image/") else (None, None)
    return StoredFile(
        id=file_id,
        channel_id=channel_id,
        filename=filename,
        content_type=content_type,
        sha256=hashlib.sha256(data).hexdigest(),
        width=width,
        height=height,
        description=description,
        ephemeral=ephemeral,
        url=f"{base_url}/cdn/{kind}/{channel_id}/{file_id}/{filename}?{query}",
        data=data,
    )


def _dimensions(data: bytes) -> tuple[int, int] | tuple[None, None]:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            return picture.size
    except (UnidentifiedImageError, OSError):
        return None, None


def resolve_references(
    node: Any, files: dict[str, StoredFile], used: set[int], *, as_component: bool
) -> Any:
    """Copy a tree of embeds or components with every known `attachment://` address filled in.

    The ids of files so shown are added to `used`: Discord leaves them out of a message's
    `attachments`.
    """
    if isinstance(node, list):
        return [resolve_references(n, files, used, as_component=as_component) for n in node]
    if not isinstance(node, dict):
        return node
    copy = {
        k: resolve_references(v, files, used, as_component=as_component) for k, v in node.items()
    }
    url = copy.get("url")
    if isinstance(url, str) and (file := files.get(url.removeprefix(SCHEME))):
        used.add(file.id)
        copy |= _media_fields(file)
        if as_component:
            copy |= {"attachment_id": str(file.id), "loading_state": 2}
    return copy


def _media_fields(file: StoredFile) -> Json:
    return {
        "url": file.url,
        "proxy_url": file.url,
        "width": file.width,
        "height": file.height,
        "content_type": file.content_type,
    }
