"""The desk a moderator works at: changes one server's settings, and says what that means.

Commands and the panel both go through here, so that they do and say the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import discord

from bot.domain.asker import Asker
from bot.domain.guild_settings import (
    SERVER,
    Decision,
    GuildSettings,
    Place,
    Setting,
    StoredSetting,
)
from bot.domain.prompt_rules.rule import PromptRule
from bot.domain.settings_file import PromptRuleText
from bot.errors import NotAllowed
from bot.guild_settings import UNSEEN, Amend
from bot.prompt_rules import checked_rules
from bot.services import Services
from bot.speech import _
from bot.ui.askers import asker_of
from bot.ui.settings_panel.effects import Ground, notes_on
from bot.ui.settings_panel.sheet import Sheet
from bot.ui.settings_panel.spot import Spot
from bot.ui.settings_panel.words import TITLES, place_words, value_words


@dataclass(frozen=True, slots=True)
class Desk:
    """One moderator's; nothing is kept of it from one interaction to the next."""

    services: Services
    asker: Asker
    ground: Ground

    @classmethod
    def of(cls, interaction: discord.Interaction, services: Services) -> Self:
        """Return the desk of whoever is behind an interaction.

        Raises:
            NotAllowed: there is no server around it that the bot is in.
        """
        if interaction.guild is None:
            raise NotAllowed(_("This works in a server that I am a member of."))
        approval = services.approval
        ground = Ground(
            interaction.guild,
            approval.floors.servers,
            services.program_defaults,
            approval.abilities,
        )
        return cls(services, asker_of(interaction), ground)

    async def settings(self) -> GuildSettings:
        """Return what the server has set.

        Raises:
            NotAllowed: the asker does not moderate it.
        """
        return await self.services.guild_settings.moderated_by(self.asker)

    async def prompt_rules(self) -> Sequence[PromptRule]:
        """Return the server's prompt rules, oldest first."""
        return await self.services.prompt_rules.list(self.asker.guild_id)

    async def sheet(self, spot: Spot, *more: Place) -> Sheet:
        """Return the settings as they are seen from a spot, and from more places at once.

        Raises:
            NotAllowed: the asker does not moderate the server.
        """
        sheet = self._sheet(spot, await self.settings(), *more)
        return replace(sheet, prompt_rules=await self.prompt_rules())

    def _sheet(self, spot: Spot, settings: GuildSettings, *more: Place) -> Sheet:
        return Sheet(
            spot=spot,
            asker=self.ground.asker_at(spot.place, *more),
            settings=settings,
            ground=self.ground,
            manages_server=self.asker.manages_server,
            drawn_ms=self.services.clock.now_ms(),
        )

    async def put(
        self, setting: Setting, value: Any, place: Place = SERVER, *, seen_ms: int = UNSEEN
    ) -> str:
        """Set a value (None: unset it) and say what holds now."""
        return await self.change(setting, lambda _before: value, place, seen_ms=seen_ms)

    async def change(
        self, setting: Setting, amend: Amend, place: Place = SERVER, *, seen_ms: int = UNSEEN
    ) -> str:
        """Change a value as it stands, and say what holds now.

        Raises:
            UserError: nothing was changed; the words say why.
        """
        stored = await self.services.guild_settings.change(
            self.asker, setting, amend, place, seen_ms=seen_ms
        )
        settings = await self.settings()
        lines = [self._done(setting, place, stored, settings)]
        lines += [f"⚠️ {note}" for note in notes_on(setting, place, settings, self.ground)]
        return "\n".join(lines)

    async def replace(
        self, decisions: Sequence[Decision], prompt_rules: Sequence[PromptRuleText]
    ) -> None:
        """Put a file's settings in the place of all that is set.

        Raises:
            UserError: nothing was changed; the words say why.
        """
        texts = [(each.kind, each.text) for each in prompt_rules]
        rules = await asyncio.to_thread(checked_rules, texts)
        await self.services.guild_settings.replace(self.asker, decisions, rules)
        self.services.prompt_rules.forget(self.asker.guild_id)

    def _done(
        self, setting: Setting, place: Place, stored: StoredSetting | None, settings: GuildSettings
    ) -> str:
        title, where = _(TITLES[setting]), place_words(place)
        if stored is not None:
            value = value_words(setting, stored.value)
            return _(
                "✅ Saved. **{setting}** {where}: {value}.", setting=title, where=where, value=value
            )
        done = _("✅ Saved. **{setting}** {where}: no rule of its own.", setting=title, where=where)
        return f"{done}\n{self._sheet(Spot('', place), settings).line(setting)}"
