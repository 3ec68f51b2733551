"""How long tests wait for what must come.

Waiting costs nothing once it has come, so this is long: a test may share its machine with others,
and must not fail for that. What is measured against a clock is in `tests/benchmarks`.
"""

from __future__ import annotations

PATIENCE_SECONDS = 60.0
