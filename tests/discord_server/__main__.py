"""`python -m tests.discord_server`: the server as a process; its first line is its address."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from tests.discord_server.ids import APPLICATION_ID, CHANNEL_ID, GUILD_ID, TOKEN
from tests.discord_server.server import DiscordServer


def main() -> None:
    """Serve until SIGTERM, Ctrl-C, or the end of standard input if asked to watch it."""
    parser = argparse.ArgumentParser(prog="python -m tests.discord_server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free one")
    parser.add_argument("--state-file", type=Path, help="read at start, written at the end")
    parser.add_argument("--until-stdin-closes", action="store_true")
    asyncio.run(_serve(parser.parse_args()))


async def _serve(arguments: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if arguments.until_stdin_closes:
        loop.add_reader(sys.stdin, stop.set)
    async with DiscordServer(port=arguments.port, state_file=arguments.state_file) as server:
        sys.stdout.write(json.dumps(_description(server)) + "\n")
        sys.stdout.flush()
        await stop.wait()


def _description(server: DiscordServer) -> dict[str, str]:
    return {
        "address": server.address,
        "token": TOKEN,
        "application_id": str(APPLICATION_ID),
        "guild_id": str(GUILD_ID),
        "channel_id": str(CHANNEL_ID),
    }


if __name__ == "__main__":
    main()
