"""Prompt rules, as far as the panel needs them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.asker import Asker
from bot.domain.ids import GuildId
from bot.errors import NotAllowed


class PromptRule(Protocol):
    """One of a server's rules: a "word" or a "pattern"."""

    @property
    def id(self) -> int:
        """Its number, which no other rule has."""
        ...

    @property
    def kind(self) -> str:
        """What `text` is."""
        ...

    @property
    def text(self) -> str:
        """The word or the pattern."""
        ...


class RuleBook(Protocol):
    """The rules of every server."""

    async def list(self, guild_id: GuildId, /) -> Sequence[PromptRule]:
        """Return a server's rules, oldest first."""
        ...

    async def add(self, asker: Asker, kind: str, text: str, /) -> PromptRule:
        """Add a rule to the asker's server.

        Raises:
            NotAllowed: the asker does not moderate it.
            InvalidRequest: there can be no such rule.
        """
        ...

    async def remove(self, asker: Asker, rule_id: int, /) -> bool:
        """Take a rule away; False where it is no longer there.

        Raises:
            NotAllowed: the asker does not moderate the server.
        """
        ...

    async def replace(self, asker: Asker, rules: Sequence[tuple[str, str]], /) -> None:
        """Put kinds and texts in the place of all rules of the asker's server, or none of them.

        Raises:
            NotAllowed: the asker does not moderate it.
            InvalidRequest: one of them cannot be a rule.
        """
        ...

    async def test(self, guild_id: GuildId, text: str, /) -> Sequence[str]:
        """Return words for every rule that a prompt breaks, the built-in one among them."""
        ...


class _NoRules:
    """What serves until servers can have rules."""

    async def list(self, _guild_id: GuildId, /) -> Sequence[PromptRule]:
        return ()

    async def add(self, _asker: Asker, _kind: str, _text: str, /) -> PromptRule:
        raise NotAllowed("Servers cannot have prompt rules yet.")

    async def remove(self, _asker: Asker, _rule_id: int, /) -> bool:
        return False

    async def replace(self, _asker: Asker, rules: Sequence[tuple[str, str]], /) -> None:
        if rules:
            raise NotAllowed("Servers cannot have prompt rules yet.")

    async def test(self, _guild_id: GuildId, _text: str, /) -> Sequence[str]:
        return ()


NO_RULES: RuleBook = _NoRules()
