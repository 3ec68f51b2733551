"""Turns what a member wants into a request that may go out there, or says why not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.abilities import EVERYTHING, Abilities, feasible
from bot.domain.asker import Asker
from bot.domain.guild_settings import Audience, Flagged, GuildSettings, Setting, Tongue
from bot.domain.ids import DIRECT_MESSAGES
from bot.domain.job import Job
from bot.domain.languages import Foreign
from bot.domain.options import compose_request
from bot.domain.preset import Preset
from bot.domain.request import GenerationRequest, clean_text
from bot.domain.reuse import (
    WHOLE_SET,
    as_drawn,
    can_enlarge,
    enlargement,
    slight_change,
    variation,
)
from bot.domain.rules import SAFETY, may_reuse, permit, reuse_audience, usable_defaults
from bot.domain.safety import SafetyDecision
from bot.domain.start import Start
from bot.domain.strictness import Strictness, strictness_of
from bot.domain.wish import Below, Wish, read_wish, shaped
from bot.errors import NotAllowed
from bot.guild_settings import GuildSettingsService
from bot.jobs.service import new_seed
from bot.own_defaults import OwnDefaults
from bot.presets import Presets
from bot.speech import _

Check = Callable[[Asker, GenerationRequest], Awaitable[None]]
"""Raises a UserError where a request may not go out."""

Guess = Callable[[Asker, str], Awaitable[str | None]]
"""Tells which model is meant by an id that looks misspelt."""

Linguist = Callable[[str], Awaitable[Foreign | None]]
"""Tells which language other than English a prompt is in."""


@dataclass(frozen=True, slots=True)
class Floors:
    """The loosest safety checker that the operator permits."""

    servers: Strictness
    direct_messages: Strictness


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """A request that may go out, and what the server decided about showing it."""

    asker: Asker
    request: GenerationRequest
    safety: SafetyDecision
    dropped: tuple[str, ...] = ()
    """Inherited options that had to give way to chosen ones."""
    lowered: tuple[str, ...] = ()
    """Inherited options that the server's ceilings changed."""
    beyond: tuple[str, ...] = ()
    """Inherited options that the image service cannot do."""
    foreign: Foreign | None = None
    """The prompt's language, where it is the reason for having it translated."""
    meant: str | None = None
    """The model that is probably meant by the chosen one, which looks misspelt."""
    flagged: Flagged = Flagged.SPOILER
    private_progress: bool = False
    tongue: Tongue | None = None
    """What the server chose to be spoken to in; None: as Discord says."""
    remarks: tuple[str, ...] = ()
    """What else the asker is told; texts to be translated."""


_NOTHING: Mapping[str, Any] = {}
_TRANSLATED, _MODEL = "multi_lingual", "model_id"


