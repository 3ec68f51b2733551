"""What the bot is about, without I/O: requests, jobs, outcomes, quotas and the ports."""

from __future__ import annotations
