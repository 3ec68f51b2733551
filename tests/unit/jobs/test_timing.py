from __future__ import annotations

from bot.jobs.timing import Timing


def test_a_lost_submission_is_waited_for_as_long_as_the_api_may_take_to_show_it() -> None:
    """Past the longest hold and the filter of identical requests; or as long as pictures take."""
    polling = Timing().for_worker(job_timeout_seconds=1200, webhooks=False)
    listening = Timing().for_worker(job_timeout_seconds=1200, webhooks=True)
    assert polling.lost_submission >= 35
    assert listening.lost_submission >= 180
    assert polling.polls.longest < listening.polls.shortest
