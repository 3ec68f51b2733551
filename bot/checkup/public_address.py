"""The address that the image API is told to call: does it lead here?"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, AsyncIterator

import aiohttp

from bot.checkup.findings import Finding, failure, well
from bot.errors import StartupError
from bot.settings import Settings, variable_of
from bot.webhooks.server import GREETING, GREETING_PATH, build_greeter, serve_http

_SECONDS = 15.0


async def check_webhooks(settings: Settings) -> AsyncIterator[Finding]:
    """Call the bot by its public address, as the image API will.

    Raises:
        StartupError: nothing can listen where the bot would.
    """
    base = settings.webhook_base_url
    if base is None:
        yield well("webhooks", "off: results are fetched by polling")
        return
    async with _somebody_listening(settings.http_host, settings.http_port):
        problem = await _call(f"{base}{GREETING_PATH}")
    told = f"the image API is told to call {base}/webhooks/"
    if problem is None:
        yield well("webhooks", f"{told}, which leads here")
    else:
        port = settings.http_port
        advice = f"see {variable_of('webhook_base_url')} and the proxy before port {port}"
        yield failure("webhooks", f"{told}, and {problem}: {advice}")


@contextlib.asynccontextmanager
async def _somebody_listening(host: str, port: int) -> AsyncGenerator[None]:
    """Answer in the bot's place, unless it runs and does so itself."""
    async with contextlib.AsyncExitStack() as stack:
        with contextlib.suppress(StartupError):  # taken: by the bot, or the call will tell
            await stack.enter_async_context(serve_http(build_greeter(), host, port))
        yield


async def _call(address: str) -> str | None:
    """Return in words what is wrong."""
    timeout = aiohttp.ClientTimeout(total=_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(address, allow_redirects=False) as answer,
        ):
            return _not_ours(answer.status, await answer.content.read(len(GREETING) + 1))
    except TimeoutError:
        return f"no answer came within {_SECONDS:g} s"
    except (aiohttp.ClientError, OSError) as error:
        return _unreachable(error)


def _not_ours(status: int, text: bytes) -> str | None:
    if 300 <= status < 400:
        return "it redirects, which a delivery would not follow"
    if status != 200 or text != GREETING:
        return f"something else answers there ({status})"
    return None


def _unreachable(error: Exception) -> str:
    match error:
        case aiohttp.ClientConnectorCertificateError():
            return "its certificate is not valid"
        case aiohttp.ClientSSLError():
            return "it does not speak HTTPS"
        case aiohttp.ClientConnectorDNSError():
            return "its name leads nowhere"
        case _:
            return "nobody answers there"
