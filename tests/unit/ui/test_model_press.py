"""Whatever a page of `/models` shows fits its controls' ids, and reads back the same."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.browsing import MAX_SEARCH, Order, Selection, category_key
from bot.domain.catalogue import ModelKind
from bot.ui.links import picture_link
from bot.ui.model_press import TEMPLATE, Act, Press, searchable

SELECTIONS = st.builds(
    Selection,
    kind=st.sampled_from(ModelKind),
    order=st.sampled_from(Order),
    category=st.one_of(st.just(""), st.text().map(category_key)),
    search=st.text(max_size=200).map(searchable),
)


@given(st.builds(Press, st.sampled_from(Act), SELECTIONS, st.integers(0, 999_999)))
def test_a_press_reads_back_as_it_was(press: Press) -> None:
    assert len(press.custom_id) <= 100
    match = re.fullmatch(TEMPLATE, press.custom_id)
    assert match is not None
    assert Press.read(match) == press


@given(st.text(max_size=300))
def test_what_is_searched_for_is_short_and_stays_itself(text: str) -> None:
    wanted = searchable(text)
    assert len(wanted) <= MAX_SEARCH
    assert searchable(wanted) == wanted


def test_another_kind_begins_with_all_its_categories() -> None:
    press = Press(Act.KIND, Selection(category=category_key("sdxl"), search="a fox"))
    assert press.chosen("lora") == Selection(kind=ModelKind.LORA, search="a fox")


@pytest.mark.parametrize(
    "address",
    ["https://example.com/a.png", "http://127.0.0.1:8080/models/a.png", "https://a.b/c?d=e%20f"],
)
def test_addresses_of_pictures_are_shown(address: str) -> None:
    assert picture_link(address) == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "attachment://a.png",
        "data:image/png;base64,AAAA",
        "//example.com/a.png",
        "https://",
        "https:///a.png",
        "https://user:word@example.com/a.png",
        "https://user@example.com/a.png",
        "https://example.com:99999/a.png",
        "https://[::1/a.png",
        "https://exa mple.com/a.png",
        "https://example.com/a\n.png",
        "https://example.com/\u202egnp.png",
        "https://example.com/" + "a" * 600,
    ],
)
def test_anything_else_is_not(address: str | None) -> None:
    assert picture_link(address) is None


@given(st.text(max_size=100))
def test_no_text_breaks_the_look_at_an_address(text: str) -> None:
    assert picture_link(text) in {None, text}
    assert picture_link(f"https://{text}") in {None, f"https://{text}"}
