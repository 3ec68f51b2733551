"""The unchanged bot on a simulated Discord, against the local image API."""

from __future__ import annotations
