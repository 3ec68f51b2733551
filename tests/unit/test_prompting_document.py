"""The page about flags names every flag, and no other."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from bot.domain.flag_names import FLAGS

DOCUMENT = Path(__file__).parents[2] / "docs" / "prompting.md"


def test_the_page_names_every_flag_in_the_row_of_what_it_means() -> None:
    rows = [line.split(" | ")[0] for line in DOCUMENT.read_text().splitlines() if "| `--" in line]
    named = [re.findall(r"`--(\w+)`", row) for row in rows]
    by_meaning: defaultdict[str, list[str]] = defaultdict(list)
    for name, means in FLAGS.items():
        by_meaning[means].append(name)
    assert named == list(by_meaning.values())
