"""Errors told to Sentry, where the operator set an address for them; cleaned as the log is."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping, Sequence
from typing import Any, cast

from bot.errors import StartupError
from bot.log import Redactor


def report_errors(dsn: str, *, release: str, secrets: Sequence[str]) -> None:
    """Send what is logged as an error to Sentry from now on; logging is configured before.

    Local variables and earlier log lines, which may hold a member's words, are left out.

    Raises:
        StartupError: the package is not installed, or the address is none.
    """
    try:
        import sentry_sdk  # noqa: PLC0415 - an extra
        from sentry_sdk.integrations.logging import LoggingIntegration  # noqa: PLC0415
        from sentry_sdk.utils import BadDsn  # noqa: PLC0415
    except ImportError:
        raise StartupError(
            "IMAGINE_SENTRY_DSN needs the package sentry-sdk: pip install 'imagine-bot[sentry]'"
        ) from None
    redactor = Redactor(secrets)

    def clean(event: Any, _hint: Any) -> Any:
        return _cleaned(event, redactor)

    try:
        sentry_sdk.init(
            dsn=dsn,
            release=release,
            before_send=clean,
            include_local_variables=False,
            max_breadcrumbs=0,
            auto_enabling_integrations=False,
            # It sees no exception in structlog's events; `_Reporter` does.
            integrations=[LoggingIntegration(level=None, event_level=None)],
        )
    except BadDsn:
        raise StartupError("IMAGINE_SENTRY_DSN is not a DSN; copy it from the project.") from None
    logging.getLogger().addHandler(_Reporter(level=logging.ERROR))


class _Reporter(logging.Handler):
    """Hands on errors with their exception and fields, structlog's and the standard library's."""

    def emit(self, record: logging.LogRecord) -> None:
        import sentry_sdk  # noqa: PLC0415

        fields = _fields(record)
        error = _exception(fields.pop("exc_info", None) or record.exc_info)
        with sentry_sdk.new_scope() as scope:
            scope.set_tag("logger", record.name)
            scope.set_context("log", fields)
            if error is None:
                scope.capture_message(str(fields["event"]), level="error")
            else:
                scope.capture_exception(error)


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    message: object = record.msg
    if isinstance(message, dict):
        return dict(cast("dict[str, Any]", message))
    return {"event": record.getMessage()}


def _exception(given: object) -> BaseException | None:
    """Return what is meant by `exc_info`, in each of the ways in which it is written."""
    if isinstance(given, tuple):
        given = cast("tuple[object, ...]", given)[1]
    elif given is True:
        given = sys.exc_info()[1]
    return given if isinstance(given, BaseException) else None


def _cleaned(value: object, redactor: Redactor) -> object:
    """Return the same with every text in it cleaned; what is no plain value becomes text."""
    if isinstance(value, Mapping):
        entries = cast("Mapping[Any, object]", value).items()
        return {key: _cleaned(each, redactor) for key, each in entries}
    if isinstance(value, list | tuple):
        return [_cleaned(each, redactor) for each in cast("Sequence[object]", value)]
    if isinstance(value, bool | int | float | None):
        return value
    return redactor.clean_text(value if isinstance(value, str) else str(value))
