"""Fair turns: one integer that orders the queue.

Start-time fair queueing: a job's tag is where its owner's previous job ends, but never before the
tag now being served. Whoever asks for much pushes only their own tags into the future, so one
member's forty jobs do not stand before another's first.
"""

from __future__ import annotations


def fair_tag(served: int, owner_end: int | None) -> int:
    """Return the tag of a new job.

    Args:
        served: the largest tag sent to the API so far.
        owner_end: tag plus cost of the owner's last unfinished job; None where they have none.
    """
    return served if owner_end is None else max(served, owner_end)
