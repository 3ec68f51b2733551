"""Which request a button makes out of a finished picture's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.job import Picture
from bot.domain.outcome import UsedSettings
from bot.domain.request import MAX_SEED
from bot.domain.reuse import (
    WHOLE_SET,
    as_drawn,
    can_enlarge,
    enlargement,
    slight_change,
    variation,
)
from bot.domain.start import Start
from tests.factories.jobs import a_job

seeds, numbers = st.integers(0, MAX_SEED), st.integers(1, 4)


def test_the_seed_that_counts_is_the_one_the_api_used():
    assert as_drawn(a_job(seed=7)).seed == 7
    assert as_drawn(a_job(seed=7, used=UsedSettings(seed=None))).seed == 7
    assert as_drawn(a_job(seed=7, used=UsedSettings(seed=9))).seed == 9
    assert as_drawn(a_job(seed=7, used=UsedSettings(seed=2**40))).seed == 7
    assert as_drawn(a_job(seed=7, used=UsedSettings(seed=-1))).seed == 7


@given(seeds, numbers)
def test_variations_are_requests_and_none_is_a_picture_of_the_set(seed: int, samples: int):
    job = a_job(samples=samples, seed=seed)
    taken = {(seed + n) % (MAX_SEED + 1) for n in range(samples)}
    alone = [variation(job, number) for number in range(1, samples + 1)]

    varied = {job.request.replace(**changes).seed for changes in alone}
    assert len(varied) == samples
    assert not varied & taken
    assert all(changes["samples"] == 1 for changes in alone)
    assert variation(job, WHOLE_SET) == {"seed": (seed + samples) % (MAX_SEED + 1)}


@given(seeds, numbers)
def test_an_enlarged_picture_of_a_set_has_its_place_in_the_seeds(seed: int, number: int):
    job = a_job(samples=4, seed=0, used=UsedSettings(seed=seed))
    assert enlargement(job, 2, number) == {
        "upscale": 2,
        "samples": 1,
        "seed": (seed + number - 1) % (MAX_SEED + 1),
    }
    assert enlargement(job, 3, WHOLE_SET) == {"upscale": 3}


def test_only_larger_is_larger():
    assert [can_enlarge(a_job(upscale=up), 2) for up in (None, 1, 2, 3)] == [
        True,
        True,
        False,
        False,
    ]
    assert [can_enlarge(a_job(upscale=up), 3) for up in (2, 3)] == [True, False]


def test_what_starts_from_a_picture_cannot_be_enlarged():
    assert not can_enlarge(a_job(init_image="a" * 64, strength=0.5), 2)


def test_a_slight_change_is_one_picture_of_the_same_words():
    start = Start(
        Picture(
            position=0, sha256="a" * 64, media_type="image/png", width=640, height=512, size_bytes=1
        )
    )
    job = a_job(samples=3, mask_image="c" * 64, init_image="b" * 64, strength=0.9)
    varied = job.request.replace(**slight_change(start, 5))
    assert (varied.init_image, varied.mask_image, varied.strength) == ("a" * 64, None, 0.3)
    assert (varied.samples, varied.seed, varied.size) == (1, 5, (640, 512))
