"""What is written of a request is read again as the same request; of others, what we can use."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalogue import ModelKind
from bot.domain.endpoint import OF_PICTURES
from bot.domain.found import Change, Found, Raw, Source, adapt
from bot.domain.infotext import PROMPT, infotext_of, parse_infotext
from bot.domain.inscription import inscription_of, read_texts
from bot.domain.job import JobStatus
from bot.domain.outcome import UsedSettings
from bot.domain.parameters import AlgorithmType, SafetyCheckerType, Scheduler
from bot.domain.request import GenerationRequest, build_request, clean_text
from bot.domain.samplers import sampling_of
from tests.factories.foreign import GRAPH, INFOTEXT, WORKFLOW
from tests.factories.jobs import a_job, a_request

IN_CATALOGUE = {"dreamshaper_8": "dreamshaper-v8", "v1-5": "sd-1.5", "epi_noise": "epi-noise"}


def known(_kind: ModelKind, name: str) -> str | None:
    return IN_CATALOGUE.get(name, name if name.startswith("ours-") else None)


def nothing_known(_kind: ModelKind, _name: str) -> str | None:
    return None


def found_in(**texts: str) -> Found:
    raw = read_texts(texts)
    assert raw is not None
    return adapt(raw, known)


def texts(most: int) -> st.SearchStrategy[str]:
    return st.text(max_size=most).map(clean_text)


ids = st.from_regex(r"ours-[a-z0-9._-]{1,20}", fullmatch=True)
sides = st.integers(32, 128).map(lambda n: n * 8)
loras = st.lists(st.tuples(ids, st.floats(0, 2).map(lambda n: round(n, 3))), max_size=8)


@st.composite
def requests(draw: st.DrawFn) -> GenerationRequest:
    scheduler = draw(st.sampled_from(Scheduler))
    variants = list(AlgorithmType) if scheduler is Scheduler.DPM_SOLVER_MULTISTEP else ["none"]
    chosen = dict(draw(loras))
    flags = ("enhance_prompt", "tomesd", "multi_lingual", "panorama", "self_attention")
    return build_request(
        {
            "prompt": draw(texts(400).filter(bool)),
            "negative_prompt": draw(texts(400)),
            "model_id": draw(ids),
            "width": draw(sides),
            "height": draw(sides),
            "samples": draw(st.integers(1, 4)),
            "num_inference_steps": draw(st.integers(1, 51)),
            "guidance_scale": draw(st.floats(1, 20)),
            "seed": draw(st.integers(0, 2**32 - 1)),
            "scheduler": scheduler,
            "algorithm_type": draw(st.sampled_from(variants)),
            "use_karras_sigmas": draw(st.booleans()),
            "lora_model": tuple(chosen),
            "lora_strength": tuple(chosen.values()),
            "vae": draw(st.none() | ids),
            "clip_skip": draw(st.integers(1, 8)),
            "upscale": draw(st.sampled_from([None, 1, 2, 3])),
            **{name: draw(st.booleans()) for name in flags},
        }
    )


@given(requests())
def test_our_own_record_brings_back_the_whole_request(request: GenerationRequest):
    job = a_job().model_copy(update={"request": request})
    found = found_in(imagine=inscription_of(job, 0).record, parameters="something else")
    assert found.source is Source.OURS
    assert found.changes == ()
    assert build_request(found.attributes) == request


IN_INFOTEXT = (
    *("negative_prompt", "model_id", "width", "height", "num_inference_steps", "guidance_scale"),
    *("seed", "scheduler", "algorithm_type", "use_karras_sigmas", "clip_skip", "lora_model"),
    "lora_strength",
)


@given(requests())
def test_the_text_for_other_tools_brings_back_what_they_know(request: GenerationRequest):
    infotext = infotext_of(request)
    if request.prompt.startswith("Negative prompt:"):
        return  # no reader of this format can tell that from a prompt left empty
    found = found_in(parameters=infotext)
    again = build_request({"model_id": "lost", **found.attributes})
    for name in IN_INFOTEXT:
        assert getattr(again, name) == getattr(request, name), name
    assert again.prompt == " ".join(request.prompt.split())


def test_the_record_has_the_apis_names_and_a_version():
    job = a_job(prompt="an owl", lora_model=("one", "two"), upscale=2)
    record = json.loads(inscription_of(job, 0).record)
    assert record["version"] == 1
    assert record["request"].keys() == GenerationRequest.model_fields.keys() - OF_PICTURES
    assert record["request"]["lora_model"] == ["one", "two"]


FROM_A_PICTURE = {"init_image": "a" * 64, "mask_image": "b" * 64, "strength": 0.05}


def test_what_it_was_drawn_from_is_neither_told_nor_believed():
    """Whoever knows the digest of another member's upload could have it drawn nearly as it is."""
    job = a_job().model_copy(update={"request": a_request(**FROM_A_PICTURE)})
    record = inscription_of(job, 0).record
    assert not {"a" * 64, "b" * 64} & set(record.split('"'))
    forged = json.dumps({"request": {"prompt": "fox", **FROM_A_PICTURE}})
    assert found_in(imagine=forged).attributes == {"prompt": "fox"}


