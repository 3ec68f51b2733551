"""`python -m tests.crash.bot_process`: `bot run`, with Discord elsewhere and with less patience.

Everything else is the program's own: settings from the environment, locks, logging, the event loop.
"""

from __future__ import annotations

from pathlib import Path

import uvloop

from bot.jobs.polling import PollSchedule
from bot.jobs.timing import Timing
from bot.log import configure_logging
from bot.process import run_bot
from bot.settings import load_settings
from tests.discord_server.wiring import point_discord_py_by_environment

LOST_SUBMISSION_SECONDS = 3.0
LOST_WEBHOOK_SECONDS = 4.0
SHORT = Timing(
    lost_submission_seconds=LOST_SUBMISSION_SECONDS,
    lost_webhook_seconds=LOST_WEBHOOK_SECONDS,
    polls=PollSchedule(shortest=0.3, longest=2.0),
    polls_beside_webhooks=PollSchedule(shortest=2.0, longest=4.0),
)
"""The sandbox draws in a second what takes the vendor half a minute."""


def main() -> None:
    """Run the bot until a signal ends it."""
    if not point_discord_py_by_environment():
        raise SystemExit("set DISCORD_SERVER_ADDRESS")
    settings = load_settings(Path("no.env"))
    configure_logging(
        level=settings.log_level, log_format=settings.log_format, secrets=settings.secrets()
    )
    uvloop.run(run_bot(settings, timing=SHORT))


if __name__ == "__main__":
    main()
