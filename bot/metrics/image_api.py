"""The image API with a clock beside it: how long each kind of call takes, and how it fails."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Histogram

from bot.domain.catalogue import CatalogueEntry
from bot.domain.ids import ProviderJobId
from bot.domain.outcome import Reply
from bot.domain.ports import ImageApi, PictureData
from bot.domain.request import GenerationRequest
from bot.domain.start import StartLinks
from bot.errors import ImagineError

_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 40, 60, 90)


class MeteredImageApi:
    """An ImageApi that passes everything on; `fetch` counts the polls."""

    def __init__(self, api: ImageApi, registry: CollectorRegistry) -> None:
        self._api = api
        self._seconds = Histogram(
            "imagine_api_seconds",
            "Calls of the image API, with their repetitions",
            ["call"],
            buckets=_BUCKETS,
            registry=registry,
        )
        self._errors = Counter(
            "imagine_api_errors", "Calls that failed", ["call", "kind"], registry=registry
        )

    @contextmanager
    def _measured(self, call: str) -> Generator[None]:
        begun = time.monotonic()
        try:
            yield
        except ImagineError as error:
            self._errors.labels(call, type(error).__name__).inc()
            raise
        finally:
            self._seconds.labels(call).observe(time.monotonic() - begun)

    async def submit(
        self,
        request: GenerationRequest,
        *,
        track_id: str,
        webhook: str | None,
        links: StartLinks | None = None,
    ) -> Reply:
        """Ask for pictures."""
        with self._measured("submit"):
            return await self._api.submit(request, track_id=track_id, webhook=webhook, links=links)

    async def host(self, picture: bytes, media_type: str) -> str:
        """Hand over a picture to start from."""
        with self._measured("host"):
            return await self._api.host(picture, media_type)

    async def fetch(self, provider_job_id: ProviderJobId) -> Reply:
        """Ask how a job stands."""
        with self._measured("fetch"):
            return await self._api.fetch(provider_job_id)

    async def list_models(self) -> Sequence[CatalogueEntry]:
        """Return the public models."""
        with self._measured("list_models"):
            return await self._api.list_models()

    async def reload_model(self, model_id: str) -> None:
        """Ask for a model that was dropped."""
        with self._measured("reload_model"):
            await self._api.reload_model(model_id)

    async def download(self, url: str) -> PictureData:
        """Fetch a picture."""
        with self._measured("download"):
            return await self._api.download(url)