class Approval:
    """Lays choices over defaults and both under the server's rules."""

    def __init__(
        self,
        *,
        guild_settings: GuildSettingsService,
        own_defaults: OwnDefaults,
        presets: Presets,
        program_defaults: Mapping[str, Any],
        floors: Floors,
        linguist: Linguist,
        guess: Guess,
        abilities: Abilities = EVERYTHING,
        checks: Sequence[Check] = (),
    ) -> None:
        self._guild_settings = guild_settings
        self._program_defaults = program_defaults
        self.floors = floors
        self.abilities = abilities
        self._linguist = linguist
        self._guess = guess
        self._own_defaults = own_defaults
        self._presets = presets
        self._checks = checks

    async def compose(
        self,
        asker: Asker,
        chosen: Mapping[str, Any],
        *,
        preset: str = "",
        start: Start | None = None,
    ) -> Approved:
        """Approve a command's options and the flags in its prompt, a preset laid under them.

        Then comes what follows from the picture to start from, if there is one.

        Raises:
            UserError: with what to change, or why this member may not.
        """
        wish = read_wish(chosen, preset=preset)
        settings = await self._guild_settings.of(asker.guild_id)
        own = await self._own_defaults.of(asker.user_id)
        below = [*self._inherited(asker, settings), {"seed": new_seed()}]
        starting = start.attributes() if start else _NOTHING
        return await self._lay_out(
            asker, settings, wish, below, own=own, starting=starting, translate=start is None
        )

    async def reuse(self, asker: Asker, job: Job) -> Approved:
        """Approve what an earlier job asked for, with another seed.

        Raises:
            UserError: with what to change, or why this member may not.
        """
        await self.let_reuse(asker, job)
        return await self.revise(asker, job.request.replace(seed=new_seed()), {})

    async def vary(
        self, asker: Asker, job: Job, number: int = WHOLE_SET, *, start: Start | None = None
    ) -> Approved:
        """Approve something like a finished picture, drawn from that or, without it, from words.

        Raises:
            UserError: with what to change, or why this member may not.
        """
        await self.let_reuse(asker, job)
        if start is None:
            return await self.revise(asker, as_drawn(job), variation(job, number))
        return await self.restart(asker, job, slight_change(start, new_seed()))

    async def restart(self, asker: Asker, job: Job, starting: Mapping[str, Any]) -> Approved:
        """Approve what a job asked for, begun with a picture.

        Raises:
            UserError: with what to change, or why this member may not.
        """
        settings = await self._guild_settings.of(asker.guild_id)
        below = [starting, as_drawn(job).model_dump()]
        return await self._lay_out(asker, settings, Wish(attributes=_NOTHING), below)

    async def enlarge(
        self, asker: Asker, job: Job, factor: int, number: int = WHOLE_SET
    ) -> Approved:
        """Approve a larger copy of a finished picture, or of the whole set.

        Raises:
            UserError: with what to change, or why this member may not.
        """
        await self.let_reuse(asker, job)
        if not can_enlarge(job, factor):
            raise NotAllowed(_("It is as large as that already."))
        return await self.revise(asker, as_drawn(job), enlargement(job, factor, number))

    async def inherited(self, asker: Asker) -> GenerationRequest:
        """Return what options amount to here that a member leaves out; its prompt means nothing."""
        settings = await self._guild_settings.of(asker.guild_id)
        own, _ = usable_defaults(await self._own_defaults.of(asker.user_id), settings, asker)
        chosen = {"prompt": "-", "seed": 0}
        return compose_request(chosen, [own, *self._inherited(asker, settings)]).request

    async def filled_up(self, asker: Asker, attributes: Mapping[str, Any]) -> GenerationRequest:
        """Return a request of some attributes, and of what holds at the place for the others.

        The member's own defaults stay away: the picture was made without them.
        Nothing is approved by that.

        Raises:
            InvalidRequest: they do not make one.
        """
        settings = await self._guild_settings.of(asker.guild_id)
        below = [*self._inherited(asker, settings), {"seed": new_seed()}]
        return compose_request(attributes, below).request

    async def revise(
        self, asker: Asker, request: GenerationRequest, changes: Mapping[str, Any]
    ) -> Approved:
        """Approve a request with some attributes changed by the member.

        A changed prompt may carry flags, which come before what the request had.

        Raises:
            UserError: with what to change, or why this member may not.
        """
        settings = await self._guild_settings.of(asker.guild_id)
        return await self._lay_out(asker, settings, read_wish(changes), [request.model_dump()])

    async def let_reuse(self, asker: Asker, job: Job) -> None:
        """Let those pass who may see and use a picture's parameters.

        Raises:
            NotAllowed: the server keeps them to the person who asked for it.
        """
        settings = await self._guild_settings.of(asker.guild_id)
        if not may_reuse(settings, asker, job.origin.user_id):
            raise NotAllowed(
                _("In this server, only the person who asked for a picture reuses it.")
            )

    async def let_show(self, asker: Asker, job: Job) -> Approved:
        """Approve that an earlier job's pictures are shown to everybody at the asker's place.

        Raises:
            UserError: the rules there would not let this member ask for them.
        """
        settings = await self._guild_settings.of(asker.guild_id)
        approved = await self._approve(asker, settings, job.request, chosen=())
        if strictness_of(job.request).rank < approved.safety.loosest.rank:
            raise NotAllowed(
                _(
                    "This was made with a looser safety checker than is allowed here, so I cannot "
                    "show it to everybody."
                )
            )
        return approved

    async def are_open(self, asker: Asker) -> bool:
        """Tell whether everybody at a place may see and use a picture's parameters."""
        settings = await self._guild_settings.of(asker.guild_id)
        return reuse_audience(settings, asker) is Audience.EVERYONE

    def _inherited(self, asker: Asker, settings: GuildSettings) -> list[Mapping[str, Any]]:
        """Return what stands in for options left out, the nearest first."""
        defaults = [each.value for each in settings.along(Setting.DEFAULTS, asker.channel_ids)]
        return [*defaults, self._program_defaults]

    async def _lay_out(
        self,
        asker: Asker,
        settings: GuildSettings,
        wish: Wish,
        below: Sequence[Mapping[str, Any]],
        *,
        own: Mapping[str, Any] = _NOTHING,
        starting: Mapping[str, Any] = _NOTHING,
        translate: bool = False,
    ) -> Approved:
        """Lay the member's choices over their preset, their own defaults, and what lies below.

        `translate` has a prompt in another language translated where nobody decided about that.
        """
        preset = await self._presets.find(asker, wish.preset) if wish.preset else None
        chosen, taken = _around(wish, preset)
        own = {name: value for name, value in own.items() if name not in {*chosen, *taken}}
        own, barred = usable_defaults(own, settings, asker)
        layers = [taken, starting, own, *below]
        foreign = await self._foreign(chosen, layers) if translate else None
        usual = _NOTHING if foreign is None else {_TRANSLATED: True}
        shape = shaped(wish, Below(layers=layers))
        composed = compose_request(chosen, [shape, *layers, usual])
        approved = await self._approve(
            asker,
            settings,
            composed.request,
            chosen={*chosen, *SAFETY.intersection({*taken, *own})},
            dropped=composed.dropped,
            barred=barred,
            foreign=foreign,
        )
        if _MODEL not in chosen:
            return approved
        return replace(approved, meant=await self._guess(asker, approved.request.model_id))

    async def _foreign(
        self, chosen: Mapping[str, Any], layers: Sequence[Mapping[str, Any]]
    ) -> Foreign | None:
        """Return the prompt's language where it should be translated for that reason alone."""
        if any(_TRANSLATED in layer for layer in (chosen, *layers)):
            return None
        return await self._linguist(chosen.get("prompt", ""))

    async def _approve(
        self,
        asker: Asker,
        settings: GuildSettings,
        request: GenerationRequest,
        *,
        chosen: Collection[str],
        dropped: tuple[str, ...] = (),
        barred: tuple[str, ...] = (),
        foreign: Foreign | None = None,
    ) -> Approved:
        in_private = asker.guild_id == DIRECT_MESSAGES
        floor = self.floors.direct_messages if in_private else self.floors.servers
        possible = feasible(request, self.abilities, chosen=chosen)
        permitted = permit(
            possible.request, chosen=chosen, settings=settings, asker=asker, floor=floor
        )
        for check in self._checks:
            await check(asker, permitted.request)
        progress = settings.value(Setting.PROGRESS, asker, Audience.EVERYONE)
        return Approved(
            asker=asker,
            request=permitted.request,
            safety=permitted.safety,
            dropped=dropped,
            lowered=(*barred, *permitted.lowered),
            beyond=possible.left_out,
            foreign=foreign,
            flagged=settings.value(Setting.FLAGGED, asker, Flagged.SPOILER),
            private_progress=progress is Audience.REQUESTER,
            tongue=settings.value(Setting.LANGUAGE, asker, None),
        )


def _around(wish: Wish, preset: Preset | None) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return the member's choices with the prompt in the preset's words, and its options."""
    if preset is None:
        return wish.attributes, _NOTHING
    prompt = preset.around(clean_text(wish.attributes.get("prompt", "")))
    return {**wish.attributes, "prompt": prompt}, preset.attributes
