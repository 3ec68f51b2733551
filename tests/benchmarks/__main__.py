"""`python -m tests.benchmarks [NAME…]`: measure, and print a table of figures and targets."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
import time
from datetime import UTC, datetime

from tests.benchmarks import (
    acknowledgement,
    autocomplete,
    erasure,
    history,
    models,
    posting,
    prompt_rules,
    quota,
    recovery,
    startup,
    stats,
    throughput,
    waiting,
    webhooks,
)
from tests.benchmarks.figures import Figure, as_json, table

BENCHMARKS = {
    "acknowledgement": acknowledgement.measure,
    "throughput": throughput.measure,
    "waiting": waiting.measure,
    "webhooks": webhooks.measure,
    "posting": posting.measure,
    "recovery": recovery.measure,
    "startup": startup.measure,
    "erasure": erasure.measure,
    "history": history.measure,
    "models": models.measure,
    "autocomplete": autocomplete.measure,
    "prompt_rules": prompt_rules.measure,
    "quota": quota.measure,
    "stats": stats.measure,
}


def main() -> None:
    """Run those named, or all; exit 1 if a target was missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark {unknown[0]}; there are {', '.join(BENCHMARKS)}")
    figures = asyncio.run(_run(arguments.names or list(BENCHMARKS)))
    print(as_json(figures) if arguments.json else f"{_machine()}\n\n{table(figures)}")  # noqa: T201
    sys.exit(any(figure.verdict == "MISS" for figure in figures))


async def _run(names: list[str]) -> list[Figure]:
    figures: list[Figure] = []
    for name in names:
        begun = time.monotonic()
        figures += await BENCHMARKS[name]()
        seconds = time.monotonic() - begun
        print(f"{name}: {seconds:.0f} s", file=sys.stderr, flush=True)  # noqa: T201
    return figures


def _machine() -> str:
    day = datetime.now(UTC).date().isoformat()
    load = os.getloadavg()[0]
    return f"{day}, Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f}"


if __name__ == "__main__":
    main()
