"""Commands: one module a feature, each loadable by name and given its services."""

from __future__ import annotations
