"""What is left of a request that an older program or a bad disk spoilt."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.request import GenerationRequest, salvage_request
from tests.factories.jobs import a_request

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


def test_what_still_makes_sense_is_kept() -> None:
    values = a_request(samples=3, scheduler="DDIMScheduler").model_dump()
    salvaged = salvage_request({**values, "samples": 99, "unheard_of": 1})
    assert salvaged.prompt == "a fox"
    assert salvaged.scheduler == "DDIMScheduler"
    assert salvaged.samples == 1


@given(st.dictionaries(st.sampled_from(sorted(GenerationRequest.model_fields)), anything))
def test_anything_at_all_gives_a_request(values: dict[str, Any]) -> None:
    assert isinstance(salvage_request(values), GenerationRequest)
