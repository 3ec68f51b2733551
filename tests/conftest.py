"""What holds for every test: none may fail because the machine is busy."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, settings

from tests.fakes.loop_time import LoopTime

settings.register_profile(
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("patient")


@pytest.fixture
async def loop_time() -> AsyncIterator[LoopTime]:
    """The event loop's clock, which stands still: no deadline passes before the test says so."""
    clock = LoopTime()
    yield clock
    clock.run_again()
