"""The owner's text commands, given by mention so that no privileged intent is needed."""

from __future__ import annotations

from typing import Any

from discord.ext import commands

from bot.services import Services
from bot.ui.escaping import quoted
from bot.ui.job_button import HasServices
from bot.ui.wording import relative

Context = commands.Context[Any]

_PUBLISHED = {
    "everywhere": "Published {} commands everywhere.",
    "here": (
        "Published {} commands here. They show twice, beside those published everywhere, "
        "until you say `sync clear`."
    ),
    "clear": "Removed this server's own commands; those published everywhere remain.",
}


class OwnerCog(commands.Cog):
    """What the person who runs the bot may ask of it."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def cog_check(self, ctx: Context) -> bool:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Let only the owner pass; others get no answer."""
        return await ctx.bot.is_owner(ctx.author)

    @commands.command()
    async def sync(self, ctx: Context, scope: str = "everywhere") -> None:
        """Publish the slash commands: everywhere, or `here` for this server until `clear`."""
        guild_id = ctx.guild.id if ctx.guild and scope in {"here", "clear"} else None
        if guild_id is None and scope != "everywhere":
            await ctx.send("Say `sync`, or in a server `sync here` or `sync clear`.")
            return
        published = await ctx.bot.publish(guild_id, clear=scope == "clear")
        await ctx.send(_PUBLISHED[scope].format(published))

    @commands.command()
    async def status(self, ctx: Context) -> None:
        """Say how the bot is doing."""
        gate, engine = self._services.gate, self._services.engine
        lines = [
            f"Running {engine.running}, waiting {engine.waiting}.",
            f"Submissions: {_submissions(gate.reason, gate.opens_at_ms)}",
            f"Servers: {len(ctx.bot.guilds)}.",
        ]
        await ctx.send("\n".join(lines))

    @commands.command()
    async def resume(self, ctx: Context) -> None:
        """Let submissions go out again at once."""
        self._services.gate.resume()
        await ctx.send("Submissions go out again.")

    @commands.command()
    async def models(self, ctx: Context) -> None:
        """Fetch the model list now."""
        await self._services.catalogue.refresh()
        await ctx.send("The model list is fresh.")


def _submissions(reason: str | None, opens_at_ms: int) -> str:
    if reason is None:
        return "going out."
    return f"paused, {quoted(reason, 300)}; next try {relative(opens_at_ms)}"


async def setup(bot: commands.Bot) -> None:
    """Add the cog (called by discord.py)."""
    assert isinstance(bot, HasServices)  # noqa: S101
    await bot.add_cog(OwnerCog(bot.services))