def test_a_text_of_megabytes_is_not_looked_at_to_its_end():
    endless = "<lora:a>" * 300_000
    record = json.dumps({"request": {"prompt": "fox", "negative_prompt": endless}})
    assert read_texts({"imagine": record}) is None
    found = adapt(Raw(Source.COMFY, {PROMPT: f"fox {endless}", "Size": endless}), known)
    assert found.attributes["prompt"].startswith("fox")
    assert max(len(change.was) for change in found.changes) <= 300


def test_the_seed_is_the_one_the_api_used():
    words = inscription_of(a_job(seed=1, used=UsedSettings(seed=99)), 0)
    assert "Seed: 99," in words.infotext
    assert json.loads(words.record)["request"]["seed"] == 99


def test_one_of_several_pictures_says_which_it_is():
    assert "Batch size: 3, Batch pos: 2, " in inscription_of(a_job(samples=3), 2).infotext


def test_how_strict_the_safety_checker_is_is_never_taken_from_a_file():
    request = a_request(safety_checker=False, safety_checker_type=SafetyCheckerType.BLUR)
    job = a_job(status=JobStatus.DELIVERED).model_copy(update={"request": request})
    found = found_in(imagine=inscription_of(job, 0).record)
    assert not [name for name in found.attributes if name.startswith("safety")]


@pytest.mark.parametrize(
    "record",
    [
        '{"version": 1, "request": {"prompt": "fox", "seed": "no", "width": 9999, "key": "x"}}',
        '{"request": {"prompt": "fox", "seed": -1, "lora_strength": [1], "samples": [[[]]]}}',
        '{"request": {"prompt": "fox", "algorithm_type": "dpmsolver+++", "user_id": 5}}',
    ],
)
def test_of_a_forged_record_only_what_is_valid_is_taken(record: str):
    assert found_in(imagine=record).attributes == {"prompt": "fox"}


def test_a_text_of_the_web_ui_is_brought_within_our_options():
    found = found_in(parameters=INFOTEXT)
    assert found.source is Source.WEBUI
    assert found.attributes == {
        "prompt": "masterpiece, ((a red fox)), by a lake",
        "negative_prompt": "blurry, (deformed:1.2) text",
        "lora_model": ("epi-noise",),
        "lora_strength": (0.8,),
        "num_inference_steps": 51,
        "guidance_scale": 6.5,
        "clip_skip": 2,
        "seed": 965400086,
        "width": 1024,
        "height": 680,
        "scheduler": Scheduler.DPM_SOLVER_MULTISTEP,
        "algorithm_type": AlgorithmType.DPM_SOLVER,
        "use_karras_sigmas": True,
        "model_id": "dreamshaper-v8",
    }
    assert found.changes == (
        Change("steps", "60", "51"),
        Change("size", "1536x1024", "1024x680"),
        Change("Denoising strength", "0.4"),
        Change("Hires upscaler", "4x, Ultra: sharp"),
    )


def test_what_the_api_does_not_have_is_left_out_and_named():
    raw = read_texts({"parameters": INFOTEXT.replace("DPM++ 2M SDE Karras", "Restart")})
    assert raw is not None
    found = adapt(raw, nothing_known)
    assert {"model_id", "lora_model", "scheduler"}.isdisjoint(found.attributes)
    for change in (
        Change("lora_model", "epi_noise"),
        Change("scheduler", "Restart"),
        Change("model", "dreamshaper_8"),
    ):
        assert change in found.changes


