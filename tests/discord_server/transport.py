"""The gateway's two ways of packing a stream of events, and none at all."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable

from aiohttp import web

from tests.discord_server.errors import Json

Pack = Callable[[str], bytes]


def _zlib_stream() -> Pack:
    packer = zlib.compressobj()
    return lambda text: packer.compress(text.encode()) + packer.flush(zlib.Z_SYNC_FLUSH)


def _zstd_stream() -> Pack:
    import zstandard  # noqa: PLC0415 — comes with discord.py[speed], without which nobody asks for it

    packer = zstandard.ZstdCompressor(level=1).compressobj()
    flush_block = zstandard.COMPRESSOBJ_FLUSH_BLOCK
    return lambda text: packer.compress(text.encode()) + packer.flush(flush_block)


PACKINGS: dict[str, Callable[[], Pack]] = {"zlib-stream": _zlib_stream, "zstd-stream": _zstd_stream}


class Connection:
    """One websocket to a bot; one compression context lives as long as it."""

    def __init__(self, socket: web.WebSocketResponse, packing: str | None) -> None:
        self._socket = socket
        self._pack = PACKINGS[packing]() if packing in PACKINGS else None

    @property
    def open(self) -> bool:
        """Whether anything can still be sent."""
        return not self._socket.closed

    async def send(self, op: int, data: object = None) -> None:
        """Send something that is no event."""
        await self.send_text(to_json({"op": op, "d": data, "s": None, "t": None}))

    async def send_text(self, text: str) -> None:
        """Send a finished message; a bot that just died is no error."""
        if not self.open:
            return
        try:
            if self._pack is None:
                await self._socket.send_str(text)
            else:
                await self._socket.send_bytes(self._pack(text))
        except ConnectionError:
            return

    async def close(self, code: int) -> None:
        """Close with one of Discord's codes."""
        await self._socket.close(code=code)


def to_json(data: Json) -> str:
    """Write JSON without spare spaces."""
    return json.dumps(data, separators=(",", ":"))
