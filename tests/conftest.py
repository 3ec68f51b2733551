"""What holds for every test: none may fail because the machine is busy."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, settings

from tests.fakes.loop_time import LoopTime

settings.register_profile(
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("patient")

MOST_WORKERS = 4
"""Each grows to a gigabyte until the suite is over."""


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Share the whole suite out among the cores; what was chosen from it runs here, at once."""
    is_whole = config.args_source is not pytest.Config.ArgsSource.ARGS
    is_chosen = config.option.keyword or config.option.markexpr or config.option.lf
    return min(os.cpu_count() or 1, MOST_WORKERS) if is_whole and not is_chosen else 0


@pytest.fixture
async def loop_time() -> AsyncIterator[LoopTime]:
    """The event loop's clock, which stands still: no deadline passes before the test says so."""
    clock = LoopTime()
    yield clock
    clock.run_again()
