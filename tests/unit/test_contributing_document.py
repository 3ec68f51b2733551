"""What README tells those who add something, and what the architecture names, is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILE = re.compile(r"`((?:bot|cogs|tests|docs|requirements|tools)/[\w./]+)`")


def section(name: str) -> str:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return readme.partition(f"### {name}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize(
    "text",
    [
        section("Adding something"),
        (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"),
        (ROOT / "docs" / "operating.md").read_text(encoding="utf-8"),
    ],
    ids=["README", "architecture", "operating"],
)
def test_every_file_that_is_named_is_there(text: str) -> None:
    named = FILE.findall(text)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_name_in_capitals_stands_in_the_file_said_beside_it() -> None:
    pairs = re.findall(r"`([A-Z_]{4,})` of\s+`([\w./]+)`", section("Adding something"))
    assert len(pairs) >= 3
    for name, file in pairs:
        assert re.search(rf"^{name}\b", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
