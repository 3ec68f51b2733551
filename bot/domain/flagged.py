"""Pictures that the API's safety checker did not let pass, and what the server does with them.

Newer replies carry a flag; older ones do not, but leave a picture that is all one colour.
"""

from __future__ import annotations

from bot.domain.guild_settings import Flagged
from bot.domain.job import Job, Picture


def is_flagged(job: Job, picture: Picture) -> bool:
    """Tell whether the checker flagged a picture; where it was off, nothing is."""
    says_so = job.used is not None and job.used.flagged is True
    return job.request.safety_checker and (picture.blank or says_so)


def is_withheld(job: Job, picture: Picture) -> bool:
    """Tell whether a picture is not shown to anybody."""
    return job.origin.flagged is Flagged.WITHHELD and is_flagged(job, picture)


def is_spoiler(job: Job, picture: Picture) -> bool:
    """Tell whether a picture is covered until somebody chooses to look."""
    return job.origin.flagged is Flagged.SPOILER and is_flagged(job, picture)
