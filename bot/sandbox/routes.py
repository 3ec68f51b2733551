"""The endpoints: what each path does with a request."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any, cast

from aiohttp import web

from bot.sandbox.answers import Answer, Json, Refused, json_answer
from bot.sandbox.faults import Fault, FaultScript, Plan, Stage, split_prompt
from bot.sandbox.jobs import Job, JobBoard, JobState, new_file_prefix
from bot.sandbox.links import ADDRESSES, HostedFile, PictureHost, drop
from bot.sandbox.models import ModelCatalogue
from bot.sandbox.painter import model_screenshot
from bot.sandbox.parameters import (
    Kind,
    Parameters,
    ParametersRefused,
    prompt_refused,
    read_parameters,
)
from bot.sandbox.replies import Replies
from bot.sandbox.safety import is_flagged
from bot.sandbox.settings import Profile, SandboxSettings
from bot.sandbox.sources import SourceFetcher, SourceUnavailable, decoded
from bot.sandbox.spoilt import ELSEWHERE, refusal, spoil
from bot.sandbox.workshop import Workshop, pick

MAX_BODY_BYTES = 40 * 1024 * 1024
_HOSTED_SECONDS = 24 * 3600.0
_OPTIMISM = 0.6
"""An eta is this share of what a job really takes; the vendor's are too low as well."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Recorder = Callable[[str, Json], None]


