"""What people see: wording, messages, buttons, option types, and the courier that posts."""

from __future__ import annotations
