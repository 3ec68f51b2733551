"""Every request that discord.py makes, by what it is for and what Discord answered."""

from __future__ import annotations

from types import SimpleNamespace

import aiohttp
from prometheus_client import CollectorRegistry, Counter


def discord_trace(registry: CollectorRegistry) -> aiohttp.TraceConfig:
    """Return what discord.py's HTTP client takes to be watched."""
    requests = Counter(
        "imagine_discord_requests",
        "Requests to Discord by what for and the answer's status",
        ["what", "status"],
        registry=registry,
    )

    async def count(
        _: aiohttp.ClientSession, __: SimpleNamespace, end: aiohttp.TraceRequestEndParams
    ) -> None:
        requests.labels(_purpose(end.method, end.url.path), end.response.status).inc()

    async def count_broken(
        _: aiohttp.ClientSession, __: SimpleNamespace, end: aiohttp.TraceRequestExceptionParams
    ) -> None:
        requests.labels(_purpose(end.method, end.url.path), "none").inc()

    trace: aiohttp.TraceConfig = aiohttp.TraceConfig()
    trace.on_request_end.append(count)
    trace.on_request_exception.append(count_broken)
    return trace


def _purpose(method: str, path: str) -> str:
    if path.endswith("/callback"):
        return "answer"
    if "/messages" not in path:
        return "other"
    return {"POST": "post", "PATCH": "edit", "DELETE": "delete"}.get(method, "read")
