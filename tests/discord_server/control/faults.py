"""Breaking things on purpose."""

from __future__ import annotations

from tests.discord_server.control.base import ControlBase
from tests.discord_server.records import Fault


class FaultControl(ControlBase):
    """Control methods about failures; the faults are made in `tests.discord_server.faults`."""

    async def inject(
        self, method: str, path: str, fault: Fault, *, times: int = 1, skip: int = 0
    ) -> None:
        """Let a fault befall the next matching requests; `method` may be `*`."""
        self.core.faults.add(method, path, fault, times=times, skip=skip)

    async def clear_faults(self) -> None:
        """Forget faults that have not happened."""
        self.core.faults.clear()

    async def release_held(self) -> None:
        """Let the requests go on that a delay holds."""
        self.core.held.release()

    async def disconnect(self, *, code: int = 4000, resumable: bool = True) -> int:
        """Close the gateway's sockets; without `resumable` their sessions are gone too."""
        return await self.core.gateway.disconnect(code, resumable=resumable)