class Api:
    """Handlers of every path, over one account."""

    def __init__(
        self,
        *,
        settings: SandboxSettings,
        root_url: str,
        board: JobBoard,
        script: FaultScript,
        workshop: Workshop,
        host: PictureHost,
        fetcher: SourceFetcher,
        record: Recorder,
    ) -> None:
        self._settings = settings
        self._root_url = root_url
        self._board = board
        self._script = script
        self._workshop = workshop
        self._host = host
        self._fetcher = fetcher
        self._record = record
        self._catalogue = ModelCatalogue(settings.own_models)
        base_url = f"{root_url}/api"
        self._replies = Replies(settings.profile, self._catalogue, base_url)
        self._modern = Replies(Profile.V6_2026, self._catalogue, base_url)

    def build(self) -> web.Application:
        """Return the application with all routes."""
        app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=[_answer_refusals])
        for path, kind in _SUBMITS.items():
            app.router.add_post(f"/api{path}", self._submitting(kind))
        for path in _FETCHES:
            app.router.add_post(f"/api{path}", self.fetch)
        for path in ("/v4/dreambooth/model_reload", "/v6/images/model_reload"):
            app.router.add_post(f"/api{path}", self.model_reload)
        app.router.add_post("/api/v4/dreambooth/model_list", self.model_list)
        app.router.add_post("/api/v3/system_load", self.system_load)
        app.router.add_post("/api/v3/base64_crop", self.base64_crop)
        app.router.add_post(ELSEWHERE, self.elsewhere)
        app.router.add_get("/generations/{name}", self._host.serve)
        app.router.add_get("/models/{model_id}.png", self.screenshot)
        return app

    def _replies_for(self, request: web.Request) -> Replies:
        return self._modern if request.path.startswith("/api/v6/") else self._replies

    async def _read(self, request: web.Request) -> Json:
        """Return the body of an authorised request and record it.

        Raises:
            Refused: as "Invalid Api Key" for every reason, as the vendor does.
        """
        body = await _json_object(request)
        self._record(request.path, body)
        if body.get("key") and self._settings.api_key in {None, body["key"]}:
            return body
        raise Refused(self._replies_for(request).invalid_key())

    def _submitting(self, kind: Kind) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            return await self.submit(request, kind)

        return handle

    async def submit(self, request: web.Request, kind: Kind) -> web.StreamResponse:
        """Take a job and answer when it is done or the hold is over."""
        replies = self._replies_for(request)
        body = await self._read(request)
        parameters, plan = self._understand(kind, body, replies)
        injection = plan.at(Stage.REFUSAL)
        if injection:
            return _send(request, refusal(injection.fault, replies))
        job = await self._take(parameters, plan, _fingerprint(body), replies)
        return await self._reply(request, job, replies)

    def _understand(self, kind: Kind, body: Json, replies: Replies) -> tuple[Parameters, Plan]:
        try:
            parameters = read_parameters(kind, body)
            try:
                prompt, directives = split_prompt(parameters.prompt)
            except ValueError as error:
                raise prompt_refused(str(error)) from None
            plan = self._script.plan(parameters.prompt, directives)
        except ParametersRefused as refused:
            raise Refused(replies.validation(refused)) from None
        return parameters.model_copy(update={"prompt": prompt}), plan

    async def _take(
        self, parameters: Parameters, plan: Plan, fingerprint: str, replies: Replies
    ) -> Job:
        self._admit(parameters, fingerprint, replies)
        job = self._new_job(parameters, plan, fingerprint, replies)
        self._board.add(job)
        try:
            sources = await self._fetcher.fetch(parameters)
        except SourceUnavailable:
            self._board.end(job, JobState.FAILED)
            raise Refused(replies.unreachable_image()) from None
        self._workshop.start(job, sources, replies)
        return job

    def _admit(self, parameters: Parameters, fingerprint: str, replies: Replies) -> None:
        if not self._catalogue.is_awake(parameters.model_id, time.monotonic()):
            raise Refused(replies.model_not_found(parameters.model_id))
        window = self._settings.spam_filter_seconds
        if window is not None and self._board.repeats(fingerprint, window):
            raise Refused(replies.repeated())
        limit = self._settings.queue_limit
        if limit is not None and self._board.in_flight >= limit:
            raise Refused(replies.queue_full(limit))

    def _new_job(
        self, parameters: Parameters, plan: Plan, fingerprint: str, replies: Replies
    ) -> Job:
        delay = plan.delay_seconds
        prefix = new_file_prefix()
        names = _file_names(prefix, parameters, modern=replies.is_modern)
        return Job(
            id=self._board.next_id(),
            parameters=parameters,
            plan=plan,
            file_names=names,
            links=self._links(names, plan),
            file_prefix=prefix,
            fingerprint=fingerprint,
            expected_seconds=pick(self._settings.draw_seconds) if delay is None else delay,
            flagged=is_flagged(parameters.prompt),
        )

    def _links(self, names: list[str], plan: Plan) -> list[str]:
        injection = plan.at(Stage.LINK)
        if plan.has(Fault.SUCCESS_EMPTY_OUTPUT):
            return []
        if injection and injection.fault in ADDRESSES:
            return [ADDRESSES[injection.fault]] * len(names)
        return [f"{self._root_url}/generations/{name}" for name in names]

    async def _reply(self, request: web.Request, job: Job, replies: Replies) -> web.StreamResponse:
        injection = job.plan.at(Stage.REPLY)
        answer: Answer | None
        if injection and injection.fault is Fault.DROP_AFTER:
            return _send(request, None)
        body = await self._body_after_hold(job, replies)
        if job.plan.has(Fault.WEBHOOK_EARLY):
            await job.reported.wait()
        if injection and injection.fault is Fault.SLOW:
            await asyncio.sleep(injection.seconds)
        answer = spoil(body, injection) if body else replies.failed()
        return _send(request, answer)

    async def _body_after_hold(self, job: Job, replies: Replies) -> Json | None:
        """Return `success`, `processing`, or None for a job that failed meanwhile."""
        hold = 0.0 if self._queues_at_once(job) else self._settings.hold_seconds
        try:
            async with asyncio.timeout(hold):
                await job.ended.wait()
        except TimeoutError:
            job.queued = True
            return replies.processing(job, self._eta(job), list(job.links))
        return None if job.state is JobState.FAILED else replies.success(job)

    def _queues_at_once(self, job: Job) -> bool:
        unready = job.plan.has(Fault.NEVER_READY) or job.plan.has(Fault.FETCH_FAILED)
        return self._settings.immediate_queueing or unready

    def _eta(self, job: Job) -> float:
        if self._settings.eta_seconds is not None:
            return self._settings.eta_seconds
        left = job.taken_at + job.expected_seconds - time.monotonic()
        return max(0.1, left) * _OPTIMISM

    async def fetch(self, request: web.Request) -> web.StreamResponse:
        """Say how a job stands; the id is in the path or in the body."""
        replies = self._replies_for(request)
        body = await self._read(request)
        job_id = request.match_info.get("id") or str(body.get("request_id", ""))
        job = self._board.find(job_id)
        return (replies.fetched(job) if job else replies.unknown_request()).response()

    async def model_reload(self, request: web.Request) -> web.StreamResponse:
        """Wake a model that was dropped for idling."""
        replies = self._replies_for(request)
        model_id = str((await self._read(request)).get("model_id", ""))
        if not self._catalogue.knows(model_id):
            return replies.model_not_found(model_id).response()
        self._catalogue.reload(model_id, time.monotonic() + self._settings.reload_seconds)
        return replies.reload(model_id).response()

    async def model_list(self, request: web.Request) -> web.StreamResponse:
        """Return the bare array of public models."""
        await self._read(request)
        return json_answer(self._catalogue.listing(self._root_url)).response()

    async def system_load(self, request: web.Request) -> web.StreamResponse:
        """Return the length of the queue."""
        await self._read(request)
        left = [self._eta(job) for job in self._board.jobs if job.state is JobState.PROCESSING]
        load = self._replies_for(request).load(self._board.in_flight, max(left, default=0.0))
        return load.response()

    async def base64_crop(self, request: web.Request) -> web.StreamResponse:
        """Host a picture that is sent as base64, for a day."""
        replies = self._replies_for(request)
        image = str((await self._read(request)).get("image") or "")
        try:
            picture = await decoded(image)
        except SourceUnavailable:
            raise Refused(replies.unreachable_image()) from None
        name, now = f"{new_file_prefix()}.png", time.monotonic()
        self._host.put(name, HostedFile(picture, "image/png", now, now + _HOSTED_SECONDS, None))
        link = f"{self._root_url}/generations/{name}"
        return replies.hosted(link, self._board.next_id()).response()

    async def elsewhere(self, request: web.Request) -> web.StreamResponse:
        """Record what a client carries on after a redirect it should not have followed."""
        self._record(request.path, await _json_object(request))
        return web.Response(status=204)

    async def screenshot(self, request: web.Request) -> web.StreamResponse:
        """Serve the picture that the model list names."""
        model = self._catalogue.models.get(request.match_info["model_id"])
        if model is None:
            return web.Response(status=404, text="Not Found")
        data = await asyncio.to_thread(model_screenshot, model.model_id, model.name)
        return web.Response(body=data, content_type="image/png")


