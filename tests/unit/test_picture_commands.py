"""`/remix` and `/inpaint` offer what their endpoints take, within Discord's limits."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.endpoint import NOT_TAKEN, Endpoint
from bot.domain.mask_area import Area
from bot.domain.request import OPTION_OF, GenerationRequest
from bot.ui.source_words import AREAS
from cogs.inpaint import InpaintCog
from cogs.remix import RemixCog

COMMANDS: dict[Endpoint, Any] = {
    Endpoint.PICTURE: RemixCog.remix,
    Endpoint.MASK: InpaintCog.inpaint,
}
OF_THE_GIVEN = {
    Endpoint.PICTURE: {"message", "picture"},
    Endpoint.MASK: {"message", "picture", "area", "percent"},
}


@pytest.mark.parametrize("endpoint", COMMANDS)
def test_every_attribute_of_the_endpoint_is_an_option_and_no_other(endpoint: Endpoint) -> None:
    options = {option.name for option in COMMANDS[endpoint].parameters}
    attributes = set(GenerationRequest.model_fields) - NOT_TAKEN[endpoint]
    if endpoint is Endpoint.PICTURE:
        attributes.discard("mask_image")
    named = {OPTION_OF.get(name, name) for name in attributes}
    assert options == named | OF_THE_GIVEN[endpoint]
    assert len(options) <= 25


@pytest.mark.parametrize("endpoint", COMMANDS)
def test_the_command_fits_discords_limits(endpoint: Endpoint) -> None:
    command = COMMANDS[endpoint]
    assert [option.name for option in command.parameters if option.required] == ["prompt"]
    texts = [command.name, command.description]
    for option in command.parameters:
        assert 0 < len(str(option.description)) <= 100
        texts += [option.name, str(option.description)]
        texts += [text for c in option.choices for text in (c.name, str(c.value))]
    assert sum(map(len, texts)) <= 8000


@pytest.mark.parametrize("endpoint", COMMANDS)
@pytest.mark.parametrize("option", ["model", "size", "lora_model"])
def test_values_are_offered_while_they_are_typed(endpoint: Endpoint, option: str) -> None:
    assert COMMANDS[endpoint].get_parameter(option).autocomplete


def test_every_area_is_an_option_and_has_words() -> None:
    offered = [c.value for c in InpaintCog.inpaint.get_parameter("area").choices]  # pyright: ignore[reportOptionalMemberAccess]
    assert offered == [str(each) for each in Area] == list(AREAS)
