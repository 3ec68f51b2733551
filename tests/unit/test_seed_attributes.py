"""Everything on the endpoint's page has a home in the bot."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.endpoint import OF_PICTURES
from bot.domain.parameters import MULTI_LINGUAL_LANGUAGES, Scheduler
from bot.domain.request import OPTION_OF, GenerationRequest
from bot.imageapi.mapping import to_body
from cogs.imagine import ImagineCog
from tests.factories.jobs import a_request
from tests.unit.seed_page import ATTRIBUTES, LANGUAGES, SCHEDULERS

SET_BY_THE_BOT = {"key", "webhook", "track_id", "base64", "temp"}

BODY = to_body(a_request(), key="k", track_id="t", webhook="https://w.test")
OPTIONS = {option.name: option for option in ImagineCog.imagine.parameters}


def test_the_page_was_copied_whole() -> None:
    counts = [len(set(each)) for each in (ATTRIBUTES, SCHEDULERS, LANGUAGES)]
    assert counts == [31, 18, 52]


def test_the_body_has_exactly_the_attributes_of_the_page() -> None:
    assert list(BODY) == list(ATTRIBUTES)


@pytest.mark.parametrize("attribute", sorted(set(ATTRIBUTES) - SET_BY_THE_BOT))
def test_a_members_attribute_is_an_option_and_a_field(attribute: str) -> None:
    assert OPTION_OF.get(attribute, attribute) in OPTIONS
    assert attribute in GenerationRequest.model_fields


@pytest.mark.parametrize("attribute", sorted(SET_BY_THE_BOT))
def test_the_bots_own_attributes_are_set_and_not_asked_for(attribute: str) -> None:
    assert BODY[attribute]
    assert attribute not in OPTIONS
    assert attribute not in GenerationRequest.model_fields


def test_there_are_no_other_options_and_no_other_fields() -> None:
    members = set(ATTRIBUTES) - SET_BY_THE_BOT
    assert set(OPTIONS) == {OPTION_OF.get(name, name) for name in members}
    assert set(GenerationRequest.model_fields) == members | OF_PICTURES
    assert len(OPTIONS) == 25


def test_the_command_fits_discords_limits() -> None:
    command: dict[str, Any] = {
        "name": ImagineCog.imagine.name,
        "description": ImagineCog.imagine.description,
    }
    assert [option.name for option in OPTIONS.values() if option.required] == ["prompt"]
    texts = [*command.values()]
    for option in OPTIONS.values():
        assert 0 < len(str(option.description)) <= 100
        texts += [option.name, str(option.description)]
        texts += [text for c in option.choices for text in (c.name, str(c.value))]
    assert sum(map(len, texts)) <= 8000


def test_all_schedulers_are_offered_and_no_other() -> None:
    assert tuple(each.value for each in Scheduler) == SCHEDULERS
    assert tuple(choice.value for choice in OPTIONS["scheduler"].choices) == SCHEDULERS


def test_all_languages_are_known() -> None:
    assert set(MULTI_LINGUAL_LANGUAGES) == set(LANGUAGES)
    assert len(MULTI_LINGUAL_LANGUAGES) == len(LANGUAGES)
