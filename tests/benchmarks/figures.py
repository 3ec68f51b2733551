"""What a benchmark found, and how it is shown."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured number; without a target it is there to explain the others."""

    name: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """PASS or MISS, or nothing where there is no target."""
        if self.at_most is not None:
            return "PASS" if self.value <= self.at_most else "MISS"
        if self.at_least is not None:
            return "PASS" if self.value >= self.at_least else "MISS"
        return ""

    @property
    def target(self) -> str:
        """The target in words."""
        if self.at_most is not None:
            return f"<= {self.at_most:g}"
        return "" if self.at_least is None else f">= {self.at_least:g}"


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as a Markdown table."""
    rows: list[tuple[str, ...]] = [("what", "measured", "target", "", "how")]
    rows += [(f.name, f"{f.value:.3g} {f.unit}", f.target, f.verdict, f.note) for f in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    rows.insert(1, tuple("-" * width for width in widths))
    lines = (
        " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "\n".join(f"| {line} |" for line in lines)


def as_json(figures: Iterable[Figure]) -> str:
    """Return the figures for a machine."""
    return json.dumps([asdict(f) | {"verdict": f.verdict} for f in figures], indent=2)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that so many of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(share * 100) // 100) - 1)]


def middle(values: Sequence[float]) -> float:
    """Return the median: one disturbed round in a few changes little."""
    return statistics.median(values)
