"""What the image service cannot do is refused where it was chosen, and else left out and named."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.abilities import EVERYTHING, Abilities, feasible
from bot.errors import InvalidRequest
from tests.factories.jobs import a_request

LESS = Abilities(lacking=frozenset({"panorama", "embeddings_model"}), upscale=2)


def test_a_service_that_can_do_everything_changes_nothing() -> None:
    request = a_request(panorama=True, upscale=3, embeddings_model="easynegative")

    found = feasible(request, EVERYTHING, chosen={"panorama", "upscale"})

    assert (found.request, found.left_out) == (request, ())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"panorama": True}, "panorama: is not known to this image service; leave it out"),
        ({"embeddings_model": "x"}, "embeddings_model: is not known to this image service"),
        ({"upscale": 3}, "upscale: must be at most 2 at this image service"),
    ],
)
def test_what_was_chosen_and_cannot_be_done_is_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidRequest, match=words):
        feasible(a_request(**options), LESS, chosen=options.keys())


def test_what_was_inherited_is_left_out_and_named() -> None:
    request = a_request(panorama=True, upscale=3, embeddings_model="x", samples=2)

    found = feasible(request, LESS, chosen={"samples"})

    assert found.request == a_request(upscale=2, samples=2)
    assert found.left_out == ("embeddings_model", "panorama", "upscale")


def test_choosing_what_is_usual_anyway_is_no_demand() -> None:
    found = feasible(a_request(panorama=False), LESS, chosen={"panorama"})

    assert (found.request, found.left_out) == (a_request(), ())


def test_what_it_does_not_know_is_known_by_the_options_name() -> None:
    lacking = Abilities(lacking=frozenset({"model_id", "panorama"}))

    assert not lacking.knows("model")
    assert not lacking.knows("panorama")
    assert lacking.knows("steps")


def test_values_are_those_that_it_can_do() -> None:
    assert EVERYTHING.values_of("upscale") == ("1", "2", "3")
    assert LESS.values_of("upscale") == ("1", "2")
    assert LESS.values_of("samples") == ("1", "2", "3", "4")
    assert LESS.values_of("panorama") == ()
    assert LESS.values_of("prompt") == ()
