"""What can be a default, and what of it is refused."""

from __future__ import annotations

import pytest

from bot.domain.request_defaults import DEFAULTABLE, OWN_DEFAULTABLE, checked_defaults
from bot.errors import InvalidRequest


def test_what_is_a_pictures_own_has_no_default() -> None:
    for name in ("prompt", "seed", "safety_checker", "safety_checker_type", "track_id"):
        assert name not in DEFAULTABLE
        with pytest.raises(InvalidRequest, match="not an option that can have a default"):
            checked_defaults({name: "1"})


def test_each_default_is_judged_by_itself() -> None:
    given = {"algorithm_type": "dpmsolver+++", "lora_strength": [0.5, 1], "samples": "3"}
    assert checked_defaults(given) == {
        "algorithm_type": "dpmsolver+++",
        "lora_strength": (0.5, 1.0),
        "samples": 3,
    }


def test_every_problem_is_named() -> None:
    with pytest.raises(InvalidRequest) as caught:
        checked_defaults({"samples": 5, "num_inference_steps": 0, "panorama": "perhaps", "x": 1})
    assert [each.option for each in caught.value.problems] == ["samples", "steps", "panorama", "x"]


def test_a_member_can_have_one_for_everything_but_the_prompt() -> None:
    given = {"seed": "7", "safety_checker": "no", "safety_checker_type": "black"}
    assert checked_defaults(given, OWN_DEFAULTABLE) == {
        "seed": 7,
        "safety_checker": False,
        "safety_checker_type": "black",
    }
    with pytest.raises(InvalidRequest, match="not an option that can have a default"):
        checked_defaults({"prompt": "a fox"}, OWN_DEFAULTABLE)
