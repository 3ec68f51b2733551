"""The image service's own words, where they are fit to be shown to members."""

from __future__ import annotations

import re

_INNER_LIFE = re.compile(
    r"Traceback|NoneType|SQLSTATE|<class|\bobject at 0x|\bstack trace\b|\bFile \"|\bline \d+, in\b"
    r"|\b[A-Za-z_.]+(?:Error|Exception|Warning)\b"  # the name of a type
    r"|(?<![\w:/.])/(?:[\w.-]+/)+[\w.-]+|\b[A-Za-z]:\\"  # a path
    r"|\b(?=\w*\d)(?=\w*[A-Za-z])[A-Za-z0-9]{32,}\b"  # a key
)
"""What its programs say to each other when something breaks."""


def presentable(text: str | None) -> str | None:
    """Return what the service said, unless it let its inner life show."""
    return None if not text or _INNER_LIFE.search(text) else text
