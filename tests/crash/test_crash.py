from __future__ import annotations

import logging
from pathlib import Path

import pytest

from tests.crash.__main__ import summary
from tests.crash.ordeal import Variant, endure

KILLS = 5
SEED = 3


@pytest.mark.parametrize("variant", list(Variant))
async def test_whoever_was_told_queued_sees_the_end_exactly_once_whatever_is_killed(
    variant: Variant, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.WARNING)
    report = await endure(tmp_path, variant, KILLS, SEED)

    assert report.figures.acknowledged > 0
    assert report.figures.lost == report.figures.doubled == 0
    assert not report.problems, summary(report)
