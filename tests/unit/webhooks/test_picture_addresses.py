"""An address of a picture is all that is needed to see it, so nobody can make one up."""

from __future__ import annotations

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import JobId
from bot.webhooks.addresses import WebhookAddresses
from bot.webhooks.picture_addresses import PictureAddresses, PicturePlace

ADDRESSES = PictureAddresses("https://bot.example.org", b"a key")
snowflakes = st.integers(1, 2**63 - 1).map(JobId)
positions = st.integers(0, 99)


def token_of(address: str) -> str:
    return address.rpartition("/")[2]


@given(snowflakes, positions)
def test_an_address_leads_back_to_its_picture(job_id: JobId, position: int) -> None:
    address = ADDRESSES.of(job_id, position)
    assert re.fullmatch(r"https://bot\.example\.org/files/[\w-]{44}", address)
    assert ADDRESSES.recognise(token_of(address)) == PicturePlace(job_id, position)


@given(snowflakes, positions, st.integers(0, 32), st.integers(1, 255))
def test_no_other_token_leads_anywhere(job_id: JobId, position: int, at: int, by: int) -> None:
    token = bytearray(base64.urlsafe_b64decode(token_of(ADDRESSES.of(job_id, position))))
    token[at] ^= by
    assert ADDRESSES.recognise(base64.urlsafe_b64encode(token).decode()) is None


@given(snowflakes, positions)
def test_another_key_makes_other_tokens(job_id: JobId, position: int) -> None:
    forged = PictureAddresses("https://bot.example.org", b"another key")
    assert ADDRESSES.recognise(token_of(forged.of(job_id, position))) is None


@given(st.one_of(st.text(), st.binary().map(lambda b: base64.urlsafe_b64encode(b).decode())))
def test_nonsense_is_no_address_and_no_error(token: str) -> None:
    assert ADDRESSES.recognise(token) is None


@pytest.mark.parametrize("token", ["", "..", "../../imagine.db", "%2e%2e%2fimagine.db", "é" * 44])
def test_paths_are_no_addresses(token: str) -> None:
    assert ADDRESSES.recognise(token) is None


def test_the_addresses_of_webhooks_and_pictures_share_no_token() -> None:
    webhooks = WebhookAddresses("https://bot.example.org/", "a key")
    assert webhooks.pictures.of(JobId(5), 0) == ADDRESSES.of(JobId(5), 0)
    token = token_of(webhooks.of(JobId(5)))
    assert ADDRESSES.recognise(token) is None
    assert token not in ADDRESSES.of(JobId(5), 0)


@given(snowflakes, positions)
def test_addresses_of_results_and_of_what_jobs_start_from_are_not_taken_for_each_other(
    job_id: JobId, position: int
) -> None:
    addresses = WebhookAddresses("https://bot.example.org", "a key")
    result = token_of(addresses.pictures.of(job_id, position))
    source = token_of(addresses.sources.of(job_id, position))
    assert addresses.sources.recognise(source) == PicturePlace(job_id, position)
    assert addresses.sources.recognise(result) is None
    assert addresses.pictures.recognise(source) is None
