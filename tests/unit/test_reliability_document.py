"""docs/reliability.md names tests: each of them exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.hostile import test_discord_faults, test_reply_bodies, test_sandbox_faults

ROOT = Path(__file__).parents[2]
QUOTED = re.findall(r"`([^`\n]+)`", (ROOT / "docs/reliability.md").read_text(encoding="utf-8"))
TESTS = sorted({name for text in QUOTED for name in re.findall(r"\btest_\w+(?!\w*\.py)", text)})
FILES = sorted({path for text in QUOTED for path in re.findall(r"^tests/[\w/.]*", text)})
NAMED_ROWS = sorted({row for text in QUOTED for row in re.findall(r"\[([^\]]+)\]$", text)})
ROWS = {*test_discord_faults.ROWS, *test_reply_bodies.ROWS, *test_sandbox_faults.ROWS}


@pytest.fixture(scope="module")
def source() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("tests/**/test_*.py"))


def test_the_document_names_tests() -> None:
    assert len(TESTS) > 20
    assert len(NAMED_ROWS) > 50


@pytest.mark.parametrize("name", TESTS)
def test_a_test_that_is_named_exists(source: str, name: str) -> None:
    assert f"def {name}(" in source


@pytest.mark.parametrize("path", FILES)
def test_a_file_that_is_named_exists(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("name", NAMED_ROWS)
def test_a_row_that_is_named_exists(name: str) -> None:
    beginning = name.removesuffix("…").strip()
    assert name in ROWS or any(row.startswith(beginning) for row in ROWS if name.endswith("…"))
