"""`python -m tests.crash --kills 200`: the long crash test; prints a table, exits 1 on failure."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from pathlib import Path
from tempfile import mkdtemp

from tests.crash.moments import Moment
from tests.crash.ordeal import Report, Variant, endure


def main() -> None:
    """Share the kills among the variants, run one after the other, and report."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="in all, over both variants")
    parser.add_argument("--seed", type=int, default=1, help="of every choice; not of the timing")
    parser.add_argument("--variant", choices=list(Variant), help="only this one")
    parser.add_argument("--dir", type=Path, help="where data and logs are kept")
    arguments = parser.parse_args()
    logging.getLogger("bot.sandbox").setLevel(logging.WARNING)
    variants = [Variant(arguments.variant)] if arguments.variant else list(Variant)
    directory = arguments.dir or Path(mkdtemp(prefix="imagine-crash-"))
    reports = asyncio.run(
        _run(variants, arguments.kills // len(variants), arguments.seed, directory)
    )
    print(f"Data and logs: {directory}")  # noqa: T201
    sys.exit(any(report.problems for report in reports))


async def _run(variants: list[Variant], kills: int, seed: int, directory: Path) -> list[Report]:
    reports: list[Report] = []
    for variant in variants:
        reports.append(await endure(directory / variant, variant, kills, seed))
        print(summary(reports[-1]), flush=True)  # noqa: T201
    return reports


def summary(report: Report) -> str:
    """Return the table of one run."""
    figures = report.figures
    lines = [
        ("variant, seed", f"{report.variant}, {report.seed}"),
        ("kills", f"{report.kills} in {report.seconds:.0f} s"),
        ("commands asked", figures.asked),
        ("told queued", figures.acknowledged),
        ("jobs stored", figures.jobs),
        ("lost", figures.lost),
        ("shown twice", figures.doubled),
        ("resubmissions", f"{figures.resubmissions}, taken by the API: {figures.taken_again}"),
        ("most at the API", f"{figures.peak} ({figures.peak_of_short} of short drawings)"),
        ("images charged", figures.settled_images),
        ("posts found again", figures.found_again),
        ("stale acknowledgements", figures.stale),
        *((f"  ended {name}", count) for name, count in figures.endings.most_common()),
        *((f"  killed {m}", f"{report.hit[m]} of {report.aimed[m]} aimed") for m in Moment),
        *((f"  error {name}", count) for name, count in report.errors.items()),
        ("broken promises", len(report.problems)),
    ]
    words = [f"{name:<46} {value}" for name, value in lines]
    words += [f"  {p.entry.id if p.entry else '-'}: {p.words}" for p in report.problems]
    return "\n".join([*words, *report.transcripts[:5], ""])


if __name__ == "__main__":
    main()
