"""Logging: events with fields, pretty on a terminal and JSON otherwise, and never a secret."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Sequence

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_SIGNED_PATH = re.compile(
    r"(/webhooks/[^/\s]+/|/interactions/\d+/|/webhooks/\d+/|/files/)[\w.\-~]+"
)


SHORTEST_SECRET = 6
"""A shorter one guards nothing, and taking it out would tear holes into every word."""


class Redactor:
    """Takes secret values, and tokens inside addresses, out of everything that is logged."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._secrets = [s for s in secrets if len(s) >= SHORTEST_SECRET]

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        """Structlog processor: clean each text of the event."""
        return {key: self._clean(value) for key, value in event.items()}

    def _clean(self, value: object) -> object:
        if isinstance(value, bool | int | float | None):
            return value
        return self.clean_text(value if isinstance(value, str) else repr(value))

    def clean_text(self, text: str) -> str:
        """Return the text with secrets replaced."""
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return _SIGNED_PATH.sub(r"\1[token]", text)


def configure_logging(
    *, level: str = "info", log_format: str = "auto", secrets: Sequence[str] = ()
) -> None:
    """Send structlog's and the standard library's events to standard error, in one form."""
    redactor = Redactor(secrets)
    pretty = log_format == "pretty" or (log_format == "auto" and sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        if pretty
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                redactor,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for chatty in ("discord", "aiohttp.access", "aiosqlite", "PIL"):
        logging.getLogger(chatty).setLevel(max(logging.INFO, root.level))
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
