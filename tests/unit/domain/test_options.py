"""Layers of defaults, and what gives way when they clash."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.endpoint import Endpoint
from bot.domain.options import ComposedRequest, compose_request
from bot.domain.parameters import AlgorithmType, Scheduler
from bot.domain.request import OPTION_OF, GenerationRequest
from bot.errors import InvalidRequest

PROGRAM = {"model_id": "midjourney", "seed": 1}
SOLVER = AlgorithmType.DPM_SOLVER
DPM, LCM, DDIM = Scheduler.DPM_SOLVER_MULTISTEP, Scheduler.LCM, Scheduler.DDIM


def compose(chosen: dict[str, Any], *inherited: dict[str, Any]) -> ComposedRequest:
    return compose_request({"prompt": "a fox", **chosen}, [*inherited, PROGRAM])


def test_the_nearest_layer_wins() -> None:
    own, channel, server = {"samples": 2}, {"samples": 3, "seed": 5}, {"seed": 6, "clip_skip": 4}
    composed = compose({"clip_skip": 1}, own, channel, server)
    request = composed.request
    assert (request.samples, request.seed, request.clip_skip) == (2, 5, 1)
    assert (request.model_id, composed.dropped) == ("midjourney", ())


def test_an_inherited_algorithm_gives_way_to_a_chosen_scheduler_and_is_named() -> None:
    composed = compose({"scheduler": LCM}, {"algorithm_type": SOLVER, "scheduler": DPM})
    assert composed.request.scheduler is LCM
    assert composed.request.algorithm_type is AlgorithmType.NONE
    assert composed.dropped == ("algorithm_type",)


def test_inherited_layers_that_clash_with_each_other_never_refuse_a_request() -> None:
    composed = compose({}, {"scheduler": LCM}, {"algorithm_type": SOLVER, "scheduler": DPM})
    assert composed.request.scheduler is LCM
    assert composed.dropped == ("algorithm_type",)


@pytest.mark.parametrize("algorithm", [SOLVER, "dpmsolver+++"])
def test_a_chosen_algorithm_brings_its_scheduler(algorithm: str) -> None:
    composed = compose({"algorithm_type": algorithm})
    assert composed.request.scheduler is DPM
    assert composed.dropped == ()


def test_a_chosen_algorithm_drops_an_inherited_scheduler_and_names_it() -> None:
    composed = compose({"algorithm_type": SOLVER}, {"scheduler": DDIM})
    assert composed.request.scheduler is DPM
    assert composed.dropped == ("scheduler",)


def test_a_clash_that_the_member_chose_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="algorithm_type: works only"):
        compose({"algorithm_type": SOLVER, "scheduler": LCM}, {"scheduler": DPM})


@pytest.mark.parametrize("loras", [("a",), ("a", "b", "c"), ()])
def test_inherited_strengths_that_do_not_fit_the_chosen_loras_are_dropped_and_named(
    loras: tuple[str, ...],
) -> None:
    composed = compose({"lora_model": loras}, {"lora_model": ("x", "y"), "lora_strength": (1, 2)})
    assert (composed.request.lora_model, composed.request.lora_strength) == (loras, ())
    assert composed.dropped == ("lora_strength",)


def test_inherited_strengths_that_fit_are_kept() -> None:
    composed = compose({"lora_model": ("a", "b")}, {"lora_model": ("x",), "lora_strength": (0.5,)})
    assert composed.request.lora_strength == (0.5,)
    assert composed.dropped == ()


def test_chosen_strengths_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="lora_strength"):
        compose({"lora_strength": (1, 2, 3)}, {"lora_model": ("x", "y")})


def test_chosen_strengths_may_go_with_inherited_loras() -> None:
    composed = compose({"lora_strength": (1, 0.5)}, {"lora_model": ("x", "y")})
    assert composed.request.lora_strength == (1, 0.5)


def test_names_told_are_those_of_the_options() -> None:
    assert set(OPTION_OF) <= set(GenerationRequest.model_fields)


def test_an_inherited_checker_that_is_off_gives_way_to_a_chosen_style() -> None:
    composed = compose({"safety_checker_type": "black"}, {"safety_checker": False})
    assert composed.request.safety_checker
    assert composed.dropped == ("safety_checker",)
    assert not compose({}, {"safety_checker": False}).request.safety_checker


START = {"init_image": "a" * 64, "strength": 0.5}


def test_what_an_endpoint_does_not_take_is_dropped_where_it_is_inherited() -> None:
    own = {"panorama": True, "upscale": 2, "num_inference_steps": 51, "clip_skip": 4}
    request = compose({}, START, own).request
    assert (request.endpoint, request.clip_skip) == (Endpoint.PICTURE, 4)
    assert (request.panorama, request.upscale, request.num_inference_steps) == (False, None, 50)


def test_what_an_endpoint_does_not_take_is_refused_where_it_is_chosen() -> None:
    with pytest.raises(InvalidRequest) as refused:
        compose({"panorama": False, "clip_skip": 4}, START)
    [problem] = refused.value.problems
    assert (problem.option, problem.message) == (
        "panorama",
        "is nothing that `/remix` takes; leave it out",
    )


def test_a_mask_drops_the_algorithm_that_a_picture_alone_would_take() -> None:
    solver = {"algorithm_type": SOLVER, "scheduler": DPM}
    assert compose({}, START, solver).request.algorithm_type is SOLVER
    masked = compose({"mask_image": "b" * 64}, START, solver).request
    assert masked.algorithm_type is AlgorithmType.NONE
