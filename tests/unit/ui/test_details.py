"""Details name everything, and their line asks for the same request again."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.ids import MessageId
from bot.domain.job import Job
from bot.domain.option_texts import attributes_of
from bot.domain.options import compose_request
from bot.domain.outcome import UsedSettings
from bot.domain.parameters import AlgorithmType, SafetyCheckerType, Scheduler
from bot.domain.request import OPTION_OF, GenerationRequest, salvage_request
from bot.domain.reuse import as_drawn
from bot.errors import InvalidRequest
from bot.speech import _, speaking
from bot.translations import learn_all
from bot.ui.button_words import EDIT
from bot.ui.details import details
from bot.ui.imagine_line import OPTIONS, imagine_line
from bot.ui.wording import MESSAGE_LIMIT
from tests.factories.jobs import a_job, a_request, an_origin
from tests.fakes.clock import NOON

USUAL = a_request(prompt="-", seed=0)
OPTION = re.compile(rf"(?:^|\s)({'|'.join(OPTIONS)}):", re.IGNORECASE)

ids = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(
    lambda text: not re.search(r"[\s,]", text)
)
texts = st.text(max_size=60)
attributes = st.fixed_dictionaries(
    {"prompt": texts, "seed": st.integers(0, 2**32 - 1), "model_id": ids},
    optional={
        "negative_prompt": texts,
        "width": st.integers(32, 128).map(lambda n: n * 8),
        "height": st.integers(32, 128).map(lambda n: n * 8),
        "samples": st.integers(1, 4),
        "num_inference_steps": st.sampled_from([21, 31, 41, 51]),
        "guidance_scale": st.floats(1, 20),
        "scheduler": st.sampled_from(Scheduler),
        "algorithm_type": st.sampled_from(AlgorithmType),
        "lora_model": st.lists(ids, min_size=1, max_size=3).map(tuple),
        "lora_strength": st.lists(st.floats(0, 2), min_size=1, max_size=3).map(tuple),
        "embeddings_model": ids,
        "vae": ids,
        "clip_skip": st.integers(1, 8),
        "enhance_prompt": st.booleans(),
        "tomesd": st.booleans(),
        "panorama": st.booleans(),
        "use_karras_sigmas": st.booleans(),
        "upscale": st.integers(1, 3),
        "safety_checker": st.booleans(),
        "safety_checker_type": st.sampled_from(SafetyCheckerType),
    },
)


def typed(line: str) -> dict[str, Any]:
    """Read a line as Discord does: a value goes up to the next option."""
    command, _, rest = line.partition(" ")
    assert command == "/imagine"
    found = list(OPTION.finditer(rest))
    ends = [match.start() for match in found[1:]] + [len(rest)]
    values: dict[str, Any] = {
        match[1]: rest[match.end() : end] for match, end in zip(found, ends, strict=True)
    }
    assert len(values) == len(found)
    numbers = {"seed": int, "samples": int, "steps": int, "clip_skip": int, "upscale": int}
    numbers["guidance_scale"] = float  # type: ignore[assignment]
    return {name: numbers.get(name, str)(value) for name, value in values.items()}


def sent(line: str, usual: GenerationRequest) -> GenerationRequest:
    """Return the request that a line makes where these defaults hold."""
    return compose_request(attributes_of(typed(line)), [usual.model_dump()]).request


@given(attributes)
def test_the_line_makes_the_same_request(values: dict[str, Any]):
    request = salvage_request(values)
    line = imagine_line(request, USUAL)
    assume(not line.ambiguous)

    assert line.unsaid == ()
    assert sent(line.text, USUAL) == request


@given(attributes, attributes)
def test_the_line_makes_the_same_request_whatever_the_defaults_are(
    values: dict[str, Any], usual_values: dict[str, Any]
):
    request, usual = salvage_request(values), salvage_request(usual_values)
    line = imagine_line(request, usual)
    assume(not line.ambiguous)

    unsaid = {name for name in request.model_dump() if OPTION_OF.get(name, name) in line.unsaid}
    made = sent(line.text, usual)
    assert made.model_dump(exclude=unsaid) == request.model_dump(exclude=unsaid)


def test_the_line_names_what_differs_and_always_prompt_and_seed():
    line = imagine_line(a_request(width=768, lora_model=("a", "b"), guidance_scale=8.0), USUAL)
    assert line.text == "/imagine prompt:a fox size:768x512 guidance_scale:8 seed:7 lora_model:a,b"


@pytest.mark.parametrize(
    ("request_", "usual", "unsaid"),
    [
        (a_request(num_inference_steps=30), USUAL, ("steps",)),
        (a_request(), a_request(negative_prompt="fog"), ("negative_prompt",)),
        (a_request(), a_request(upscale=2, vae="v"), ("vae", "upscale")),
    ],
)
def test_what_the_command_does_not_offer_is_named(
    request_: GenerationRequest, usual: GenerationRequest, unsaid: tuple[str, ...]
):
    line = imagine_line(request_, usual)
    assert line.unsaid == unsaid
    assert not any(f"{option}:" in line.text for option in unsaid)


def test_a_prompt_that_seems_to_name_an_option_is_pointed_out():
    job = a_job(prompt="a size:huge fox, Seed:5")
    assert imagine_line(job.request, USUAL).ambiguous == ("size", "Seed")
    assert "has “size:” in it" in details(job, USUAL).text
    assert imagine_line(a_request(prompt="resize:4, no seed : 5"), USUAL).ambiguous == ()


def told(job: Job) -> str:
    found = details(job, USUAL)
    assert found.file is None
    return found.text


def test_a_message_with_everything_ends_in_the_line_to_copy():
    used = UsedSettings(prompt="a fox, 8k", seed=99, steps=20, negative_prompt="blurry")
    job = a_job(used=used, samples=2).model_copy(
        update={
            "submitted_at_ms": NOON + 1500,
            "ready_at_ms": NOON + 4000,
            "surcharge": 1,
            "message_id": MessageId(5),
        }
    )
    text = told(job)

    assert text.endswith("```\n/imagine prompt:a fox samples:2 seed:99\n```")
    for part in (
        "**Prompt** a fox\n",
        "seed `7`",
        "**The service used** steps 20, seed 99",
        "**Its prompt** a fox, 8k",
        "**Its negative prompt** blurry",
        "waited 1.5 s · drawn in 2.5 s · cost 3 images · [show](https://discord.com/channels/10/20/5)",
        "one seed for all 2 pictures",
    ):
        assert part in text


def test_how_long_the_service_took_is_told_as_anybody_would_tell_it():
    job = a_job(used=UsedSettings(seed=99, generation_seconds=2.0147436))
    assert "generation_seconds 2.01" in told(job)
    assert "2.014" not in told(job)


@pytest.mark.parametrize(
    "prompt", ["x" * 2000, "a ``` fence", "`" * 500, "*_~|`[]<@>#\\" * 150, "🦊" * 2000]
)
def test_what_a_message_cannot_hold_is_whole_in_a_file(prompt: str):
    job = a_job(
        prompt=prompt, negative_prompt="fog", used=UsedSettings(prompt=f"{prompt}!", seed=3)
    )
    found = details(job, USUAL)

    assert len(found.text) <= MESSAGE_LIMIT
    assert found.file is not None
    assert f"Prompt: {job.request.prompt}\n" in found.file
    assert f"prompt: {prompt}!\n" in found.file
    line = found.file.rstrip("\n").rpartition("\n")[2]
    assert sent(line, USUAL) == as_drawn(job)


@given(st.text(min_size=1), st.text(), st.text())
def test_whatever_was_typed_fits_and_leaves_the_block_whole(prompt: str, negative: str, used: str):
    try:
        job = a_job(prompt=prompt, negative_prompt=negative, used=UsedSettings(prompt=used, seed=1))
    except InvalidRequest:
        assume(False)
        raise
    found = details(job, USUAL)
    assert len(found.text) <= MESSAGE_LIMIT
    if found.file is None:
        assert found.text.count("```") == 2
        block = found.text.split("```")[1].strip("\n")
        assert block == imagine_line(as_drawn(job), USUAL).text


def test_a_button_is_named_as_it_stands_below_the_picture() -> None:
    learn_all()
    origin = an_origin().model_copy(update={"locale": "es-ES"})
    job = a_job(num_inference_steps=30).model_copy(update={"origin": origin})
    with speaking("es-ES"):
        there = _(EDIT)
    with speaking("de"):
        text = details(job, USUAL).text
        assert there in text
        assert _(EDIT) not in text
