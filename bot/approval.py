"""Turns what a member wants into a request that may go out there, or says why not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.asker import Asker
from bot.domain.guild_settings import Audience, Flagged, GuildSettings, Setting
from bot.domain.ids import DIRECT_MESSAGES
from bot.domain.job import Job
from bot.domain.options import ComposedRequest, compose_request
from bot.domain.request import GenerationRequest
from bot.domain.rules import may_reuse, permit, reuse_audience
from bot.domain.safety import SafetyDecision
from bot.domain.strictness import Strictness, strictness_of
from bot.errors import NotAllowed
from bot.guild_settings import GuildSettingsService
from bot.jobs.service import new_seed

Check = Callable[[Asker, GenerationRequest], Awaitable[None]]
"""Raises a UserError where a request may not go out."""


@dataclass(frozen=True, slots=True)
class Floors:
    """The loosest safety checker that the operator permits."""

    servers: Strictness
    direct_messages: Strictness


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """A request that may go out, and what the server decided about showing it."""

    request: GenerationRequest
    safety: SafetyDecision
    dropped: tuple[str, ...] = ()
    """Inherited options that had to give way to chosen ones."""
    lowered: tuple[str, ...] = ()
    """Inherited options that the server's ceilings changed."""
    flagged: Flagged = Flagged.SPOILER
    private_progress: bool = False


class Approval:
    """Lays choices over defaults and both under the server's rules."""

    def __init__(
        self,
        *,
        guild_settings: GuildSettingsService,
        program_defaults: Mapping[str, Any],
        floors: Floors,
        checks: Sequence[Check] = (),
    ) -> None:
        self._guild_settings = guild_settings
        self._program_defaults = program_defaults
        self.floors = floors
        self._checks = checks

    async def compose(self, asker: Asker, chosen: Mapping[str, Any]) -> Approved:
        """Approve a command's options.

        Raises:
            UserError: with what to change, or why this member may not.
        """
        settings = await self._guild_settings.of(asker.guild_id)
        composed = self._composed(settings, asker, chosen)
        return await self._approve(
            asker, settings, composed.request, chosen=chosen, dropped=composed.dropped
        )

    async def reuse(self, asker: Asker, job: Job, **changes: Any) -> Approved:
        """Approve what an earlier job asked for, with some attributes changed by the member.

        Raises:
            UserError: with what to change, or why this member may not.
        """
        await self.let_reuse(asker, job)
        return await self.revise(asker, job.request.replace(seed=new_seed()), changes)

    async def revise(
        self, asker: Asker, request: GenerationRequest, changes: Mapping[str, Any]
    ) -> Approved:
        """Approve a request with some attributes changed by the member.

        Raises:
            UserError: with what to change, or why this member may not.
        """
        settings = await self._guild_settings.of(asker.guild_id)
        return await self._approve(asker, settings, request.replace(**changes), chosen=changes)

    async def filled_up(self, asker: Asker, attributes: Mapping[str, Any]) -> GenerationRequest:
        """Return a request of some attributes, and of what holds at the place for the others.

        Nothing is approved by that.

        Raises:
            InvalidRequest: they do not make one.
        """
        settings = await self._guild_settings.of(asker.guild_id)
        return self._composed(settings, asker, attributes).request

    async def let_reuse(self, asker: Asker, job: Job) -> None:
        """Let those pass who may see and use a picture's parameters.

        Raises:
            NotAllowed: the server keeps them to the person who asked for it.
        """
        settings = await self._guild_settings.of(asker.guild_id)
        if not may_reuse(settings, asker, job.origin.user_id):
            raise NotAllowed("In this server, only the person who asked for a picture reuses it.")

    async def let_show(self, asker: Asker, job: Job) -> Approved:
        """Approve that an earlier job's pictures are shown to everybody at the asker's place.

        Raises:
            UserError: the rules there would not let this member ask for them.
        """
        settings = await self._guild_settings.of(asker.guild_id)
        approved = await self._approve(asker, settings, job.request, chosen=())
        if strictness_of(job.request).rank < approved.safety.loosest.rank:
            raise NotAllowed(
                "This was made with a looser safety checker than is allowed here, so I cannot show "
                "it to everybody."
            )
        return approved

    async def are_open(self, asker: Asker) -> bool:
        """Tell whether everybody at a place may see and use a picture's parameters."""
        settings = await self._guild_settings.of(asker.guild_id)
        return reuse_audience(settings, asker) is Audience.EVERYONE

    def _composed(
        self, settings: GuildSettings, asker: Asker, chosen: Mapping[str, Any]
    ) -> ComposedRequest:
        defaults = [each.value for each in settings.along(Setting.DEFAULTS, asker.channel_ids)]
        return compose_request(chosen, [{"seed": new_seed()}, *defaults, self._program_defaults])

    async def _approve(
        self,
        asker: Asker,
        settings: GuildSettings,
        request: GenerationRequest,
        *,
        chosen: Collection[str],
        dropped: tuple[str, ...] = (),
    ) -> Approved:
        in_private = asker.guild_id == DIRECT_MESSAGES
        floor = self.floors.direct_messages if in_private else self.floors.servers
        permitted = permit(request, chosen=chosen, settings=settings, asker=asker, floor=floor)
        for check in self._checks:
            await check(asker, permitted.request)
        progress = settings.value(Setting.PROGRESS, asker, Audience.EVERYONE)
        return Approved(
            request=permitted.request,
            safety=permitted.safety,
            dropped=dropped,
            lowered=permitted.lowered,
            flagged=settings.value(Setting.FLAGGED, asker, Flagged.SPOILER),
            private_progress=progress is Audience.REQUESTER,
        )
