"""SQLite behind the ports of `bot.domain.ports`; the only package that knows a database.

One writer connection on which transactions are committed together, one read-only connection for
reads, one process a data directory. What was measured stands in the design's section on storage.
"""

from __future__ import annotations
