"""The crash test: the real bot killed with SIGKILL again and again, and what members saw of it.

The bot is a process of its own, reached by real discord.py over the recording Discord server, also
a process, and by the local image API, which runs in the test's. Both outlive every kill. Members
keep asking for pictures meanwhile; at the end the bot may finish, and the books are compared: what
Discord shows, what the database says, what the image API was asked.

    python -m tests.crash --kills 200        # the long version; some minutes
    python -m pytest tests/crash             # the short one, in CI
"""

from __future__ import annotations
