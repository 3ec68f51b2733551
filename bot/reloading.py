"""Has models loaded again that the image service dropped because nobody used them for a week."""

from __future__ import annotations

import asyncio

import structlog

from bot.domain.asker import Asker
from bot.domain.clock import Clock
from bot.domain.job import Job
from bot.domain.memory import BriefMemory
from bot.domain.ports import ImageApi
from bot.errors import ModelNotFound, NotAllowed, ProviderError
from bot.guild_settings import GuildSettingsService
from bot.moderation import Moderation
from bot.speech import _

log = structlog.stdlib.get_logger(__name__)

RELOAD_SECONDS = 120.0
"""How long the service says that it takes (contract, section 2.1)."""

_REMEMBERED_MODELS = 1000


class Reloading:
    """Asks once in so many seconds for each model; whoever asks again meanwhile joins in."""

    def __init__(
        self,
        *,
        api: ImageApi,
        guild_settings: GuildSettingsService,
        moderation: Moderation,
        clock: Clock,
    ) -> None:
        self._api = api
        self._guild_settings = guild_settings
        self._moderation = moderation
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()
        self._ready_at = BriefMemory[str, int](
            clock, seconds=RELOAD_SECONDS, most=_REMEMBERED_MODELS
        )

    async def reload(self, asker: Asker, model_id: str) -> int:
        """Have any model loaded, for a moderator; return when it should be there.

        Raises:
            UserError: the asker moderates no server here, or the service will not load it.
        """
        await self._guild_settings.moderated_by(asker)
        return await self._load(model_id)

    async def reload_for(self, asker: Asker, job: Job) -> int:
        """Have the model of a failed job loaded, for who asked for the picture or a moderator.

        Raises:
            UserError: the asker is neither, or blocked, or the service will not load it.
        """
        await self._moderation.refuse_blocked(asker, job.request)
        if asker.user_id != job.origin.user_id:
            await self._guild_settings.moderated_by(asker)
        return await self._load(job.request.model_id)

    async def _load(self, model_id: str) -> int:
        try:
            async with self._one_at_a_time:
                return await self._ready_at.get(model_id, self._ask_for)
        except ModelNotFound:
            raise NotAllowed(_("The image service knows no model by that id.")) from None
        except ProviderError as error:
            log.warning("model not reloaded", reason=str(error))
            raise NotAllowed(
                _(
                    "The image service does not load models at the moment. "
                    "Try again in some minutes."
                )
            ) from None

    async def _ask_for(self, model_id: str) -> int:
        await self._api.reload_model(model_id)
        log.info("model is loaded again", model_id=model_id)
        return self._clock.now_ms() + int(RELOAD_SECONDS * 1000)