def test_a_text_without_its_values_is_a_prompt_like_any_other():
    assert parse_infotext("a fox\nNegative prompt: fog") is None
    assert parse_infotext("") is None


def test_lines_that_other_tools_add_behind_the_values_do_no_harm():
    values = parse_infotext(f"{INFOTEXT}\nTemplate: a {{red|blue}} fox, Negative Template: blurry")
    assert values is not None
    assert values["Steps"] == "60"
    assert values["Model"] == "dreamshaper_8"


@pytest.mark.parametrize(
    ("name", "schedule", "scheduler", "karras", "exact"),
    [
        ("Euler a", "", Scheduler.EULER_ANCESTRAL_DISCRETE, False, True),
        ("DPM++ 2M Karras", "", Scheduler.DPM_SOLVER_MULTISTEP, True, True),
        ("DPM++ 2M", "Karras", Scheduler.DPM_SOLVER_MULTISTEP, True, True),
        ("DPM++ 2M", "Automatic", Scheduler.DPM_SOLVER_MULTISTEP, True, True),
        ("Euler", "Automatic", Scheduler.EULER_DISCRETE, False, True),
        ("DPM++ SDE", "", Scheduler.DPM_SOLVER_SINGLESTEP, False, True),
        ("DPM++ 2S a", "", Scheduler.DPM_SOLVER_MULTISTEP, False, False),
        ("PLMS", "", Scheduler.PNDM, False, True),
        ("euler_ancestral", "normal", Scheduler.EULER_ANCESTRAL_DISCRETE, False, True),
        ("dpmpp_2m_sde_gpu", "karras", Scheduler.DPM_SOLVER_MULTISTEP, True, True),
        ("dpmpp_sde_gpu", "normal", Scheduler.DPM_SOLVER_SINGLESTEP, False, True),
        ("uni_pc", "simple", Scheduler.UNI_PC_MULTISTEP, False, True),
        ("DEISMultistepScheduler", "Uniform", Scheduler.DEIS_MULTISTEP, False, True),
    ],
)
def test_samplers_are_known_by_the_names_that_tools_give_them(
    name: str, schedule: str, scheduler: Scheduler, karras: bool, exact: bool
):
    nearest = sampling_of(name, schedule)
    assert nearest is not None
    assert (nearest[0].scheduler, nearest[0].exact, nearest[1]) == (scheduler, exact, karras)


def test_a_sampler_nobody_here_is_like_is_not_guessed():
    assert sampling_of("DPM adaptive") is None


GRAPH_FOUND: dict[str, Any] = {
    "prompt": "a glass bottle",
    "negative_prompt": "watermark",
    "num_inference_steps": 20,
    "guidance_scale": 8.0,
    "width": 512,
    "height": 768,
    "model_id": "sd-1.5",
}


def test_a_graph_of_comfyui_is_read_from_its_sampler_backwards():
    found = found_in(prompt=json.dumps(GRAPH), workflow=json.dumps(WORKFLOW))
    assert found.source is Source.COMFY
    assert found.attributes == GRAPH_FOUND | {
        "scheduler": Scheduler.DPM_SOLVER_MULTISTEP,
        "use_karras_sigmas": True,
    }
    assert found.changes == (Change("seed", "156680208700286"),)


def test_the_drawing_of_a_graph_serves_where_the_graph_is_missing():
    assert found_in(workflow=json.dumps(WORKFLOW)).attributes == GRAPH_FOUND | {
        "seed": 42,
        "scheduler": Scheduler.EULER_DISCRETE,
        "use_karras_sigmas": False,
    }


def node(kind: str, **inputs: Any) -> dict[str, Any]:
    return {"class_type": kind, "inputs": inputs}


