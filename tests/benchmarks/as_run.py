"""The interpreter set up as in the bot's own process, for benchmarks that run parts of it here."""

from __future__ import annotations

import contextlib
import gc
import sys
from collections.abc import Generator

from bot.__main__ import SWITCH_SECONDS, YOUNG_OBJECTS


@contextlib.contextmanager
def as_run_does() -> Generator[None]:
    """Let threads take turns, and the cycle collector rest, as in the bot's own process."""
    before = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)
    try:
        yield
    finally:
        sys.setswitchinterval(before[0])
        gc.set_threshold(*before[1])
        gc.unfreeze()
