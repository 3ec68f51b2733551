"""An image API that answers as a test scripted it, and remembers what it was asked."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.catalogue import CatalogueEntry
from bot.domain.ids import ProviderJobId
from bot.domain.outcome import Drawn, Reply, StillProcessing
from bot.domain.ports import PictureData
from bot.domain.request import GenerationRequest
from bot.domain.start import StartLinks
from tests.fakes.changes import Changes

Said = Reply | Exception


@dataclass(frozen=True)
class Submission:
    """One call of `submit`."""

    track_id: str
    request: GenerationRequest
    webhook: str | None
    links: StartLinks | None = None


def links_for(track_id: str, samples: int = 1) -> tuple[str, ...]:
    """Return where the fake puts a job's pictures."""
    return tuple(f"https://pictures.test/{track_id}/{n}.png" for n in range(samples))


def processing(provider_job_id: str = "p1", eta: float | None = 0.0) -> StillProcessing:
    return StillProcessing(ProviderJobId(provider_job_id), eta)


def picture_at(url: str) -> PictureData:
    """Return the picture behind a link; different links have different bytes."""
    return PictureData(data=url.encode(), media_type="image/png", width=64, height=64)


class ScriptedImageApi:
    """An ImageApi. Unscripted calls succeed: a submission is drawn at once, a link has a picture.

    `at_api` are the jobs it holds a place for: from the submission until it is drawn or refused.
    """

    def __init__(self) -> None:
        self.submissions: list[Submission] = []
        self.hosted: list[bytes] = []
        self.fetched: list[ProviderJobId] = []
        self.downloaded: list[str] = []
        self.at_api: set[str] = set()
        self.most_at_api = 0
        self.models: Sequence[CatalogueEntry] = ()
        self.changes = Changes()
        self._answers: defaultdict[str | None, deque[Said]] = defaultdict(deque)
        self._fetch_answers: deque[Said] = deque()
        self._host_failures: deque[Exception] = deque()
        self._links: defaultdict[str, deque[Exception]] = defaultdict(deque)
        self._track_of: dict[ProviderJobId, str] = {}
        self._open = asyncio.Event()
        self._open.set()

    def answers(self, *said: Said, track_id: str | None = None) -> None:
        """Script the next submissions, of one job or of any."""
        self._answers[track_id].extend(said)

    def fetch_answers(self, *said: Said) -> None:
        """Script the next fetches."""
        self._fetch_answers.extend(said)

    def draws(self) -> None:
        """Forget what fetches were to be answered: the next one finds its job drawn."""
        self._fetch_answers.clear()

    def link_fails(self, url: str, *errors: Exception) -> None:
        """Script the next downloads of one link."""
        self._links[url].extend(errors)

    def host_fails(self, *errors: Exception) -> None:
        """Script the next pictures handed over."""
        self._host_failures.extend(errors)

    def hold(self) -> None:
        """Let submissions wait."""
        self._open.clear()

    def release(self) -> None:
        """Answer those that wait, and all that come."""
        self._open.set()

    async def until_submitted(self, count: int) -> None:
        await self.changes.until(lambda: len(self.submissions) >= count)

    def submitted_tracks(self) -> list[str]:
        return [submission.track_id for submission in self.submissions]

    async def submit(
        self,
        request: GenerationRequest,
        *,
        track_id: str,
        webhook: str | None,
        links: StartLinks | None = None,
    ) -> Reply:
        self.submissions.append(Submission(track_id, request, webhook, links))
        self.at_api.add(track_id)
        self.most_at_api = max(self.most_at_api, len(self.at_api))
        self.changes.tell()
        await self._open.wait()
        said = self._next_answer(track_id, request)
        if isinstance(said, StillProcessing) and said.provider_job_id is not None:
            self._track_of[said.provider_job_id] = track_id
        else:
            self.at_api.discard(track_id)
        return _say(said)

    def _next_answer(self, track_id: str, request: GenerationRequest) -> Said:
        for key in (track_id, None):
            if self._answers[key]:
                return self._answers[key].popleft()
        return Drawn(links_for(track_id, request.samples), ProviderJobId(f"p{track_id}"))

    async def host(self, picture: bytes, media_type: str) -> str:
        if self._host_failures:
            raise self._host_failures.popleft()
        self.hosted.append(picture)
        return f"https://hosted.test/{len(self.hosted)}.{media_type.rpartition('/')[2]}"

    async def fetch(self, provider_job_id: ProviderJobId) -> Reply:
        self.fetched.append(provider_job_id)
        self.changes.tell()
        track_id = self._track_of.get(provider_job_id, "unknown")
        said = self._fetch_answers.popleft() if self._fetch_answers else Drawn(links_for(track_id))
        if not isinstance(said, StillProcessing):
            self.at_api.discard(track_id)
        return _say(said)

    async def list_models(self) -> Sequence[CatalogueEntry]:
        return self.models

    async def reload_model(self, model_id: str) -> None:
        """Nothing is ever dropped here."""

    async def download(self, url: str) -> PictureData:
        self.downloaded.append(url)
        self.changes.tell()
        if self._links[url]:
            raise self._links[url].popleft()
        return picture_at(url)


def _say(said: Said) -> Reply:
    if isinstance(said, Exception):
        raise said
    return said