def test_a_graph_is_understood_through_the_nodes_between():
    graph: dict[str, Any] = {
        **GRAPH,
        "3": node("KSampler", **GRAPH["3"]["inputs"] | {"positive": ["20", 0]})
        | {"_meta": {"title": "x"}},
        "20": node("ControlNetApplyAdvanced", positive=["21", 0], negative=["7", 0], strength=1),
        "21": node("ConditioningConcat", conditioning_to=["22", 0], conditioning_from=["7", 0]),
        "22": node("CLIPTextEncode", text=["23", 0], clip=["24", 0]),
        "23": node("PrimitiveString", value="from elsewhere"),
        "24": node("CLIPSetLastLayer", stop_at_clip_layer=-2, clip=["25", 1]),
        "25": node("LoraLoader", lora_name="epi_noise.safetensors", strength_model=0.5),
    }
    graph["3"]["inputs"]["negative"] = ["20", 1]
    graph["3"]["inputs"]["model"] = ["26", 0]
    graph["26"] = node("LoraLoader", lora_name="x\\ours-b.pt", strength_model=3, model=["4", 0])
    attributes = found_in(prompt=json.dumps(graph)).attributes
    assert attributes["prompt"] == "from elsewhere"
    assert attributes["negative_prompt"] == "watermark"
    assert attributes["clip_skip"] == 2
    assert set(zip(attributes["lora_model"], attributes["lora_strength"], strict=True)) == {
        ("epi-noise", 0.5),
        ("ours-b", 2.0),
    }
    assert attributes["model_id"] == "sd-1.5"


def test_of_two_passes_the_first_one_counts():
    first = node("KSampler", **GRAPH["3"]["inputs"])
    second = node("KSampler", **GRAPH["3"]["inputs"] | {"steps": 9, "latent_image": ["3", 0]})
    graph = {"1": second, **GRAPH, "3": first}
    assert found_in(prompt=json.dumps(graph)).attributes["num_inference_steps"] == 20


def test_newer_graphs_have_their_sampler_in_several_nodes():
    graph = {
        "1": node(
            "SamplerCustomAdvanced",
            noise=["2", 0],
            guider=["3", 0],
            sampler=["4", 0],
            sigmas=["5", 0],
            latent_image=["6", 0],
        ),
        "2": node("RandomNoise", noise_seed=77),
        "3": node("CFGGuider", cfg=4.5, positive=["7", 0], negative=["8", 0], model=["9", 0]),
        "4": node("KSamplerSelect", sampler_name="euler"),
        "5": node("BasicScheduler", scheduler="simple", steps=25, denoise=1.0, model=["9", 0]),
        "6": node("EmptySD3LatentImage", width=1024, height=1024),
        "7": node("CLIPTextEncode", text="a fox"),
        "8": node("CLIPTextEncode", text=""),
        "9": node("UNETLoader", unet_name="flux.safetensors"),
    }
    found = found_in(prompt=json.dumps(graph))
    assert found.attributes == {
        "prompt": "a fox",
        "seed": 77,
        "num_inference_steps": 25,
        "guidance_scale": 4.5,
        "width": 1024,
        "height": 1024,
        "scheduler": Scheduler.EULER_DISCRETE,
        "use_karras_sigmas": False,
    }
    assert found.changes == (Change("model", "flux.safetensors"),)


DEEP = "[" * 100_000 + "]" * 100_000
CIRCLE = {"1": node("KSampler", latent_image=["1", 0], positive=["1", 0], negative=["1", 0])}


@pytest.mark.parametrize("key", ["prompt", "workflow", "imagine"])
@pytest.mark.parametrize(
    "text",
    [DEEP, f'{{"request": {DEEP}}}', "{", "[1]", "null", "9" * 5000, '{"nodes": [1, [], {}]}'],
)
def test_json_that_is_none_or_not_ours_says_nothing(key: str, text: str):
    assert read_texts({key: text}) is None


def test_a_graph_that_leads_in_a_circle_comes_to_an_end():
    raw = read_texts({"prompt": json.dumps(CIRCLE)})
    assert raw is not None
    assert adapt(raw, known).attributes == {}


names = st.sampled_from(
    ["inputs", "positive", "latent_image", "text", "seed", "nodes", "links", "request", "prompt"]
)
json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=5,
)
graphs = st.dictionaries(names, st.dictionaries(names, json_values, max_size=3), max_size=3)


@given(graphs, st.sampled_from(["prompt", "workflow", "imagine"]))
def test_no_json_breaks_the_reading(value: dict[str, Any], key: str):
    raw = read_texts({key: json.dumps(value)})
    if raw is not None:
        adapt(raw, known)


@given(st.text(max_size=300), st.sampled_from(["", "Steps: ", INFOTEXT]), st.text(max_size=300))
def test_no_text_breaks_the_reading(before: str, middle: str, after: str):
    raw = read_texts({"parameters": before + middle + after})
    if raw is not None:
        adapted = adapt(raw, known)
        build_request({"prompt": "-", "model_id": "m", "seed": 1, **adapted.attributes})
