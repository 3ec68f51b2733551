"""The client and the local image API speak the same contract, in both of the vendor's ages.

V4 is spoken to a server of either age, its successor to the newer one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from bot.domain.catalogue import ModelKind
from bot.domain.endpoint import Endpoint
from bot.domain.ids import ProviderJobId
from bot.domain.outcome import Drawn, Reply, StillProcessing
from bot.domain.request import GenerationRequest, build_request
from bot.domain.start import StartLinks
from bot.errors import (
    DownloadError,
    ModelNotFound,
    ProviderBusy,
    ProviderError,
    ProviderFailed,
    ProviderRejected,
    ProviderSuspended,
    ProviderUnavailable,
)
from bot.imageapi import ApiLimits, Dialect, ImageApiClient
from bot.sandbox import Fault, Profile, SandboxServer, SandboxSettings
from tests.factories.pictures import noise

LIMITS = ApiLimits(
    first_wait_seconds=0.001,
    longest_wait_seconds=0.002,
    polls_per_second=1000,
)


AGES = [
    (Dialect.V4, Profile.V4_2023),
    (Dialect.V4, Profile.V6_2026),
    (Dialect.V6, Profile.V6_2026),
]


@pytest.fixture(params=AGES, ids="-".join)
async def age(request: pytest.FixtureRequest) -> tuple[Dialect, Profile]:
    return request.param


@pytest.fixture
async def sandbox(age: tuple[Dialect, Profile]) -> AsyncIterator[SandboxServer]:
    settings = SandboxSettings(profile=age[1], cheap_pictures=True)
    async with SandboxServer(settings) as server:
        yield server


@pytest.fixture
async def api(
    age: tuple[Dialect, Profile], sandbox: SandboxServer
) -> AsyncIterator[ImageApiClient]:
    async with opened(sandbox, age[0]) as client:
        yield client


def opened(sandbox: SandboxServer, dialect: Dialect) -> ImageApiClient:
    key = SecretStr(sandbox.settings.api_key or "")
    return ImageApiClient(sandbox.base_url, key, dialect=dialect, limits=LIMITS)


def fox(**changes: object) -> GenerationRequest:
    return build_request({"prompt": "a fox", "model_id": "midjourney", "seed": 7, **changes})


STARTS: dict[Endpoint, dict[str, object]] = {
    Endpoint.WORDS: {},
    Endpoint.PICTURE: {"init_image": "a" * 64, "strength": 0.5},
    Endpoint.MASK: {"init_image": "a" * 64, "strength": 0.5, "mask_image": "b" * 64},
}
PATHS = {
    (Dialect.V4, Endpoint.PICTURE): "/api/v4/dreambooth/img2img",
    (Dialect.V4, Endpoint.MASK): "/api/v4/dreambooth/inpaint",
    (Dialect.V6, Endpoint.PICTURE): "/api/v6/images/img2img",
    (Dialect.V6, Endpoint.MASK): "/api/v6/images/inpaint",
}

at_each_endpoint = pytest.mark.parametrize("endpoint", list(Endpoint))


async def submit(api: ImageApiClient, request: GenerationRequest) -> Reply:
    links = None
    if request.endpoint is not Endpoint.WORDS:
        links = StartLinks(*[await api.host(noise(256), "image/png") for _ in range(2)])
    return await api.submit(request, track_id="1", webhook=None, links=links)


@pytest.mark.parametrize("endpoint", [Endpoint.PICTURE, Endpoint.MASK])
async def test_pictures_that_start_from_one_are_drawn(
    age: tuple[Dialect, Profile], api: ImageApiClient, sandbox: SandboxServer, endpoint: Endpoint
) -> None:
    reply = await submit(api, fox(**STARTS[endpoint]))

    assert isinstance(reply, Drawn)
    assert [request.path for request in sandbox.submits] == [PATHS[age[0], endpoint]]
    picture = await api.download(reply.output[0])
    assert (picture.width, picture.height) == (512, 512)


async def test_a_link_to_no_picture_is_rejected_and_nothing_taken(
    api: ImageApiClient, sandbox: SandboxServer
) -> None:
    links = StartLinks(f"{sandbox.root_url}/generations/none.png")
    with pytest.raises(ProviderRejected, match="Unable to fetch image"):
        await api.submit(fox(**STARTS[Endpoint.PICTURE]), track_id="1", webhook=None, links=links)


@pytest.mark.parametrize("data", [b"no picture", noise(1300)])
async def test_what_the_api_will_not_host_is_an_error(api: ImageApiClient, data: bytes) -> None:
    with pytest.raises(ProviderRejected):
        await api.host(data, "image/png")


async def test_pictures_are_drawn_and_fetched(api: ImageApiClient) -> None:
    reply = await submit(api, fox(samples=2, width=320, height=256, guidance_scale=9))

    assert isinstance(reply, Drawn)
    assert len(reply.output) == 2
    assert reply.used is not None
    assert (reply.used.width, reply.used.height, reply.used.seed) == (320, 256, 7)
    assert (reply.used.guidance_scale, reply.used.scheduler) == (9, "UniPCMultistepScheduler")
    for link in reply.output:
        picture = await api.download(link)
        assert (picture.width, picture.height, picture.media_type) == (320, 256, "image/png")


async def test_a_queued_job_is_fetched_when_it_is_done(age: tuple[Dialect, Profile]) -> None:
    settings = SandboxSettings(profile=age[1], immediate_queueing=True, cheap_pictures=True)
    async with SandboxServer(settings) as sandbox, opened(sandbox, age[0]) as api:
        sandbox.pause()
        queued = await submit(api, fox())
        job_id = queued.provider_job_id or ProviderJobId("")
        waiting = await api.fetch(job_id)
        sandbox.resume()
        await sandbox.until_idle()
        done = await api.fetch(job_id)

    assert isinstance(queued, StillProcessing)
    assert waiting == StillProcessing(job_id, None)
    assert isinstance(done, Drawn)
    assert done.provider_job_id == job_id


@at_each_endpoint
@pytest.mark.parametrize(
    ("fault", "error", "maybe_taken"),
    [
        (Fault.FAILED, ProviderFailed, False),
        (Fault.EMPTY_MESSAGE, ProviderFailed, False),
        (Fault.MISSING_STATUS, ProviderUnavailable, False),
        (Fault.UNKNOWN_STATUS, ProviderUnavailable, True),
        (Fault.RATE_LIMIT, ProviderBusy, False),
        (Fault.MONTHLY_LIMIT, ProviderSuspended, False),
        (Fault.NO_CREDIT, ProviderSuspended, False),
        (Fault.INVALID_KEY, ProviderSuspended, False),
        (Fault.MODEL_NOT_FOUND, ModelNotFound, False),
        (Fault.VALIDATION, ProviderRejected, False),
        (Fault.HTML_502, ProviderUnavailable, True),
        (Fault.HTML_200, ProviderUnavailable, True),
        (Fault.INVALID_JSON, ProviderUnavailable, True),
        (Fault.REDIRECT, ProviderUnavailable, False),
        (Fault.DROP_BEFORE, ProviderUnavailable, True),
        (Fault.DROP_AFTER, ProviderUnavailable, True),
        (Fault.WRONG_TYPES, ProviderUnavailable, True),
        (Fault.HUGE_BODY, ProviderUnavailable, True),
    ],
)
async def test_every_refusal_and_spoilt_reply_has_its_error(
    api: ImageApiClient,
    sandbox: SandboxServer,
    endpoint: Endpoint,
    fault: Fault,
    error: type[ProviderError],
    maybe_taken: bool,
) -> None:
    sandbox.script("fox", fault, count=2 if fault is Fault.HUGE_BODY else None)

    with pytest.raises(ProviderError) as raised:
        await submit(api, fox(**STARTS[endpoint]))

    assert type(raised.value) is error
    assert raised.value.maybe_taken is maybe_taken
    assert len(sandbox.submits) == 1


@at_each_endpoint
@pytest.mark.parametrize("fault", [Fault.OUTPUT_STRING, Fault.WRONG_ENCODING])
async def test_odd_replies_that_still_say_enough_are_read(
    api: ImageApiClient, sandbox: SandboxServer, endpoint: Endpoint, fault: Fault
) -> None:
    sandbox.script("fox", fault)

    reply = await submit(api, fox(**STARTS[endpoint]))

    assert isinstance(reply, Drawn)
    assert (await api.download(reply.output[0])).width == 512


async def test_a_success_whose_links_come_late_is_asked_for_again(
    api: ImageApiClient, sandbox: SandboxServer
) -> None:
    sandbox.script("fox", Fault.SUCCESS_LATE_OUTPUT)

    reply = await submit(api, fox())

    assert isinstance(reply, StillProcessing)
    assert reply.provider_job_id is not None
    assert isinstance(await api.fetch(reply.provider_job_id), Drawn)


async def test_the_newer_replies_flag_is_passed_on(
    api: ImageApiClient, sandbox: SandboxServer
) -> None:
    sandbox.script("fox", Fault.NSFW_FLAG)

    reply = await submit(api, fox())

    assert reply.used is not None
    assert reply.used.flagged is True


async def test_a_censored_picture_is_seen_to_be_blank(
    api: ImageApiClient, sandbox: SandboxServer
) -> None:
    sandbox.script("fox", Fault.CENSORED)

    reply = await submit(api, fox())

    assert isinstance(reply, Drawn)
    assert (await api.download(reply.output[0])).blank


@at_each_endpoint
@pytest.mark.parametrize(
    ("fault", "retryable"),
    [
        (Fault.LINK_404, True),
        (Fault.LINK_403, False),
        (Fault.LINK_NOT_IMAGE, False),
        (Fault.LINK_TRUNCATED, True),
        (Fault.LINK_CUT, True),
        (Fault.LINK_BOMB, False),
        (Fault.LINK_HUGE, False),
        (Fault.LINK_REDIRECT, False),
        (Fault.LINK_PRIVATE, False),
    ],
)
async def test_every_bad_link_is_refused_and_says_whether_to_ask_again(
    api: ImageApiClient, sandbox: SandboxServer, endpoint: Endpoint, fault: Fault, retryable: bool
) -> None:
    sandbox.script("fox", fault)
    reply = await submit(api, fox(**STARTS[endpoint]))
    assert isinstance(reply, Drawn)

    with pytest.raises(DownloadError) as raised:
        await api.download(reply.output[0])

    assert raised.value.retryable is retryable


@pytest.mark.parametrize("fault", [Fault.LINK_LIES_TYPE, Fault.LINK_MOVED])
async def test_odd_links_that_lead_to_a_picture_work(
    api: ImageApiClient, sandbox: SandboxServer, fault: Fault
) -> None:
    sandbox.script("fox", fault)
    reply = await submit(api, fox())
    assert isinstance(reply, Drawn)

    assert (await api.download(reply.output[0])).media_type == "image/png"


async def test_a_link_to_a_file_is_no_link(api: ImageApiClient, sandbox: SandboxServer) -> None:
    sandbox.script("fox", Fault.LINK_FILE)

    assert isinstance(await submit(api, fox()), StillProcessing)


async def test_a_wrong_key_and_an_unknown_model_are_told_apart(
    api: ImageApiClient, sandbox: SandboxServer
) -> None:
    with pytest.raises(ModelNotFound):
        await submit(api, fox(model_id="no-such-model"))
    async with ImageApiClient(sandbox.base_url, SecretStr("wrong"), limits=LIMITS) as wrong:
        with pytest.raises(ProviderSuspended):
            await submit(wrong, fox())
        with pytest.raises(ProviderSuspended):
            await wrong.list_models()


async def test_a_job_that_never_was_is_rejected(api: ImageApiClient) -> None:
    with pytest.raises(ProviderRejected):
        await api.fetch(ProviderJobId("987654321"))


async def test_models_are_listed_by_kind_and_can_be_reloaded(api: ImageApiClient) -> None:
    models = {entry.id: entry for entry in await api.list_models()}

    assert models["midjourney"].kind is ModelKind.MODEL
    assert models["midjourney"].trigger == "mdjrny-v4 style"
    assert models["more_details"].kind is ModelKind.LORA
    assert models["easynegative"].kind is ModelKind.EMBEDDING
    assert models["uber-realistic"].nsfw
    await api.reload_model("midjourney")
