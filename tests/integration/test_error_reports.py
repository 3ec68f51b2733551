"""What reaches Sentry: errors, and no secret; each case in a process of its own."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Generator
from http.server import BaseHTTPRequestHandler, HTTPServer

import brotli
import pytest

from tests.patience import PATIENCE_SECONDS

TOKEN = "MTIz.planted-token.abc"
UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "gzip": gzip.decompress,
    "br": brotli.decompress,
}
SPEAKS = f"""
import sys
import sentry_sdk, structlog
from bot.error_reports import report_errors
from bot.log import configure_logging

TOKEN = {TOKEN!r}
configure_logging(level="info", secrets=[TOKEN])
report_errors(sys.argv[1], release="1", secrets=[TOKEN])
log = structlog.stdlib.get_logger("bot.some.where")
log.info("before it", key=TOKEN, path="/webhooks/55/deadbeefcafe")
def fall(own):
    raise ValueError(f"refused: {{own}}")
try:
    fall(TOKEN)
except ValueError:
    log.exception("it fell", token=TOKEN, job_id=7)
sentry_sdk.flush(10)
"""


@pytest.fixture
def received() -> Generator[tuple[str, list[bytes]]]:
    """Listen as a Sentry does; yields its DSN and the bodies that came."""
    bodies: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            bodies.append(UNPACK[self.headers.get("Content-Encoding", "")](body))
            self.send_response(200)
            self.end_headers()

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            del code, size

    server = HTTPServer(("127.0.0.1", 0), Handler)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield f"http://public@127.0.0.1:{server.server_port}/1", bodies
    server.shutdown()
    serving.join()
    server.server_close()


def speak(dsn: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", SPEAKS, dsn],
        env={name: text for name, text in os.environ.items() if "proxy" not in name.lower()},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def test_an_error_arrives_with_its_traceback_and_without_secrets(
    received: tuple[str, list[bytes]],
) -> None:
    dsn, bodies = received
    done = speak(dsn)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for body in bodies for line in body.splitlines() if line]
    [event] = [line for line in lines if "exception" in line]
    whole = json.dumps(lines)
    assert "refused: [secret]" in whole
    assert "it fell" in whole
    assert event["exception"]["values"][0]["stacktrace"]["frames"][-1]["function"] == "fall"
    for secret in (TOKEN, "planted", "deadbeef"):
        assert secret not in whole


def test_an_address_that_is_none_is_refused_in_words() -> None:
    done = speak("not-a-dsn")
    assert "StartupError: IMAGINE_SENTRY_DSN is not a DSN" in done.stderr
