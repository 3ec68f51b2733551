"""What the use cases of privacy need of the disk. Each method is one transaction, or says so."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from typing import Protocol

from bot.domain.ids import GuildId, JobId, UserId
from bot.domain.personal import Erasure, ExportedRows, Holding


class PersonalStore(Protocol):
    """Everything kept about a member, whatever the table."""

    def holdings(self) -> Sequence[Holding]:
        """Return what is kept about members at all."""
        ...

    def rows_of(self, user_id: UserId) -> AsyncIterator[ExportedRows]:
        """Yield every row about a member, kind after kind, a page at a time.

        Each page is a read of its own; a row that was there throughout comes exactly once.
        """
        ...

    async def ask(self, erasure: Erasure) -> None:
        """Write down a wish to be erased; what is asked again counts from the later moment."""
        ...

    async def asked(self) -> Sequence[Erasure]:
        """Return the wishes not yet fulfilled."""
        ...

    async def open_jobs(self, erasure: Erasure) -> Sequence[JobId]:
        """Return the member's unfinished jobs from before the wish."""
        ...

    async def disown(self, job_id: JobId) -> None:
        """Take everything about its member out of an unfinished job, which becomes nobody's.

        The image API still has it, so the row must stay until that is done with it. It is charged,
        as it would be for anybody who cancels so late.
        """
        ...

    async def erase(self, erasure: Erasure) -> int:
        """Delete or reduce the rows from before the wish; return how many.

        Many short transactions: whoever else writes waits for one of them at most. Broken off, it
        can be called again. Unfinished jobs are left alone.
        """
        ...

    async def fulfil(self, erasure: Erasure) -> None:
        """Forget the wish, unless it was asked again since."""
        ...

    async def tidy(self) -> int:
        """Delete nobody's finished jobs, and what erasures left of a day that is over."""
        ...

    async def wipe(self) -> bool:
        """Empty the log of changes, where deleted rows can still be read; False: not just now."""
        ...


class ServerStore(Protocol):
    """The servers the bot is in or was in, and what is kept of those."""

    async def present(self, guild_ids: Collection[GuildId], now_ms: int) -> Sequence[GuildId]:
        """Take the whole list of servers the bot is in; return those found missing from it."""
        ...

    async def joined(self, guild_id: GuildId) -> None:
        """Note that the bot is in a server; what was kept of it is kept on."""
        ...

    async def left(self, guild_id: GuildId, now_ms: int) -> None:
        """Note that a server removed the bot."""
        ...

    async def left_before(self, moment_ms: int) -> Sequence[GuildId]:
        """Return the servers that removed the bot before that moment."""
        ...

    async def forget(self, guild_id: GuildId) -> int:
        """Erase what is kept of a server that removed the bot; return how many rows.

        Many short transactions, as with a member. It ends at once when the server is back.
        """
        ...
