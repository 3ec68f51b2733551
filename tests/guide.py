"""The commands of docs/operating.md, by how they are run: `python -m tests.guide KIND` prints them.

`run`, `start`, `stopped` and `moved` are run in order by tests/acceptance/test_operating_guide.py,
`install` and `docker` by `.ci/run`, `systemd` by the test against a stand-in.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "docs" / "operating.md"
KINDS = ("run", "start", "stopped", "moved", "install", "docker", "systemd")
_BLOCK = re.compile(r"^```(\S*) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """Commands that are run together."""

    language: str
    kind: str
    text: str


def blocks() -> list[Block]:
    """Return every fenced block, in order."""
    return [Block(*found) for found in _BLOCK.findall(GUIDE.read_text(encoding="utf-8"))]


def text_of(kind: str) -> str:
    """Return the commands of one kind."""
    return "".join(block.text for block in blocks() if block.kind == kind)


if __name__ == "__main__":
    sys.stdout.write(text_of(sys.argv[1]))
