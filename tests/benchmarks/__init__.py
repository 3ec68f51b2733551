"""Measures of the real bot, each in processes of its own: `python -m tests.benchmarks`."""
