"""Every sentence about a job: there is one for each case, it fits, and it speaks to people."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from typing import Any

import discord
import pytest

import bot.errors
from bot.domain.guild_settings import Tongue
from bot.domain.ids import ChannelId, JobId, MessageId, ProviderJobId
from bot.domain.job import Job, JobStatus
from bot.domain.languages import Foreign
from bot.domain.outcome import EndReason, UsedSettings
from bot.domain.parameters import AlgorithmType, SafetyCheckerType, Scheduler
from bot.domain.request import RULES
from bot.domain.standing import BLOCKS, Phase, Standing, phase_of
from bot.errors import InvalidRequest, NotAllowed, Problem, QuotaExceeded
from bot.history import PAGE_SIZE
from bot.speech import _, speaking
from bot.translations import learn_all
from bot.ui import history_words, source_words, wording
from bot.ui.details import details
from bot.ui.permissions import missing_to_post
from tests.factories.jobs import a_request, an_origin
from tests.fakes.clock import NOON

DEFAULTS = {"model_id": "midjourney"}
USUAL = a_request(prompt="-")
LONG = 2**63 - 1
NASTY = "*_~|`[]<@>#\\"
WORST_TEXT = (NASTY * 200)[:2000]
WORST_ID = (NASTY * 10)[:100]
TYPE_NAME = re.compile(
    r"Error\b|Exception|Traceback|None\b|\bTrue\b|\bFalse\b|EndReason|JobStatus|<class|object at"
)


def worst_job(status: JobStatus = JobStatus.READY, **facts: Any) -> Job:
    request = a_request(
        prompt=WORST_TEXT,
        negative_prompt=WORST_TEXT,
        model_id=WORST_ID,
        width=1024,
        height=1024,
        samples=4,
        num_inference_steps=51,
        guidance_scale=19.987654,
        seed=2**32 - 1,
        scheduler=Scheduler.DPM_SOLVER_MULTISTEP,
        algorithm_type=AlgorithmType.DPM_SOLVER,
        use_karras_sigmas=False,
        lora_model=(WORST_ID,) * 8,
        lora_strength=(1.234567,) * 8,
        embeddings_model=WORST_ID,
        vae=WORST_ID,
        clip_skip=8,
        enhance_prompt=False,
        tomesd=False,
        multi_lingual=True,
        panorama=True,
        self_attention=True,
        highres_fix=True,
        upscale=3,
        safety_checker=False,
        safety_checker_type=SafetyCheckerType.PIXELATE,
    )
    return Job(
        id=JobId(LONG),
        origin=an_origin(LONG, guild_id=LONG, channel_id=LONG),  # type: ignore[arg-type]
        request=request,
        status=status,
        fair_tag=0,
        created_at_ms=NOON,
        submitted_at_ms=NOON,
        ready_at_ms=NOON + 10**7,
        provider_job_id=ProviderJobId("p"),
        message_id=MessageId(LONG),
        used=UsedSettings(
            prompt=WORST_TEXT,
            negative_prompt=WORST_TEXT,
            model_id=WORST_TEXT,
            scheduler=WORST_TEXT,
            steps=50,
            seed=2**32 - 1,
            width=1024,
            height=1024,
            guidance_scale=7.5,
            generation_seconds=12.345678,
            flagged=True,
        ),
        **facts,
    )


def plain_job(status: JobStatus, **facts: Any) -> Job:
    return Job(
        id=JobId(1),
        origin=an_origin(),
        request=a_request(prompt="a fox in ((snow))"),
        status=status,
        fair_tag=0,
        created_at_ms=NOON,
        **facts,
    )


def acknowledged(job: Job) -> str:
    remarks = (
        wording.left_out(tuple(RULES)),
        wording.translated(Foreign("zh")),
        _(source_words.VARIED_BY_SEED),
    )
    job = job.model_copy(update={"remarks": remarks})
    standing = Standing(phase=phase_of(job), place=9999, due_at_ms=NOON, blocks=BLOCKS)
    missing = missing_to_post(discord.Permissions.none(), in_thread=True)
    return wording.acknowledgement(job, standing, defaults=DEFAULTS, missing=missing)


TEXTS: dict[str, Callable[[Job], str]] = {
    "acknowledgement": acknowledged,
    "closed acknowledgement": wording.closed_acknowledgement,
    "result": lambda job: wording.result(job, 1, DEFAULTS),
    "failure": wording.failure,
    "details": lambda job: details(job, USUAL).text,
    "history page": lambda job: "\n".join([history_words.entry(job, 4)] * PAGE_SIZE),
    "before sharing": lambda job: history_words.before_sharing(job, 4),
    "before deleting": history_words.before_deleting,
    "shared": lambda job: history_words.shared(job, DEFAULTS),
}


@pytest.fixture(scope="module", autouse=True)
def _catalogues() -> None:  # pyright: ignore[reportUnusedFunction]
    learn_all()


@pytest.fixture(params=list(Tongue))
def _language(request: pytest.FixtureRequest) -> Generator[None]:  # pyright: ignore[reportUnusedFunction]
    """Each language that the bot speaks, one after the other."""
    with speaking(request.param):
        yield


@pytest.mark.usefixtures("_language")
@pytest.mark.parametrize("status", list(JobStatus))
@pytest.mark.parametrize("text", TEXTS)
def test_the_worst_text_fits_one_message(text: str, status: JobStatus) -> None:
    job = worst_job(status, end_reason=EndReason.API_REJECTED, end_detail=WORST_TEXT, surcharge=99)
    assert 0 < len(TEXTS[text](job)) <= wording.MESSAGE_LIMIT


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_a_member_typed_pings_anybody(text: str) -> None:
    job = plain_job(JobStatus.FAILED, end_reason=EndReason.API_REJECTED, end_detail="<@5> @here")
    typed = job.request.replace(prompt="<@5> @everyone", vae="<@6>", embeddings_model="@everyone")
    said = TEXTS[text](job.model_copy(update={"request": typed}))
    said = said.partition("```")[0]  # Discord sees no mention in a block of code
    assert "@everyone" not in said
    assert "@here" not in said
    assert not re.search(r"<@[56]>", said)


@pytest.mark.parametrize("status", list(JobStatus))
@pytest.mark.parametrize("text", TEXTS)
def test_no_sentence_speaks_python(text: str, status: JobStatus) -> None:
    said = TEXTS[text](plain_job(status))
    assert not TYPE_NAME.search(said)
    assert not any(name in said for name in vars(bot.errors) if name.endswith("Error"))


@pytest.mark.parametrize("reason", list(EndReason))
def test_every_end_has_words_of_its_own(reason: EndReason) -> None:
    words = wording.END_WORDS[reason]
    assert list(wording.END_WORDS.values()).count(words) == 1
    said = wording.failure(plain_job(JobStatus.FAILED, end_reason=reason))
    assert words in said
    assert "does not count against your quota" in said
    assert reason.value not in said or "_" not in reason.value
    assert not TYPE_NAME.search(said)


def test_the_apis_own_words_are_passed_on_only_where_it_refused_the_options() -> None:
    rejected = plain_job(
        JobStatus.FAILED, end_reason=EndReason.API_REJECTED, end_detail="no *such* vae"
    )
    assert r"no \*such\* vae" in wording.failure(rejected)
    internal = plain_job(
        JobStatus.FAILED, end_reason=EndReason.INTERNAL, end_detail="KeyError('x')"
    )
    assert "KeyError" not in wording.failure(internal)


def test_weights_survive_on_display() -> None:
    assert "((snow))" in acknowledged(plain_job(JobStatus.QUEUED))


@pytest.mark.parametrize(
    ("job", "words"),
    [
        (plain_job(JobStatus.QUEUED), "9,999 before you"),
        (plain_job(JobStatus.SUBMITTING), "Drawing"),
        (plain_job(JobStatus.PROCESSING), "Drawing"),
        (plain_job(JobStatus.READY), "Fetching"),
        (plain_job(JobStatus.READY, post_started_at_ms=NOON), "Posting"),
        (plain_job(JobStatus.PROCESSING, cancel_requested_at_ms=1), "so it counts"),
    ],
)
def test_the_acknowledgement_says_where_the_job_stands(job: Job, words: str) -> None:
    assert words in acknowledged(job)


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing(phase=Phase.WAITING, place=3, due_at_ms=NOON), "3 before you · ready <t:"),
        (Standing(phase=Phase.WAITING, is_paused=True), "not taking pictures at the moment"),
        (Standing(phase=Phase.DRAWING, blocks=2, due_at_ms=NOON), "▰▰▱▱▱ · ready <t:"),
        (Standing(phase=Phase.DRAWING, blocks=4), "▰▰▰▰▱ · ready any moment"),
        (Standing(phase=Phase.DRAWING, blocks=4, is_late=True), "▰▰▰▰▱ · taking longer than usual"),
        (Standing(phase=Phase.FETCHING), "📥 **Fetching**"),
    ],
)
def test_progress_is_told_in_words_and_never_in_percent(standing: Standing, words: str) -> None:
    said = wording.acknowledgement(plain_job(JobStatus.QUEUED), standing, defaults=DEFAULTS)
    assert words in said
    assert "%" not in said


def test_only_what_differs_from_the_defaults_is_acknowledged() -> None:
    standing = Standing(phase=Phase.WAITING, place=0, due_at_ms=NOON)
    job = plain_job(JobStatus.QUEUED)
    assert len(wording.acknowledgement(job, standing, defaults=DEFAULTS).splitlines()) == 2
    other = job.model_copy(update={"request": job.request.replace(width=768, samples=2)})
    said = wording.acknowledgement(other, standing, defaults=DEFAULTS)
    assert said.splitlines()[1] == "-# 768x512 · samples 2"


def test_what_gave_way_is_named() -> None:
    said = wording.acknowledgement(
        plain_job(JobStatus.QUEUED, remarks=(wording.left_out(["scheduler"]),)),
        Standing(phase=Phase.WAITING, place=0, due_at_ms=NOON),
        defaults=DEFAULTS,
    )
    assert "Left out, since your other options rule it out: scheduler" in said
    assert "you are next" in said


@pytest.mark.parametrize(
    ("job", "words"),
    [
        (plain_job(JobStatus.CANCELLED), "not counted"),
        (plain_job(JobStatus.CANCELLED, submitted_at_ms=5), "it counts"),
        (plain_job(JobStatus.DELIVERED, message_id=MessageId(7)), "Done"),
        (plain_job(JobStatus.EXPIRED, message_id=MessageId(7)), "No picture"),
        (plain_job(JobStatus.DELIVERED), "see `/history`"),
    ],
)
def test_a_closed_acknowledgement_says_how_it_ended(job: Job, words: str) -> None:
    assert words in wording.closed_acknowledgement(job)


def test_a_link_leads_to_the_message() -> None:
    job = plain_job(JobStatus.DELIVERED, message_id=MessageId(7))
    assert wording.jump_link(job) == "https://discord.com/channels/10/20/7"
    private = job.model_copy(update={"origin": an_origin(guild_id=0)})  # type: ignore[arg-type]
    assert "/@me/" in wording.jump_link(private)


@pytest.mark.parametrize(
    "words_of", [wording.closed_acknowledgement, lambda job: history_words.entry(job, 1)]
)
def test_a_link_to_a_result_in_a_direct_message_leads_there(words_of: Callable[[Job], str]) -> None:
    job = plain_job(JobStatus.DELIVERED, message_id=MessageId(7), message_channel_id=ChannelId(99))
    assert "(https://discord.com/channels/@me/99/7)" in words_of(job)


def test_the_result_says_the_seed_that_was_used_and_how_many_arrived() -> None:
    job = plain_job(
        JobStatus.READY, used=UsedSettings(seed=0), submitted_at_ms=NOON, ready_at_ms=NOON + 2500
    ).model_copy(update={"request": a_request(samples=3, seed=9)})
    said = wording.result(job, 2, DEFAULTS)
    assert "seed 0 · 2.5 s" in said
    assert "2 of 3 pictures arrived" in said


@pytest.mark.parametrize(
    ("flagged", "words"),
    [(1, "1 picture was flagged"), (2, "2 pictures were flagged")],
)
def test_flagged_pictures_are_counted(flagged: int, words: str) -> None:
    assert words in wording.result(plain_job(JobStatus.READY), 2, DEFAULTS, flagged=flagged)


def test_a_translated_prompts_language_is_named_if_it_is_known() -> None:
    assert "Your prompt is in Slovenian, it seems," in wording.translated(Foreign("sl"))
    assert "Your prompt is not in English," in wording.translated(Foreign(None))


def test_only_options_that_differ_are_named() -> None:
    usual = a_request(samples=1)
    assert wording.differences(usual, DEFAULTS) == ""
    assert wording.summary(usual, DEFAULTS) == "model midjourney · 512x512"
    other = usual.replace(samples=2, panorama=True, guidance_scale=8.0, lora_model=("a", "b"))
    said = wording.differences(other, DEFAULTS)
    for words in ("samples 2", "panorama yes", "guidance_scale 8", "lora_model a,b"):
        assert words in said.split(" · ")


@pytest.mark.usefixtures("_language")
def test_all_problems_together_fit_one_answer() -> None:
    everything = InvalidRequest([Problem(name, rule()) for name, rule in RULES.items()])
    assert len(wording.refusal(everything)) <= wording.MESSAGE_LIMIT


def test_a_moment_that_is_named_is_never_too_early() -> None:
    full = QuotaExceeded(lambda: "No more.", remaining=0, resets_at_ms=NOON + 1)
    assert f"<t:{NOON // 1000 + 1}:R>" in wording.refusal(full)


def test_refusals_say_what_to_change() -> None:
    said = wording.refusal(InvalidRequest([Problem("seed", "must be less")]))
    assert said == "That does not work yet:\n• `seed` must be less"
    full = QuotaExceeded(lambda: "No more.", remaining=0, resets_at_ms=NOON)
    assert wording.refusal(full) == f"No more. You can ask again <t:{NOON // 1000}:R>."
    assert wording.refusal(NotAllowed("Not yours.")) == "Not yours."
