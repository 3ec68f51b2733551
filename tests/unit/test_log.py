"""Secrets never reach the log, whichever way they try. Each case runs in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.patience import PATIENCE_SECONDS

TOKEN, KEY = "MTIz.planted-token.abc", "planted+key/for=api"
SPEAKS = f"""
import logging, sys, warnings
warnings.simplefilter("error")
import structlog
from bot.log import configure_logging

TOKEN, KEY = {TOKEN!r}, {KEY!r}
configure_logging(level="debug", log_format=sys.argv[1], secrets=[TOKEN, KEY, ""])
log = structlog.stdlib.get_logger("bot.some.where")
old = logging.getLogger("some.library")

class Holder:
    def __repr__(self): return f"Holder({{TOKEN}})"

def fall(secret):
    own = secret
    raise ValueError(f"refused: {{secret}}") from RuntimeError(KEY)

log.info(f"event with {{KEY}}", key=KEY, nested={{"a": [TOKEN]}}, holder=Holder(), number=5)
log.bind(bound=TOKEN).warning("bound")
structlog.contextvars.bind_contextvars(everywhere=KEY)
old.warning("positional %s and %r", TOKEN, {{"k": KEY}})
for logger in (log, old):
    try:
        fall(TOKEN)
    except ValueError:
        logger.exception("it fell")
try:
    fall(KEY)
except ValueError as error:
    log.error("given", exc_info=error)
old.error("POST %s", "/webhooks/1234567890/aW50-ZXJhY3Rp.b24_~x/messages")
old.error("POST %s", "/interactions/1234567890/aW50-ZXJhY3Rp.b24_~x/callback")
log.error("delivery", path="/webhooks/55/deadbeefcafe")
log.error("picture", path="/files/cafedeadbeef-_=")
logging.getLogger("discord.http").debug("chatter that nobody asked for")
log.info("the end")
"""


def speak(log_format: str) -> str:
    command = [sys.executable, "-c", SPEAKS, log_format]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=PATIENCE_SECONDS
    )
    assert done.stdout == ""
    return done.stderr


@pytest.fixture(scope="module", params=["json", "pretty", "auto"])
def output(request: pytest.FixtureRequest) -> str:
    return speak(request.param)


@pytest.fixture(scope="module")
def events() -> list[dict[str, Any]]:
    return [json.loads(line) for line in speak("json").splitlines()]


def test_no_planted_secret_is_written(output: str) -> None:
    assert "the end" in output
    for secret in (TOKEN, KEY, "planted"):
        assert secret not in output


def test_no_token_in_an_address_is_written(output: str) -> None:
    assert output.count("[token]") == 4
    assert "aW50" not in output
    assert "deadbeef" not in output
    assert "cafedead" not in output


def test_the_traceback_is_there_without_the_secret(output: str) -> None:
    assert output.count("refused: [secret]") == 3


def test_every_line_of_the_machines_format_is_an_event(events: list[dict[str, Any]]) -> None:
    for event in events:
        assert {"event", "level", "timestamp", "logger"} <= set(event)
    assert {event["logger"] for event in events} == {"bot.some.where", "some.library"}


def test_fields_stay_fields(events: list[dict[str, Any]]) -> None:
    assert events[0]["number"] == 5
    assert events[0]["key"] == "[secret]"
    assert "[secret]" in events[0]["nested"]
    assert events[2]["everywhere"] == "[secret]"


def test_chatter_of_libraries_is_left_out(output: str) -> None:
    assert "nobody asked" not in output
