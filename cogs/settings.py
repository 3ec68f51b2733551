"""`/settings`: the panel, and a plain command for each thing in it.

Discord shows the commands to everybody, since it knows nothing of the roles that a server names;
whoever does not moderate is refused in words.
"""

from __future__ import annotations

from typing import Any, Literal

import discord
from discord import app_commands
from discord.app_commands import AppCommandChannel, AppCommandThread, Choice, Range, describe
from discord.ext import commands

from bot.domain.catalogue import ModelKind
from bot.domain.guild_settings import Setting
from bot.domain.parameters import Scheduler
from bot.domain.size import MAX_SIDE, MIN_SIDE
from bot.domain.strictness import Strictness
from bot.services import Services
from bot.ui.answers import privately
from bot.ui.job_button import HasServices
from bot.ui.settings_panel import amendments
from bot.ui.settings_panel.amendments import InOrOut
from bot.ui.settings_panel.commands import Act, place_of, show, tell
from bot.ui.settings_panel.defaults import OPTIONS, with_default
from bot.ui.settings_panel.desk import Desk
from bot.ui.settings_panel.limits import PROGRESS_LABELS, REUSE_LABELS, limit
from bot.ui.settings_panel.presses import PanelControl, form_sent, open_panel
from bot.ui.settings_panel.prompt_rules import add_rule, offer_rules, remove_rule, try_rules
from bot.ui.settings_panel.safety import FLAGGED_LABELS, LEVEL_LABELS, LOOSENING_LABELS
from bot.ui.settings_panel.sheet import UNSET
from bot.ui.settings_panel.transfer import export, import_attached
from bot.ui.settings_panel.who import LANGUAGE_LABELS
from bot.ui.settings_panel.words import RULE_KINDS, TITLES
from bot.ui.suggestions import all_fitting, all_values, matching

AnyChannel = AppCommandChannel | AppCommandThread
Id = Range[str, 1, 100]

_LISTING = {
    "allow": "allow it: once any is allowed, only allowed ones may be used",
    "block": "block it: it may not be used",
    "remove": "take it off both lists",
}
_OF_LIST = "Put it on the list, or take it off"
_IN_CHANNEL = "For this channel or category only"


def _choices(labels: Any) -> list[Choice[str]]:
    return [Choice(name=words, value=str(value)) for value, words in labels.items()]


