"""What a request costs."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.costs import FREE, Costs
from tests.factories.jobs import a_request

DEAR = Costs(upscale=1, panorama=2, highres=4)


@pytest.mark.parametrize(
    ("options", "surcharge"),
    [
        ({}, 0),
        ({"upscale": 1}, 1),
        ({"upscale": 3}, 1),
        ({"panorama": True}, 2),
        ({"highres_fix": True}, 4),
        ({"upscale": 2, "panorama": True, "highres_fix": True}, 7),
        ({"upscale": 2, "samples": 4}, 4),
        ({"self_attention": True, "num_inference_steps": 51}, 0),
    ],
)
def test_dear_options_cost_for_each_picture(options: dict[str, Any], surcharge: int) -> None:
    assert DEAR.surcharge(a_request(**options)) == surcharge
    assert FREE.surcharge(a_request(**options)) == 0


def test_only_what_costs_is_named() -> None:
    assert Costs(panorama=2).by_option() == {"panorama": 2}
    assert FREE.by_option() == {}