_SUBMITS = {
    "/v4/dreambooth": Kind.TEXT2IMG,
    "/v4/dreambooth/img2img": Kind.IMG2IMG,
    "/v4/dreambooth/inpaint": Kind.INPAINT,
    "/v6/images/text2img": Kind.TEXT2IMG,
    "/v6/images/img2img": Kind.IMG2IMG,
    "/v6/images/inpaint": Kind.INPAINT,
}
_FETCHES = (
    "/v4/dreambooth/fetch",
    "/v4/dreambooth/fetch/{id}",
    "/v3/dreambooth/fetch/{id}",
    "/v3/fetch/{id}",
    "/v6/images/fetch",
    "/v6/images/fetch/{id}",
)
SUBMIT_PATHS = frozenset(f"/api{path}" for path in _SUBMITS)


async def _json_object(request: web.Request) -> dict[str, Any]:
    """Return the body, empty where it is not a JSON object sent as one."""
    if request.content_type != "application/json":
        return {}
    try:
        body = json.loads(await request.read())
    except ValueError:
        return {}
    return cast("dict[str, Any]", body) if isinstance(body, dict) else {}


def _fingerprint(body: Json) -> str:
    text = json.dumps({**body, "key": None}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _file_names(prefix: str, parameters: Parameters, *, modern: bool) -> list[str]:
    suffix = "base64" if parameters.base64 else "png"
    numbers = range(parameters.samples)
    if modern:
        return [f"{number}-{prefix}.{suffix}" for number in numbers]
    return [f"{prefix}-{number}.{suffix}" for number in numbers]


def _send(request: web.Request, answer: Answer | None) -> web.Response:
    if answer is None:
        drop(request)
        return web.Response()
    return answer.response()


@web.middleware
async def _answer_refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Refused as refused:
        return refused.answer.response()
