"""Every valid request, for property tests."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from bot.domain.parameters import AlgorithmType, SafetyCheckerType, Scheduler
from bot.domain.request import GenerationRequest, build_request

ids = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_.", min_size=1, max_size=20)
texts = st.text(min_size=1, max_size=80).filter(lambda text: len(text.strip()) > 0)
sides = st.integers(32, 128).map(lambda eighths: eighths * 8)


@st.composite
def requests(draw: st.DrawFn) -> GenerationRequest:
    scheduler = draw(st.sampled_from(list(Scheduler)))
    loras = draw(st.lists(ids, max_size=4, unique=True))
    one_or_each = st.just(1) | st.just(len(loras)) if loras else st.just(0)
    count = draw(st.just(0) | one_or_each)
    values: dict[str, Any] = {
        "prompt": "x" + draw(texts),
        "negative_prompt": draw(st.just("") | texts),
        "model_id": draw(ids),
        "width": draw(sides),
        "height": draw(sides),
        "samples": draw(st.integers(1, 4)),
        "num_inference_steps": draw(st.integers(1, 51)),
        "guidance_scale": draw(st.floats(1, 20)),
        "seed": draw(st.integers(0, 2**32 - 1)),
        "scheduler": scheduler,
        "algorithm_type": draw(
            st.sampled_from(list(AlgorithmType))
            if scheduler is Scheduler.DPM_SOLVER_MULTISTEP
            else st.just(AlgorithmType.NONE)
        ),
        "lora_model": loras,
        "lora_strength": draw(st.lists(st.floats(0, 2), min_size=count, max_size=count)),
        "embeddings_model": draw(st.none() | ids),
        "vae": draw(st.none() | ids),
        "clip_skip": draw(st.integers(1, 8)),
        "upscale": draw(st.none() | st.integers(1, 3)),
        "safety_checker_type": draw(st.sampled_from(list(SafetyCheckerType))),
    }
    for flag in FLAGS:
        values[flag] = draw(st.booleans())
    return build_request(values)


FLAGS = (
    "use_karras_sigmas",
    "enhance_prompt",
    "tomesd",
    "multi_lingual",
    "panorama",
    "self_attention",
    "highres_fix",
    "safety_checker",
)
