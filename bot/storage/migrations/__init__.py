"""Numbered SQL scripts; `NNNN_name.sql` brings the database to version NNNN. Never edit one."""

from __future__ import annotations
