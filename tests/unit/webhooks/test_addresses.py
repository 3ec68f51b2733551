"""The address of a webhook is the only proof that the image API is calling."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import JobId
from bot.webhooks.addresses import WebhookAddresses

ADDRESSES = WebhookAddresses("https://bot.example.org/", "a key")
snowflakes = st.integers(min_value=1, max_value=2**63 - 1).map(JobId)


def parts(address: str) -> tuple[str, str]:
    job_id, token = address.rsplit("/", 2)[1:]
    return job_id, token


@given(snowflakes)
def test_an_address_leads_back_to_its_job(job_id: JobId) -> None:
    address = ADDRESSES.of(job_id)
    assert address.startswith("https://bot.example.org/webhooks/")
    assert ADDRESSES.recognise(*parts(address)) == job_id


@given(snowflakes, snowflakes)
def test_one_jobs_token_opens_no_other_jobs_address(one: JobId, other: JobId) -> None:
    _, token = parts(ADDRESSES.of(one))
    assert (ADDRESSES.recognise(str(other), token) is not None) == (one == other)


@given(snowflakes)
def test_another_key_makes_other_tokens(job_id: JobId) -> None:
    forged = WebhookAddresses("https://bot.example.org", "another key")
    assert ADDRESSES.recognise(*parts(forged.of(job_id))) is None


@given(st.text(), st.text())
def test_nonsense_is_no_address_and_no_error(job_id: str, token: str) -> None:
    assert ADDRESSES.recognise(job_id, token) is None


@given(snowflakes)
def test_a_number_written_otherwise_is_not_the_address(job_id: JobId) -> None:
    _, token = parts(ADDRESSES.of(job_id))
    assert ADDRESSES.recognise(f"0{job_id}", token) is None


@given(snowflakes)
def test_tokens_are_too_long_to_guess(job_id: JobId) -> None:
    _, token = parts(ADDRESSES.of(job_id))
    assert len(token) == 32


def test_a_number_too_long_for_python_is_no_address_and_no_error() -> None:
    assert ADDRESSES.recognise("9" * 5000, "token") is None
