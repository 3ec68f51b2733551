"""The life of a job: accept, take turns, submit, follow, deliver, recover."""

from __future__ import annotations