@app_commands.guild_only()
@app_commands.allowed_installs(guilds=True, users=False)
class SettingsCog(
    commands.GroupCog, group_name="settings", group_description="What moderators decide here"
):
    """Lets moderators decide; each command does what a control of the panel does."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Hear of forms: discord.py forgets them at a restart, their ids know everything."""
        await form_sent(interaction)

    @app_commands.command()
    async def panel(self, interaction: discord.Interaction) -> None:
        """Everything moderators decide, in one private message with buttons."""
        async with privately(interaction):
            await open_panel(interaction, Desk.of(interaction, self._services))

    @app_commands.command()
    @describe(channel="Look from this channel or category", role="Look as a member with this role")
    async def show(
        self,
        interaction: discord.Interaction,
        channel: AnyChannel | None = None,
        role: discord.Role | None = None,
    ) -> None:
        """What is set, who set it, and when."""
        await show(interaction, self._services, channel, role)

    @app_commands.command()
    @describe(
        level="What happens to unsafe pictures",
        loosest="How far members may loosen it; left out: no further than they may now",
        channel="For this channel or category only",
        role="For members with this role only",
    )
    @app_commands.choices(level=_choices(LEVEL_LABELS), loosest=_choices(LOOSENING_LABELS))
    async def safety(
        self,
        interaction: discord.Interaction,
        level: str,
        loosest: str | None = None,
        channel: AnyChannel | None = None,
        role: discord.Role | None = None,
    ) -> None:
        """What happens to pictures that are not safe for work."""
        amend = amendments.safety(Strictness(level), loosest)
        await self._do(
            interaction, lambda desk: desk.change(Setting.SAFETY, amend, place_of(channel, role))
        )

    @app_commands.command()
    @describe(what="What is done with it", channel=_IN_CHANNEL)
    @app_commands.choices(what=_choices(FLAGGED_LABELS))
    async def flagged(
        self, interaction: discord.Interaction, what: str, channel: AnyChannel | None = None
    ) -> None:
        """What is done with a picture that the safety checker found unsafe."""
        await self._put(interaction, Setting.FLAGGED, what, channel)

    @app_commands.command()
    @describe(change=_OF_LIST, channel="A channel, or a category for all channels in it")
    async def channels(
        self, interaction: discord.Interaction, change: InOrOut, channel: AnyChannel
    ) -> None:
        """Where pictures are made; with no channel on the list: everywhere."""
        await self._list(interaction, Setting.CHANNELS, change, channel.id)

    @app_commands.command()
    @describe(change=_OF_LIST, role="The role")
    async def roles(
        self, interaction: discord.Interaction, change: InOrOut, role: discord.Role
    ) -> None:
        """Who may make pictures; with no role on the list: everybody."""
        await self._list(interaction, Setting.ROLES, change, role.id)

    @app_commands.command()
    @describe(change=_OF_LIST, role="The role")
    async def moderators(
        self, interaction: discord.Interaction, change: InOrOut, role: discord.Role
    ) -> None:
        """Which roles moderate the bot besides people with Manage Server, who decide this."""
        await self._list(interaction, Setting.MODERATORS, change, role.id)

    @app_commands.command()
    @describe(
        option="The option",
        value="As you would give it to /imagine; left out: no default",
        channel=_IN_CHANNEL,
    )
    @app_commands.choices(option=[Choice(name=each, value=each) for each in OPTIONS])
    async def default(
        self,
        interaction: discord.Interaction,
        option: str,
        value: Range[str, 1, 2000] | None = None,
        channel: AnyChannel | None = None,
    ) -> None:
        """What /imagine takes for an option that a member leaves out."""
        await self._do(
            interaction,
            lambda desk: desk.change(
                Setting.DEFAULTS,
                lambda defaults: with_default(defaults, option, value or ""),
                place_of(channel),
            ),
        )

    @default.autocomplete("value")
    async def _values(self, interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        option = str(interaction.namespace.option)
        return all_values(self._services, option, typed)

    @app_commands.command()
    @describe(change="What to do", model="Its id; type to search")
    @app_commands.choices(change=_choices(_LISTING))
    async def models(self, interaction: discord.Interaction, change: str, model: Id) -> None:
        """Which models may be used."""
        await self._allow(interaction, Setting.MODELS, change, model)

    @models.autocomplete("model")
    async def _models(self, _: discord.Interaction, typed: str) -> list[Choice[str]]:
        return all_fitting(self._services, ModelKind.MODEL, typed)

    @app_commands.command()
    @describe(change="What to do", scheduler="Its name; type to search")
    @app_commands.choices(change=_choices(_LISTING))
    async def schedulers(
        self, interaction: discord.Interaction, change: str, scheduler: Id
    ) -> None:
        """Which schedulers may be used."""
        await self._allow(interaction, Setting.SCHEDULERS, change, scheduler)

    @schedulers.autocomplete("scheduler")
    async def _schedulers(self, _: discord.Interaction, typed: str) -> list[Choice[str]]:
        return matching(Scheduler, typed)

    @app_commands.command()
    @describe(change="What to do", lora="Its id; type to search")
    @app_commands.choices(change=_choices(_LISTING))
    async def loras(self, interaction: discord.Interaction, change: str, lora: Id) -> None:
        """Which LoRAs may be used."""
        await self._allow(interaction, Setting.LORAS, change, lora)

    @loras.autocomplete("lora")
    async def _loras(self, _: discord.Interaction, typed: str) -> list[Choice[str]]:
        return all_fitting(self._services, ModelKind.LORA, typed)

    @app_commands.command()
    @describe(
        samples="Pictures at once; 4: no limit",
        side="Longest side in pixels; 1024: no limit",
        steps="Steps; 51: no limit",
        upscale="How many times a picture may be enlarged; 0: not at all, 3: no limit",
        channel=_IN_CHANNEL,
    )
    async def ceilings(
        self,
        interaction: discord.Interaction,
        samples: Literal[1, 2, 3, 4] | None = None,
        side: Range[int, MIN_SIDE, MAX_SIDE] | None = None,
        steps: Literal[21, 31, 41, 51] | None = None,
        upscale: Literal[0, 1, 2, 3] | None = None,
        channel: AnyChannel | None = None,
    ) -> None:
        """The most that one request may ask for; what you leave out stays as it is."""
        given = {"samples": samples, "side": side, "steps": steps, "upscale": upscale}
        limits = {name: most for name, most in given.items() if most is not None}
        await self._do(interaction, lambda desk: limit(desk, limits, place_of(channel)))

    @app_commands.command()
    @describe(who="Who sees the place in the queue, and that somebody asked", channel=_IN_CHANNEL)
    @app_commands.choices(who=_choices(PROGRESS_LABELS))
    async def progress(
        self, interaction: discord.Interaction, who: str, channel: AnyChannel | None = None
    ) -> None:
        """Who sees how a picture comes along; the finished picture is public."""
        await self._put(interaction, Setting.PROGRESS, who, channel)

    @app_commands.command()
    @describe(who="Who may use them", channel=_IN_CHANNEL)
    @app_commands.choices(who=_choices(REUSE_LABELS))
    async def reuse(
        self, interaction: discord.Interaction, who: str, channel: AnyChannel | None = None
    ) -> None:
        """Who may use the parameters of somebody's public picture."""
        await self._put(interaction, Setting.REUSE, who, channel)

    @app_commands.command()
    @describe(channel="The channel; left out: none")
    async def log(
        self,
        interaction: discord.Interaction,
        channel: discord.TextChannel | discord.Thread | None = None,
    ) -> None:
        """Where moderators see who made what."""
        value = channel.id if channel else None
        await self._do(interaction, lambda desk: desk.put(Setting.LOG_CHANNEL, value))

    @app_commands.command()
    @describe(language="The language; each is named in itself")
    @app_commands.choices(language=_choices(LANGUAGE_LABELS))
    async def language(self, interaction: discord.Interaction, language: str) -> None:
        """The language of what everybody reads here; private answers are in each person's own."""
        value = None if language == UNSET else language
        await self._do(interaction, lambda desk: desk.put(Setting.LANGUAGE, value))

    @app_commands.command(name="name-rules")
    @describe(named="Yes: a refused member is told which rule matched")
    async def name_rules(self, interaction: discord.Interaction, named: bool) -> None:
        """Whether a refused member is told which prompt rule matched."""
        await self._do(interaction, lambda desk: desk.put(Setting.NAME_RULES, named))

    @app_commands.command()
    @describe(setting="What to unset", channel="Its rule for this channel", role="For this role")
    @app_commands.choices(setting=_choices(TITLES))
    async def clear(
        self,
        interaction: discord.Interaction,
        setting: str,
        channel: AnyChannel | None = None,
        role: discord.Role | None = None,
    ) -> None:
        """Take a rule away, so that what is above it holds, or the usual."""
        await self._do(
            interaction, lambda desk: desk.put(Setting(setting), None, place_of(channel, role))
        )

    @app_commands.command(name="rule-add")
    @describe(kind="What it is", text="The word, phrase or pattern")
    @app_commands.choices(kind=_choices(RULE_KINDS))
    async def rule_add(
        self, interaction: discord.Interaction, kind: str, text: Range[str, 1, 500]
    ) -> None:
        """Refuse prompts that contain a word or match a pattern."""
        await self._do(interaction, lambda desk: add_rule(desk, kind, text))

    @app_commands.command(name="rule-remove")
    @describe(rule="The rule; type to search")
    async def rule_remove(self, interaction: discord.Interaction, rule: int) -> None:
        """Take a prompt rule away."""
        await self._do(interaction, lambda desk: remove_rule(desk, rule))

    @rule_remove.autocomplete("rule")
    async def _rules(self, interaction: discord.Interaction, typed: str) -> list[Choice[int]]:
        return await offer_rules(Desk.of(interaction, self._services), typed)

    @app_commands.command(name="rule-test")
    @describe(prompt="Nothing is drawn, and nobody else sees it")
    async def rule_test(
        self, interaction: discord.Interaction, prompt: Range[str, 1, 2000]
    ) -> None:
        """Try what the prompt rules make of a prompt."""
        await self._do(interaction, lambda desk: try_rules(desk, prompt))

    @app_commands.command()
    async def export(self, interaction: discord.Interaction) -> None:
        """Everything that is set, as a file."""
        async with privately(interaction):
            await export(interaction, Desk.of(interaction, self._services))

    @app_commands.command(name="import")
    @describe(file="The file that /settings export wrote, from this server or another")
    async def import_(self, interaction: discord.Interaction, file: discord.Attachment) -> None:
        """Put a file's settings in the place of everything that is set."""
        async with privately(interaction):
            await import_attached(interaction, Desk.of(interaction, self._services), file)

    async def _do(self, interaction: discord.Interaction, act: Act) -> None:
        await tell(interaction, self._services, act)

    async def _put(
        self,
        interaction: discord.Interaction,
        setting: Setting,
        value: str,
        channel: AnyChannel | None,
    ) -> None:
        await self._do(interaction, lambda desk: desk.put(setting, value, place_of(channel)))

    async def _list(
        self, interaction: discord.Interaction, setting: Setting, change: InOrOut, named: int
    ) -> None:
        amend = amendments.listed(change, named)
        await self._do(interaction, lambda desk: desk.change(setting, amend))

    async def _allow(
        self, interaction: discord.Interaction, setting: Setting, change: str, named: str
    ) -> None:
        amend = amendments.allowed(change, named)
        await self._do(interaction, lambda desk: desk.change(setting, amend))


async def setup(bot: commands.Bot) -> None:
    """Add the cog (called by discord.py)."""
    assert isinstance(bot, HasServices)  # noqa: S101
    bot.add_dynamic_items(PanelControl)
    await bot.add_cog(SettingsCog(bot.services))
